from __future__ import annotations

from typing import Any

from ministack.services import eks

from tests.emulator.handlers._look import tags_as_map
from tests.emulator.handlers.model import Properties, Refused

SERVICE = "Eks"


def refuse(message: str, code: str = "InvalidRequest") -> Refused:
    status = {"NotFound": 404, "AlreadyExists": 409}.get(code, 400)
    return Refused(SERVICE, message, code, status)


def require(condition: bool, message: str, code: str = "InvalidRequest") -> None:
    """Refuse as EKS does unless `condition` holds."""
    if not condition:
        raise refuse(message, code)


def cluster_of(properties: Properties) -> Properties:
    """The active cluster that a resource names."""
    name = properties["ClusterName"]
    require(name in eks._clusters, f"No cluster found for name: {name}.", "NotFound")
    found: Properties = eks._clusters[name]
    return found


def set_tags(record: Properties, arn: str, tags: Any) -> None:
    record["tags"] = tags_as_map(tags)
    eks._tags[arn] = dict(record["tags"])


def children(store: Any, cluster: str) -> list[Properties]:
    return [record for record in store.values() if record.get("clusterName") == cluster]
