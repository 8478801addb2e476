"""The catalogue: every control there is, in one explicit tuple."""

from hardened_eks.controls.control_plane import CONTROL_PLANE

CATALOGUE = (*CONTROL_PLANE,)

__all__ = ["CATALOGUE"]
