"""AWS::EKS: every type whole, answered by ministack's own EKS API from the records made here."""

from tests.emulator.handlers.eks.access import AccessEntry, IdentityProviderConfig, PodIdentityAssociation
from tests.emulator.handlers.eks.addon import Addon
from tests.emulator.handlers.eks.cluster import Cluster
from tests.emulator.handlers.eks.nodegroup import Nodegroup

TYPES = (Cluster(), Nodegroup(), Addon(), AccessEntry(), PodIdentityAssociation(), IdentityProviderConfig())
