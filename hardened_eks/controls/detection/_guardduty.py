"""Features of GuardDuty detectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks.controls.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Resource

DETECTOR: Final = "AWS::GuardDuty::Detector"
BLIND: Final = (
    "A GuardDuty detector that the organization's administrator enables, and detectors of other stacks: templates "
    "without a detector are evaluated only if they are complete (--complete). A feature counts only if the template "
    "sets it, because the features that GuardDuty enables by default for a new detector can change."
)


def feature(detector: Resource, name: str, *, legacy: str = "") -> bool:
    """Return whether a protection is on, by `Features` or by the older `DataSources` flag at path `legacy`."""
    return any(status == "ENABLED" for status, _ in _features(detector, name)) or (
        legacy != "" and detector.flag(f"DataSources.{legacy}", default=False) is True
    )


def agent_managed(detector: Resource, name: str, agent: str) -> bool:
    """Return whether GuardDuty manages the `agent` of the runtime protection `name`."""
    return any(status == "ENABLED" and agents.get(agent) == "ENABLED" for status, agents in _features(detector, name))


def missing(detector: Resource, name: str, what: str, *, legacy: str = "") -> Iterator[Problem]:
    """Yield a problem if a protection is off."""
    if not feature(detector, name, legacy=legacy):
        yield Problem(f"{what} is off ({name} is not enabled)", "Features")


def _features(detector: Resource, name: str) -> Iterator[tuple[object, dict[str, object]]]:
    for index, entry in enumerate(detector.items("Features")):
        if isinstance(entry, dict) and entry.get("Name") == name:
            further = detector.items(f"Features.{index}.AdditionalConfiguration")
            agents = {str(item.get("Name")): item.get("Status") for item in further if isinstance(item, dict)}
            yield entry.get("Status"), agents
