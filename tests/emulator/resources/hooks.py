"""CloudFormation hooks: kept as the schema has them, refused where CloudFormation could not call their function."""

from __future__ import annotations

from typing import Any

from tests.emulator.resources import generic
from tests.emulator.resources.recorders import RefusedError

TYPE = "AWS::CloudFormation::LambdaHook"
_SERVICE = "hooks.cloudformation.amazonaws.com"


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    theirs = generic.handler(TYPE)

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        taken = {other["Alias"] for (type_, _), other in generic.STORE.items() if type_ == TYPE}
        if props["Alias"] in taken:
            raise RefusedError(f"Extension with type name alias {props['Alias']} already exists")
        _check(props)
        return theirs["create"](logical_id, props, stack_name)

    return {TYPE: {**theirs, "create": create}}


def _check(props: dict[str, Any]) -> None:
    from ministack.services import iam, lambda_svc

    name = str(props["LambdaFunction"]).rpartition(":")[2]
    if name not in lambda_svc._functions:
        raise RefusedError(f"no function {props['LambdaFunction']}")
    role = iam._roles.get(str(props["ExecutionRole"]).rpartition("/")[2])
    if role is None or _SERVICE not in str(role["AssumeRolePolicyDocument"]):
        raise RefusedError(f"CloudFormation cannot assume {props['ExecutionRole']}")
