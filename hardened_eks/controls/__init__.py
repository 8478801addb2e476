"""The catalogue: every control there is, in one explicit tuple."""

from hardened_eks.controls.control_plane import CONTROL_PLANE
from hardened_eks.controls.deployable import DEPLOYABLE

CATALOGUE = (*CONTROL_PLANE, *DEPLOYABLE)

__all__ = ["CATALOGUE"]
