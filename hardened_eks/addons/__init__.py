"""Controllers that call AWS, each created by one line: a role limited to this cluster, endpoints, chart or add-on.

hardened.addons.LoadBalancerController(cluster)
hardened.addons.ExternalDns(cluster, zones=[zone])
"""

from typing import TYPE_CHECKING

from hardened_eks._lazy import importer
from hardened_eks.addons._addon import Addon as Addon  # public as hardened_eks.Addon
from hardened_eks.addons._options import AFTER_NODES as AFTER_NODES
from hardened_eks.addons._options import BEFORE_NODES as BEFORE_NODES
from hardened_eks.addons._options import AddonOptions as AddonOptions  # public as hardened_eks.AddonOptions

if TYPE_CHECKING:
    from hardened_eks.addons._adot import AdotCollector
    from hardened_eks.addons._argo_cd import ArgoCd
    from hardened_eks.addons._autoscaler import ClusterAutoscaler
    from hardened_eks.addons._dns import CertManager, ExternalDns
    from hardened_eks.addons._fluent_bit import FluentBit
    from hardened_eks.addons._fsx import FsxCsiDriver
    from hardened_eks.addons._load_balancers import LoadBalancerController
    from hardened_eks.addons._secrets import ExternalSecrets

_HOMES = {
    "AdotCollector": "_adot",
    "ArgoCd": "_argo_cd",
    "CertManager": "_dns",
    "ClusterAutoscaler": "_autoscaler",
    "ExternalDns": "_dns",
    "ExternalSecrets": "_secrets",
    "FluentBit": "_fluent_bit",
    "FsxCsiDriver": "_fsx",
    "LoadBalancerController": "_load_balancers",
}

__all__ = [
    "AdotCollector",
    "ArgoCd",
    "CertManager",
    "ClusterAutoscaler",
    "ExternalDns",
    "ExternalSecrets",
    "FluentBit",
    "FsxCsiDriver",
    "LoadBalancerController",
]

__getattr__ = importer(__name__, _HOMES)
