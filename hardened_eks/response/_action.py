"""The contract of an action: what it answers, what it does, what its role needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs import Construct

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.response._states import Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where an action runs."""

    scope: Construct
    """The scope of resources that the action needs."""
    described: ClusterLike
    """The cluster."""
    changes: bool
    """Whether it may change anything: not in a dry run."""
    cluster: str
    """Name of the cluster."""
    cluster_arn: str
    """ARN of the cluster."""
    partition: str
    """Partition, at deployment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What a response does. Use one of its kinds: `CloseEndpoint`, `RestoreLogging`, `QuarantineNode` ..."""

    name: ClassVar[str]
    """Its name, as in ``close-endpoint``."""
    answers: ClassVar[tuple[str, ...]]
    """Detections that may start it."""

    triggers: tuple[str, ...] = ()
    """Detections that start it. Empty: started by hand."""

    def problems(self, region: str) -> Iterator[str]:  # noqa: ARG002 - actions that name roles look at it
        """Yield what is wrong with its settings.

        Args:
            region: Region of the stack, or a deploy-time value.
        """
        kind = type(self).__name__
        if not isinstance(self.triggers, list | tuple):
            yield f"{kind}.triggers needs a list of detections, got {self.triggers!r}"
            return
        for trigger in self.triggers:
            if trigger not in self.answers:
                offered = ", ".join(self.answers) or "none: it is started by hand"
                yield f"{kind}.triggers cannot be {trigger!r}; it can be started by {offered}"

    def steps(self, around: Surroundings) -> Steps:
        """Return what it does, with the resources it needs created in ``around.scope``."""
        raise NotImplementedError
