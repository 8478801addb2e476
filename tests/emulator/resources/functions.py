"""Lambda: keep inline code for custom resources, and the network and the queue of failed calls, which ministack drops."""

from __future__ import annotations

from typing import Any

CODE: dict[str, str] = {}


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    theirs = dict(table["AWS::Lambda::Function"])

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        name, attributes = theirs["create"](logical_id, props, stack_name)
        from ministack.services import lambda_svc

        if props.get("DeadLetterConfig"):
            lambda_svc._functions[name]["config"]["DeadLetterConfig"] = props["DeadLetterConfig"]
        if props.get("VpcConfig"):
            lambda_svc._functions[name]["config"]["VpcConfig"] = lambda_svc._vpc_config_with_id(props["VpcConfig"])
        CODE[name] = props.get("Code", {}).get("ZipFile", "")
        return name, attributes

    return {"AWS::Lambda::Function": {**theirs, "create": create}}
