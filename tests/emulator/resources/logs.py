"""CloudWatch Logs and KMS: what ministack drops."""

from __future__ import annotations

from typing import Any


class ProtectedError(ValueError):
    pass


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
