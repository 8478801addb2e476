"""The contract of an action: its detections, its steps and the permissions of its role."""

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
    """The environment of an action."""

    scope: Construct
    """The parent construct of resources that the action needs."""
    described: ClusterLike
    """The cluster."""
    changes: bool
    """Whether the action may change anything, which it may not in a dry run."""
    cluster: str
    """Name of the cluster."""
    cluster_arn: str
    """ARN of the cluster."""
    partition: str
    """Partition, as a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An action of a response. Use a subclass: `CloseEndpoint`, `RestoreLogging`, `QuarantineNode` ..."""

    name: ClassVar[str]
    """Name of the action, for example ``close-endpoint``."""
    answers: ClassVar[tuple[str, ...]]
    """Detections that can start the action."""
    triggers: tuple[str, ...] = ()
    """Detections that start the action. Default: none; people start it."""

    def problems(self, region: str) -> Iterator[str]:  # noqa: ARG002 - actions that name roles look at it
        """Yield the mistakes in the settings. `Response` calls this.

        Args:
            region: Region of the stack, or a deploy-time value.

        Returns:
            One message for each mistake.
        """
        kind = type(self).__name__
        if not isinstance(self.triggers, list | tuple):
            yield f"{kind}.triggers needs a list of detections, got {self.triggers!r}"
            return
        for trigger in self.triggers:
            if trigger not in self.answers:
                offered = ", ".join(self.answers) or "no detection: leave triggers out"
                yield f"{kind}.triggers cannot be {trigger!r}; it can be started by {offered}"

    def steps(self, around: Surroundings) -> Steps:
        """Return the steps of the action, and create its resources in ``around.scope``. `Response` calls this.

        Args:
            around: the environment of the action.
        """
        raise NotImplementedError
