"""AWS Config's rules: by its API, after the checks that PutConfigRule makes of a rule and of the function behind it."""

from __future__ import annotations

from typing import Any, NoReturn

from tests.emulator.resources import ordering
from tests.emulator.resources.recorders import RefusedError

PERMISSION = "AWS::Lambda::Permission"


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {"AWS::Config::ConfigRule": {"create": _create, "update": _update, "delete": _delete}}


def _create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import config

    name = props.get("ConfigRuleName") or f"{stack_name}-{logical_id}-1A2B3C"
    if name in config._config_rules:
        raise RefusedError(f"{name} already exists in stack")
    if props["Source"]["Owner"] == "CUSTOM_LAMBDA" and not _waits(stack_name, logical_id):
        _refuse(props["Source"]["SourceIdentifier"])
    return _put(name, props)


def _update(physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    return _put(physical_id, new)


def _delete(physical_id: str, props: dict[str, Any]) -> None:
    from ministack.services import config

    config._config_rules.pop(physical_id, None)


def _put(name: str, props: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    import json

    from ministack.services import config

    if not config._recorders:
        raise RefusedError(
            "There are no configuration recorders available to evaluate rules. "
            "(Service: Config, NoAvailableConfigurationRecorderException)"
        )
    source = props["Source"]
    if source["Owner"] == "CUSTOM_LAMBDA":
        _may_call(source["SourceIdentifier"])
    parameters = props.get("InputParameters")
    rule = {"ConfigRuleName": name, "Source": source, "Description": props.get("Description", "")}
    if parameters:
        rule["InputParameters"] = parameters if isinstance(parameters, str) else json.dumps(parameters)
        if len(rule["InputParameters"]) > 1024:
            raise RefusedError("InputParameters: Member must have length less than or equal to 1024")
    config._put_config_rule({"ConfigRule": rule})
    kept = config._config_rules[name]
    return name, {"Arn": kept["ConfigRuleArn"], "ConfigRuleId": kept["ConfigRuleId"]}


def _may_call(arn: str) -> None:
    """Refuse a function that AWS Config of the account may not call."""
    from ministack.core.responses import get_account_id
    from ministack.services import lambda_svc

    function = lambda_svc._functions.get(arn.rsplit(":", 1)[-1])
    statements = [] if function is None else function["policy"]["Statement"]
    wanted = {"StringEquals": {"AWS:SourceAccount": get_account_id()}}
    for statement in statements:
        condition = {op: {_known(k): v for k, v in keys.items()} for op, keys in statement.get("Condition", {}).items()}
        if statement.get("Principal") == {"Service": "config.amazonaws.com"} and condition == wanted:
            return
    _refuse(arn)


def _waits(stack_name: str, logical_id: str) -> bool:
    """Return whether a rule waits for a permission, where its stack has any: AWS Config asks at once."""
    permissions = set(ordering.of_type(stack_name, PERMISSION))
    return not permissions or bool(permissions & ordering.waits_for(stack_name, logical_id))


def _refuse(arn: str) -> NoReturn:
    raise RefusedError(
        f"The AWS Lambda function {arn} cannot be invoked. Check the specified function ARN, and check the function's "
        "permissions. (Service: Config, InsufficientPermissionsException)"
    )


def _known(key: str) -> str:
    return "AWS:SourceAccount" if key.lower() == "aws:sourceaccount" else key
