"""The network: subnets without internet access, VPC endpoints with policies, flow logs."""

from hardened_eks.network._adopted import adoption_problems
from hardened_eks.network._dns_settings import Dns, DnsMode
from hardened_eks.network._network import Network
from hardened_eks.network._settings import Egress, EncryptionControl

__all__ = ["Dns", "DnsMode", "Egress", "EncryptionControl", "Network", "adoption_problems"]
