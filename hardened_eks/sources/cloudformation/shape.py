"""Validation of the basic structure of CloudFormation templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.errors import InputProblem

if TYPE_CHECKING:
    from collections.abc import Callable

_INCLUDED: Final = "Fn::Transform"
"""The key of a macro, which adds resources. These are not seen, which is reported."""
_TYPE: Final = regex(r"[A-Za-z0-9_]+(::[A-Za-z0-9_@-]+)+")


def mistakes(
    body: Any, path: str, line: Callable[[tuple[str, ...]], int | None], *, by_cdk: bool = False
) -> list[InputProblem]:
    """Return why not every resource of `body` can be evaluated, so that nothing is skipped silently.

    Only the CDK (`by_cdk`) writes templates without resources, for stacks with only outputs.
    """
    if not isinstance(body, dict):
        return [InputProblem(path, f"not a CloudFormation template: a {_kind(body)}, not a mapping with Resources", 1)]
    resources = body.get("Resources")
    if "Resources" not in body:
        if by_cdk:
            return []
        return [InputProblem(path, f"not a CloudFormation template: no Resources (keys: {_keys(body)})", 1)]
    if not isinstance(resources, dict):
        return [InputProblem(path, f"Resources is a {_kind(resources)}, not a mapping", line(("Resources",)))]
    return [
        InputProblem(path, f"resource {logical_id!r} {_fault(entry)}", line(("Resources", logical_id)))
        for logical_id, entry in resources.items()
        if logical_id != _INCLUDED and not _fine(entry)
    ]


def _fine(entry: Any) -> bool:
    if not isinstance(entry, dict):
        return False
    type_ = entry.get("Type")
    properties = entry.get("Properties")
    return isinstance(type_, str) and _TYPE.fullmatch(type_) is not None and isinstance(properties, dict | None)


def _fault(entry: Any) -> str:
    if not isinstance(entry, dict):
        return f"is a {_kind(entry)}, not a mapping with a Type"
    type_ = entry.get("Type")
    if "Type" not in entry:
        return "has no Type"
    if not isinstance(type_, str) or _TYPE.fullmatch(type_) is None:
        return f"has Type {type_!r}, which is not a resource type such as AWS::EKS::Cluster"
    return f"has Properties that are a {_kind(entry.get('Properties'))}, not a mapping"


def _kind(value: Any) -> str:
    names = {dict: "mapping", list: "list", str: "string", bool: "boolean", int: "number", float: "number"}
    return "null" if value is None else names.get(type(value), type(value).__name__)


def _keys(body: dict[str, Any]) -> str:
    shown = ", ".join(sorted(map(str, body))[:6])
    return shown + (", ..." if len(body) > 6 else "") if body else "none"
