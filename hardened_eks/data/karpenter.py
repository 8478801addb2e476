"""What Karpenter's own CloudFormation template gives it: pure, with source and day in ``karpenter.json``.

It is read from the reference page of the release, which has it whole.
A new release may call more: `python -m tools.karpenter` reads its template, and states what is new.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def _document() -> Mapping[str, Any]:
    text = files("hardened_eks.data").joinpath("karpenter.json").read_text(encoding="utf-8")
    document: Mapping[str, Any] = json.loads(text)
    return document


_DOCUMENT = _document()

RELEASE = str(_DOCUMENT["release"])
"""The release whose template was read, and whose chart is installed."""
CHART = str(_DOCUMENT["chart"])
"""Where the Helm chart is."""
IMAGE = str(_DOCUMENT["image"])
"""The controller's image, which the chart pins by this digest (``charts/karpenter/values.yaml`` of the same commit)."""
NEWEST_KUBERNETES = str(_DOCUMENT["newest_kubernetes"])
"""The newest Kubernetes version that the release supports (``upgrading/compatibility.md`` of the same commit)."""
EVENTS: Mapping[str, tuple[str, str]] = {
    name: (source, detail_type) for name, (source, detail_type) in _DOCUMENT["events"].items()
}
"""What interrupts nodes: a name, and the source and the detail type of the event."""
DESCRIBE: tuple[str, ...] = tuple(_DOCUMENT["describe"])
"""The reading actions, which know no resource."""
QUEUE: tuple[str, ...] = tuple(_DOCUMENT["queue"])
"""The actions on the queue."""
CREATED: tuple[str, ...] = tuple(_DOCUMENT["created"])
"""The kinds of EC2 resources that a launch creates."""
INSTANCE_TAGS: tuple[str, ...] = tuple(_DOCUMENT["instance_tags"])
"""The keys of the tags that a running instance gets."""
ACTIONS: frozenset[str] = frozenset(_DOCUMENT["actions"])
"""Every action of the policies in that template."""
SOURCE = str(_DOCUMENT["source"])
"""Where it was read."""
