"""The permissions in the CloudFormation template of Karpenter, with source and date in ``karpenter.json``.

The source is the reference page of the release, which contains the whole template. A new release may need more
permissions: `python -m tools.karpenter` reads its template and lists the new ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks.data import _files

if TYPE_CHECKING:
    from collections.abc import Mapping


_DOCUMENT: Mapping[str, Any] = _files.document("karpenter.json")

RELEASE = str(_DOCUMENT["release"])
"""The release whose template was read, and whose chart is installed."""
CHART = str(_DOCUMENT["chart"])
"""The repository of the Helm chart."""
IMAGE = str(_DOCUMENT["image"])
"""The image of the controller, which the chart pins to this digest (``charts/karpenter/values.yaml`` of the same
commit)."""
NEWEST_KUBERNETES = str(_DOCUMENT["newest_kubernetes"])
"""The newest Kubernetes version that the release supports (``upgrading/compatibility.md`` of the same commit)."""
EVENTS: Mapping[str, tuple[str, str]] = {
    name: (source, detail_type) for name, (source, detail_type) in _DOCUMENT["events"].items()
}
"""Events that interrupt nodes: a name, and the source and detail type of the event."""
DESCRIBE: tuple[str, ...] = tuple(_DOCUMENT["describe"])
"""The read actions, which support no resource."""
QUEUE: tuple[str, ...] = tuple(_DOCUMENT["queue"])
"""The actions on the queue."""
CREATED: tuple[str, ...] = tuple(_DOCUMENT["created"])
"""The EC2 resource types that a launch creates."""
INSTANCE_TAGS: tuple[str, ...] = tuple(_DOCUMENT["instance_tags"])
"""The keys of the tags that a running instance gets."""
ACTIONS: frozenset[str] = frozenset(_DOCUMENT["actions"])
"""Every action of the policies in that template."""
SOURCE = str(_DOCUMENT["source"])
"""The source of the data."""
