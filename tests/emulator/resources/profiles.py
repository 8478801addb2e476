"""Instance profiles: ``Ref`` gives the name, as CloudFormation has it; ministack gives the ARN."""

from __future__ import annotations

from typing import Any

_PROFILE = "AWS::IAM::InstanceProfile"


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    theirs = dict(table[_PROFILE])

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        arn, attributes = theirs["create"](logical_id, props, stack_name)
        return arn.rpartition("/")[2], attributes

    def update(name: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any) -> Any:
        arn, attributes = theirs["update"](_arn(name), old, new, *rest, **more)
        return arn.rpartition("/")[2], attributes

    def delete(name: str, props: dict[str, Any]) -> None:
        theirs["delete"](_arn(name), props)

    return {_PROFILE: {**theirs, "create": create, "update": update, "delete": delete}}


def _arn(name: str) -> str:
    from ministack.services.cloudformation import provisioners

    found: str = provisioners._iam._instance_profiles.get(name, {}).get("Arn", name)
    return found
