"""Kubernetes objects as resources, from manifest files and from templates.

An object is a resource of the type ``Kubernetes::<API group>::<Kind>`` (``core`` is the group without a name) whose
properties are the object itself. Its logical ID is ``Kind/namespace/name``.
"""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence import rendering

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from hardened_eks.evidence.unknown import Scope

PREFIX: Final = "Kubernetes::"
MANIFEST: Final = "Custom::AWSCDK-EKS-KubernetesResource"
"""The type that applies manifests: ``Manifest`` is a JSON list of objects."""
CHART: Final = "Custom::AWSCDK-EKS-HelmChart"
"""The type that installs a chart: ``Values`` may contain whole objects, as JSON."""
PARAMETER: Final = "AWS::SSM::Parameter"
"""The type that passes objects to the people who apply them: ``Value`` may be an object or a list, as JSON."""
POD_SPECS: Final = {
    "Kubernetes::apps::DaemonSet": "spec.template.spec",
    "Kubernetes::apps::Deployment": "spec.template.spec",
    "Kubernetes::apps::ReplicaSet": "spec.template.spec",
    "Kubernetes::apps::StatefulSet": "spec.template.spec",
    "Kubernetes::batch::CronJob": "spec.jobTemplate.spec.template.spec",
    "Kubernetes::batch::Job": "spec.template.spec",
    "Kubernetes::core::Pod": "spec",
    "Kubernetes::core::PodTemplate": "template.spec",
    "Kubernetes::core::ReplicationController": "spec.template.spec",
}
"""Every type of Kubernetes itself that has pods, with the path of the pod's specification."""
_WRITTEN_IN: Final = {MANIFEST: "Manifest", CHART: "Values", PARAMETER: "Value"}
_KEY: Final = "apiVersion"
_MAX_DEPTH: Final = 100


def is_object(value: Any) -> bool:
    """Return whether a value is a Kubernetes object, with an API version and a kind."""
    return isinstance(value, dict) and all(
        isinstance(value.get(key), str) and value[key].strip() for key in ("apiVersion", "kind")
    )


def type_of(item: dict[str, Any]) -> str:
    """Return the type of an object: ``Kubernetes::apps::Deployment``, ``Kubernetes::core::Pod``."""
    group = item["apiVersion"].rpartition("/")[0] or "core"
    return f"{PREFIX}{group}::{item['kind']}"


def name_of(item: dict[str, Any]) -> str:
    """Return ``Kind/namespace/name``, without the missing parts if there is no namespace or name."""
    metadata = item.get("metadata")
    told = metadata if isinstance(metadata, dict) else {}
    name = told.get("name") or told.get("generateName")
    return "/".join(str(part) for part in (item["kind"], told.get("namespace"), name) if part)


def unused(name: str, taken: Container[str]) -> str:
    """Return `name`, with a number appended if an earlier object has the same name."""
    names = itertools.chain((name,), (f"{name}#{number}" for number in itertools.count(2)))
    return next(one for one in names if one not in taken)


def listed(value: Any) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Yield the objects of a document with the path of each: itself, or the items of a list of objects.

    The API returns lists such as ``PodList``, whose items omit their kind.
    """
    return ((path, one) for path, one in _leaves(value) if is_object(one))


def strays(value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the entries of a list of objects that are not objects, with the path of each."""
    return ((path, one) for path, one in _leaves(value) if path and one and not is_object(one))


def _leaves(value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield a document, or the entries of its lists at any depth, with the path of each."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from (((str(index), *path), found) for path, found in _leaves(item))
        return
    items = value.get("items") if is_object(value) else None
    if isinstance(items, list) and value["kind"].endswith("List"):
        kind = value["kind"].removesuffix("List")
        named = {"apiVersion": value["apiVersion"], "kind": kind} if kind else {}
        whole = [{**named, **item} if isinstance(item, dict) else item for item in items]
        yield from ((("items", *path), found) for path, found in _leaves(whole))
    else:
        yield (), value


def written_out(type_: str, properties: Any, scope: Scope) -> list[dict[str, Any]] | None:
    """Return the objects that a resource contains; None if the content of a manifest is not known.

    A value that is known only at deployment is in the objects as ``${LogicalId.Attribute}``.

    Args:
        type_: the type of the resource.
        properties: its properties as written.
        scope: the template that contains them.
    """
    text = properties.get(_WRITTEN_IN[type_]) if isinstance(properties, dict) else None
    if text is None or (type_ == PARAMETER and _KEY not in str(text)):
        return None if type_ == MANIFEST else []
    try:
        value = json.loads(rendering.text(text, scope))
    except (ValueError, RecursionError):
        return [] if type_ == PARAMETER else None
    if type_ == CHART:
        return list(_inside(value))
    objects = [found for _, found in listed(value)]
    return objects if objects or value == [] or type_ == PARAMETER else None


def property_of(type_: str) -> str:
    """Return the property of a resource that may contain objects, or an empty string for other types."""
    return _WRITTEN_IN.get(type_, "")


def _inside(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the objects at any depth of the values of a chart."""
    if is_object(value):
        yield value
    elif depth < _MAX_DEPTH:
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from _inside(item, depth + 1)
