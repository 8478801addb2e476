"""CloudFormation: which stack made a resource, under which logical id and construct path."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from hardened_eks.sources.account.found import LOGICAL_ID, STACK_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import ThreadPoolExecutor

    from hardened_eks.sources.account.asking import Asker
    from hardened_eks.sources.account.found import Found


class Place(NamedTuple):
    """Where a resource is in a stack."""

    stack: str
    logical_id: str
    construct_path: str = ""
    """The path in the CDK; empty where the stack was not created by it."""


class _Stack(NamedTuple):
    by_id: Mapping[str, tuple[str, str]]
    """Physical id -> (type, logical id)."""
    paths: Mapping[str, str]
    """Logical id -> construct path."""


def places(asker: Callable[[], Asker], found: Sequence[Found], pool: ThreadPoolExecutor) -> dict[int, Place]:
    """Return where each resource stands: by its tags, or by what the stacks that the tags name say they made."""
    names = sorted({one.tags[STACK_NAME] for one in found if STACK_NAME in one.tags})
    stacks = dict(zip(names, pool.map(lambda name: _stack(asker(), name), names), strict=True))
    by_id = {(type_, id_): (name, logical) for name in names for id_, (type_, logical) in stacks[name].by_id.items()}
    told: dict[int, Place] = {}
    for index, one in enumerate(found):
        stack, logical = one.tags.get(STACK_NAME, ""), one.tags.get(LOGICAL_ID, "")
        if not (stack and logical):
            stack, logical = by_id.get((one.type, one.id)) or by_id.get((one.type, one.arn)) or ("", "")
        if stack and logical:
            told[index] = Place(stack, logical, stacks[stack].paths.get(logical, "") if stack in stacks else "")
    return told


def _stack(asker: Asker, name: str) -> _Stack:
    answer = asker.ask("cloudformation:DescribeStackResources", StackName=name)
    by_id = {
        one["PhysicalResourceId"]: (one["ResourceType"], one["LogicalResourceId"])
        for one in (answer or {}).get("StackResources", ())
        if one.get("PhysicalResourceId")
    }
    body: Any = asker.value("cloudformation:GetTemplate", "TemplateBody", {}, StackName=name)
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:  # YAML: no template of the CDK
            body = {}
    resources = body.get("Resources", {}) if isinstance(body, dict) else {}
    paths = {
        logical: entry["Metadata"]["aws:cdk:path"]
        for logical, entry in resources.items()
        if isinstance(entry, dict) and isinstance(entry.get("Metadata"), dict) and "aws:cdk:path" in entry["Metadata"]
    }
    return _Stack(by_id, paths)
