"""EKS add-ons: which, in which order, with which identity."""

from hardened_eks.addons._addon import Addon
from hardened_eks.addons._options import AFTER_NODES, BEFORE_NODES, AddonOptions

__all__ = ["AFTER_NODES", "BEFORE_NODES", "Addon", "AddonOptions"]
