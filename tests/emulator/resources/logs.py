"""CloudWatch Logs and KMS: what ministack drops."""

from __future__ import annotations

import json
from typing import Any

from tests.emulator.resources import generic

QUERY = "AWS::Logs::QueryDefinition"


class ProtectedError(ValueError):
    pass


def install() -> None:
    """Answer DescribeQueryDefinitions, which the emulator lacks, with what stacks saved."""
    from ministack.core.responses import json_response
    from ministack.services import cloudwatch_logs

    ask = cloudwatch_logs.handle_request

    async def handle_request(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        if str(headers.get("x-amz-target", "")).rpartition(".")[2] != "DescribeQueryDefinitions":
            return await ask(method, path, headers, body, query)
        prefix = json.loads(body).get("queryDefinitionNamePrefix", "")
        found = [
            {
                "queryDefinitionId": id_,
                "name": props["Name"],
                "queryString": props["QueryString"],
                "logGroupNames": props.get("LogGroupNames", []),
            }
            for (type_, id_), props in generic.STORE.items()
            if type_ == QUERY and props["Name"].startswith(prefix)
        ]
        return json_response({"queryDefinitions": found})

    cloudwatch_logs.handle_request = handle_request


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {"AWS::Logs::LogGroup": _group(dict(table["AWS::Logs::LogGroup"]))}


def _group(theirs: dict[str, Any]) -> dict[str, Any]:
    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        from ministack.services import cloudwatch_logs

        name = props.get("LogGroupName")
        if name in cloudwatch_logs._log_groups:
            raise ValueError(f"{name} already exists in stack (Service: CloudWatchLogs, AlreadyExists)")
        result = theirs["create"](logical_id, props, stack_name)
        _protect(result[0], props)
        return result

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any) -> Any:
        result = theirs["update"](physical_id, old, new, *rest, **more)
        _protect(result[0], new)
        return result

    def delete(physical_id: str, props: dict[str, Any]) -> None:
        from ministack.services import cloudwatch_logs

        group = cloudwatch_logs._log_groups.get(physical_id)
        if group and group.get("deletionProtectionEnabled"):
            raise ProtectedError(
                f"log group {physical_id} has deletion protection (Service: CloudWatchLogs, Status Code: 400)"
            )
        theirs["delete"](physical_id, props)

    return {**theirs, "create": create, "update": update, "delete": delete}


def _protect(name: str, props: dict[str, Any]) -> None:
    from ministack.services import cloudwatch_logs

    cloudwatch_logs._log_groups[name]["deletionProtectionEnabled"] = (
        str(props.get("DeletionProtectionEnabled")).lower() == "true"
    )
