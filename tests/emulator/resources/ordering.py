"""What CloudFormation creates at the same time: the emulator creates one resource after the other, AWS does not."""

from __future__ import annotations

from typing import Any

_DEPLOYING: dict[str, dict[str, Any]] = {}
"""Name of a stack -> the template that is being deployed; the stack itself has the one before until it is through."""


def install() -> None:
    """Remember the template of each deployment, by a change set or without."""
    from ministack.services.cloudformation import changesets, handlers

    theirs = handlers._deploy_stack_async

    def deploy(stack_name: str, stack_id: str, template: dict[str, Any], *rest: Any, **more: Any) -> Any:
        _DEPLOYING[stack_name] = template
        return theirs(stack_name, stack_id, template, *rest, **more)

    handlers._deploy_stack_async = changesets._deploy_stack_async = deploy


def waits_for(stack_name: str, logical_id: str) -> set[str]:
    """Return the logical ids that come before one in its stack, directly or by others."""
    from ministack.services.cloudformation.engine import _extract_deps

    resources = _resources(stack_name)
    found: set[str] = set()
    open_ = {logical_id} & set(resources)
    while open_:
        open_ = {before for one in open_ for before in _extract_deps(resources[one], set(resources))} - found
        found |= open_
    return found


def of_type(stack_name: str, *types: str) -> list[str]:
    """Return the logical ids of a stack's resources of some types."""
    return [id_ for id_, one in _resources(stack_name).items() if one.get("Type") in types]


def beside(stack_name: str, logical_id: str, *types: str) -> list[str]:
    """Return the logical ids of resources of some types that neither wait for one nor are waited for by it."""
    before = waits_for(stack_name, logical_id)
    return [
        other
        for other in of_type(stack_name, *types)
        if other != logical_id and other not in before and logical_id not in waits_for(stack_name, other)
    ]


def logical_id_of(stack_name: str, physical_id: str) -> str:
    """Return the logical id of a resource of a stack."""
    from ministack.services.cloudformation import _stacks

    kept = _stacks[stack_name].get("_resources", {})
    return next((id_ for id_, one in kept.items() if one.get("PhysicalResourceId") == physical_id), "")


def unordered_policies(stack_name: str, logical_id: str, name: str) -> list[str]:
    """Return the policies of the bucket that a resource's property names, if the resource does not wait for them."""
    resources = _resources(stack_name)
    bucket = resources.get(logical_id, {}).get("Properties", {}).get(name)
    mine = [
        id_
        for id_ in of_type(stack_name, "AWS::S3::BucketPolicy")
        if bucket is not None and resources[id_]["Properties"]["Bucket"] == bucket
    ]
    return [id_ for id_ in mine if id_ not in waits_for(stack_name, logical_id)]


def _resources(stack_name: str) -> dict[str, Any]:
    found: dict[str, Any] = _DEPLOYING.get(stack_name, {}).get("Resources", {})
    return found
