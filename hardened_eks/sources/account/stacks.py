"""CloudFormation: the stack that created a resource, with its logical ID and construct path."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hardened_eks.sources.account.found import LOGICAL_ID, STACK_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hardened_eks.sources.account.asking import Asker
    from hardened_eks.sources.account.found import Found

_FUNCTION: Final = "AWS::Lambda::Function"
_OF_EKS: Final = "Custom::AWSCDK-EKS-"
_CUSTOM: Final = ("Custom::", "AWS::CloudFormation::CustomResource")


class Place(NamedTuple):
    """The place of a resource in a stack."""

    stack: str
    logical_id: str
    construct_path: str = ""
    """The CDK construct path; empty if the CDK did not create the stack."""


class Custom(NamedTuple):
    """A custom resource, as far as the stack shows it."""

    type: str
    id: str
    """The physical ID."""
    function: str
    """The name of the function that it calls."""


class Stack(NamedTuple):
    """The resources and construct paths of a stack."""

    by_id: Mapping[str, tuple[str, str]]
    """Physical id -> (type, logical id)."""
    paths: Mapping[str, str]
    """Logical id -> construct path."""
    custom: tuple[Custom, ...]
    """The custom resources that call a function of the stack."""


def places(told_by: Mapping[str, Stack], found: Sequence[Found]) -> dict[int, Place]:
    """Return the place of each resource, by its tags or the resource lists of stacks."""
    by_id = {(type_, id_): (name, logical) for name in told_by for id_, (type_, logical) in told_by[name].by_id.items()}
    told: dict[int, Place] = {}
    for index, one in enumerate(found):
        stack, logical = one.tags.get(STACK_NAME, ""), one.tags.get(LOGICAL_ID, "")
        if not (stack and logical):
            stack, logical = by_id.get((one.type, one.id)) or by_id.get((one.type, one.arn)) or ("", "")
        if stack and logical:
            told[index] = Place(stack, logical, told_by[stack].paths.get(logical, "") if stack in told_by else "")
    return told


def stack(asker: Asker, name: str) -> Stack:
    """Return a stack with its resources and template."""
    by_id = {
        one["PhysicalResourceId"]: (one["ResourceType"], one["LogicalResourceId"])
        for one in asker.pages("cloudformation:ListStackResources", "StackResourceSummaries", StackName=name)
        if one.get("PhysicalResourceId")
    }
    body: Any = asker.value("cloudformation:GetTemplate", "TemplateBody", {}, StackName=name)
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:  # YAML, so not a template of the CDK
            body = {}
    resources = body.get("Resources", {}) if isinstance(body, dict) else {}
    paths = {
        logical: entry["Metadata"]["aws:cdk:path"]
        for logical, entry in resources.items()
        if isinstance(entry, dict) and isinstance(entry.get("Metadata"), dict) and "aws:cdk:path" in entry["Metadata"]
    }
    return Stack(by_id, paths, tuple(_custom(by_id, resources)))


def _custom(by_id: Mapping[str, tuple[str, str]], resources: Mapping[str, Any]) -> Iterator[Custom]:
    """Yield the custom resources that a function of the stack handles; those of `aws_eks` are clusters and charts."""
    functions = {logical: id_ for id_, (type_, logical) in by_id.items() if type_ == _FUNCTION}
    for id_, (type_, logical) in by_id.items():
        if type_.startswith(_CUSTOM) and not type_.startswith(_OF_EKS):
            name = functions.get(_function(resources.get(logical)))
            if name is not None:
                yield Custom(type_, id_, name)


def _function(entry: Any) -> str:
    """Return the logical ID of the function that a custom resource calls."""
    properties = entry.get("Properties") if isinstance(entry, dict) else None
    token = properties.get("ServiceToken") if isinstance(properties, dict) else None
    parts = token.get("Fn::GetAtt") if isinstance(token, dict) else None
    head = parts[0] if isinstance(parts, list) and parts else str(parts or "").partition(".")[0]
    return head if isinstance(head, str) else ""
