"""The logs that a control plane exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hardened_eks.evidence import Resource

PATH: Final = "Logging.ClusterLogging.EnabledTypes"
NOT_EXPORTED: Final = "logs of the control plane are not exported"
"""The cause that findings about log types share."""


def exported(cluster: Resource) -> set[str]:
    """Return the log types that are certainly enabled, without types that are known only at deployment."""
    types = [entry.get("Type") for entry in cluster.items(PATH) if isinstance(entry, dict)]
    return {type_ for type_ in types if isinstance(type_, str)}
