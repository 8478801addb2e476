"""Detection: nobody touches the cluster unseen."""

from hardened_eks.detection._detection import Detection

__all__ = ["Detection"]
