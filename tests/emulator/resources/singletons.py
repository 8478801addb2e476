"""What an account has once in a Region, and what an organization's declarative policy keeps it from setting."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.emulator.resources import generic

ONCE = {
    "AWS::GuardDuty::Detector": (
        "The request is rejected because a detector already exists for the current account. (Service: GuardDuty, "
        "BadRequestException)"
    ),
    "AWS::SecurityHub::Hub": (
        "Account is already subscribed to Security Hub (Service: SecurityHub, ResourceConflictException)"
    ),
}
"""Type -> what its service answers to a second one."""
SNAPSHOTS = "AWS::EC2::SnapshotBlockPublicAccess"
MADE: dict[str, str] = {}
"""Type -> physical id."""


class RefusedError(ValueError):
    """What the service answers, as CloudFormation passes it on."""


def install() -> None:
    """Forget what there is when the emulator is reset."""
    from ministack.services import organizations

    reset = organizations.reset

    def forget() -> None:
        reset()
        MADE.clear()

    organizations.reset = forget


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {type_: _once(type_) for type_ in ONCE} | {SNAPSHOTS: _snapshots()}


def _once(type_: str) -> dict[str, Any]:
    made = generic.handler(type_)
    create, delete = made["create"], made["delete"]

    def first(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        if type_ in MADE:
            raise RefusedError(ONCE[type_])
        physical_id, attributes = create(logical_id, props, stack_name)
        MADE[type_] = physical_id
        return physical_id, attributes

    def gone(physical_id: str, props: dict[str, Any]) -> None:
        delete(physical_id, props)
        if MADE.get(type_) == physical_id:
            del MADE[type_]

    return {**made, "create": first, "delete": gone}


def _snapshots() -> dict[str, Any]:
    made = generic.handler(SNAPSHOTS)
    create = made["create"]

    def allowed(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        if any("snapshot_block_public_access" in attributes for attributes in _declared()):
            # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative.html
            raise RefusedError("Denied by a declarative policy (Service: Ec2, DeclarativePolicyViolation)")
        return create(logical_id, props, stack_name)

    return {**made, "create": allowed}


def _declared() -> Iterator[dict[str, Any]]:
    """Yield what the attached declarative policies set; the emulator has one account, under all of them."""
    from ministack.services import organizations

    for id_, policy in organizations._policies.items():
        if policy.get("Type") == "DECLARATIVE_POLICY_EC2" and organizations._attachments.get(id_):
            yield json.loads(policy["_Content"]).get("ec2_attributes", {})
