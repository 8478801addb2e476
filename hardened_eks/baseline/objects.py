"""Kubernetes objects as plain dictionaries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

MANAGED: Final = {"app.kubernetes.io/managed-by": "hardened-eks"}
"""Label of every object that this package renders."""


def thing(
    api: str,
    kind: str,
    name: str,
    *,
    namespace: str | None = None,
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
    **body: Any,
) -> dict[str, Any]:
    """Return a Kubernetes object with the label of this package.

    Args:
        api: API version, for example ``apps/v1``.
        kind: kind of the object, for example ``Deployment``.
        name: name of the object.
        namespace: namespace of the object. Default: none, for an object of the whole cluster.
        labels: further labels. Default: none.
        annotations: annotations. Default: none.
        **body: further fields, such as ``spec``.
    """
    metadata: dict[str, Any] = {"name": name, "labels": {**MANAGED, **(labels or {})}}
    if namespace is not None:
        metadata["namespace"] = namespace
    if annotations:
        metadata["annotations"] = dict(annotations)
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **body}


def plain(value: Any) -> Any:
    """Return a value with its mappings as dictionaries and its sequences as lists."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value
