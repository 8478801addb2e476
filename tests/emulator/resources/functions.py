"""Lambda: keep the inline code, so that a custom resource can run it, and the network, which ministack drops."""

from __future__ import annotations

from typing import Any

CODE: dict[str, str] = {}


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    theirs = dict(table["AWS::Lambda::Function"])

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        name, attributes = theirs["create"](logical_id, props, stack_name)
        if props.get("VpcConfig"):
            from ministack.services import lambda_svc

            lambda_svc._functions[name]["config"]["VpcConfig"] = lambda_svc._vpc_config_with_id(props["VpcConfig"])
        CODE[name] = props.get("Code", {}).get("ZipFile", "")
        return name, attributes

    return {"AWS::Lambda::Function": {**theirs, "create": create}}
