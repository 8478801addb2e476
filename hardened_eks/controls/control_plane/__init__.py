"""The EKS control plane: endpoint, logs, encryption, version, authentication."""

from hardened_eks.controls.control_plane.private_endpoint import private_endpoint

CONTROL_PLANE = (private_endpoint,)

__all__ = ["CONTROL_PLANE", "private_endpoint"]
