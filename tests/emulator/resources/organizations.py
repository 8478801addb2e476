"""AWS Organizations: policies by its API, after the checks of size, order and Region that the emulator leaves out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.emulator.resources import ordering

TYPE = "AWS::Organizations::Policy"
HOMES = ("us-east-1", "cn-northwest-1", "us-gov-west-1")
"""Regions in which CloudFormation has the type."""
LIMITS = {"SERVICE_CONTROL_POLICY": 10_240, "RESOURCE_CONTROL_POLICY": 5_120, "DECLARATIVE_POLICY_EC2": 10_000}
"""https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html"""
MOST_ATTACHED = 10


class RefusedError(ValueError):
    """What Organizations answers, as CloudFormation passes it on."""


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {TYPE: {"create": _create, "update": _update, "delete": _delete}}


def _create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.core.responses import get_region
    from ministack.services import organizations

    if get_region() not in HOMES:
        raise RefusedError(f"Template format error: Unrecognized resource types: [{TYPE}]")
    _alone(stack_name, logical_id)
    made = _call(organizations._create_policy, {"Description": "", **_body(props), "Type": props["Type"]})
    policy = made["Policy"]["PolicySummary"]
    try:
        _attach(policy["Id"], props["Type"], set(props.get("TargetIds", ())))
    except RefusedError:
        _delete(policy["Id"], props)
        raise
    return policy["Id"], {"Arn": policy["Arn"], "AwsManaged": False}


def _update(physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import organizations

    _alone(stack_name, ordering.logical_id_of(stack_name, physical_id))
    made = _call(organizations._update_policy, {"PolicyId": physical_id, **_body(new)})
    then, now = set(old.get("TargetIds", ())), set(new.get("TargetIds", ()))
    for target in sorted(then - now):
        _call(organizations._detach_policy, {"PolicyId": physical_id, "TargetId": target})
    _attach(physical_id, new["Type"], now - then)
    return physical_id, {"Arn": made["Policy"]["PolicySummary"]["Arn"], "AwsManaged": False}


def _alone(stack_name: str, logical_id: str) -> None:
    """Refuse a policy that is changed while another one is: https://github.com/org-formation/org-formation-cli/issues/7"""
    others = ordering.beside(stack_name, logical_id, TYPE)
    if others:
        raise RefusedError(
            "AWS Organizations can't complete your request because it conflicts with another attempt to modify the same "
            f"entity. Try again later. (Service: Organizations, ConcurrentModificationException; {', '.join(others)})"
        )


def _delete(physical_id: str, props: dict[str, Any]) -> None:
    from ministack.services import organizations

    for target in list(organizations._attachments.get(physical_id) or ()):
        _call(organizations._detach_policy, {"PolicyId": physical_id, "TargetId": target})
    _call(organizations._delete_policy, {"PolicyId": physical_id})


def _body(props: Mapping[str, Any]) -> dict[str, Any]:
    content = props["Content"]
    text = content if isinstance(content, str) else json.dumps(content, separators=(",", ":"))
    limit = LIMITS.get(props["Type"])
    if limit is not None and len(text) > limit:
        raise RefusedError(
            "You have exceeded the maximum policy content size "
            f"(Service: Organizations, ConstraintViolationException; {len(text)} of {limit})"
        )
    return {"Name": props["Name"], "Content": text} | (
        {"Description": props["Description"]} if "Description" in props else {}
    )


def _attach(policy_id: str, type_: str, targets: set[str]) -> None:
    from ministack.services import organizations

    for target in sorted(targets):
        held = _call(organizations._list_policies_for_target, {"TargetId": target, "Filter": type_})["Policies"]
        if len(held) >= MOST_ATTACHED:
            raise RefusedError(
                "You have attached the maximum number of policies to the target "
                f"(Service: Organizations, ConstraintViolationException; {target})"
            )
        _call(organizations._attach_policy, {"PolicyId": policy_id, "TargetId": target})


def _call(operation: Callable[[dict[str, Any]], Any], body: dict[str, Any]) -> dict[str, Any]:
    status, _, text = operation(body)
    answer: dict[str, Any] = json.loads(text)
    if status >= 400:
        raise RefusedError(f"{answer.get('message', text)} (Service: Organizations, {answer.get('__type', status)})")
    return answer
