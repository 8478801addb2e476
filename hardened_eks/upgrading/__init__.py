"""Plans for Kubernetes upgrades, from templates, manifests and responses of EKS."""

from hardened_eks.upgrading.facts import Cluster, Estate, Insight, NodeGroup, UsedApi, gather
from hardened_eks.upgrading.model import Finding, Level, Plan, Step
from hardened_eks.upgrading.planning import plan

__all__ = ["Cluster", "Estate", "Finding", "Insight", "Level", "NodeGroup", "Plan", "Step", "UsedApi", "gather", "plan"]
