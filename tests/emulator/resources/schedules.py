"""Schedules of EventBridge Scheduler: what ministack's handler drops of them."""

from __future__ import annotations

from typing import Any

_SCHEDULE = "AWS::Scheduler::Schedule"
_DROPPED = ("ScheduleExpressionTimezone", "KmsKeyArn")


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    theirs = dict(table[_SCHEDULE])

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        result = theirs["create"](logical_id, props, stack_name)
        _enrich(result[0], props)
        return result

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any) -> Any:
        result = theirs["update"](physical_id, old, new, *rest, **more)
        _enrich(result[0], new)
        return result

    return {_SCHEDULE: {**theirs, "create": create, "update": update}}


def _enrich(name: str, props: dict[str, Any]) -> None:
    from ministack.services import scheduler

    schedule = scheduler._schedules[f"{props.get('GroupName', 'default')}/{name}"]
    schedule.update({key: props[key] for key in _DROPPED if key in props})
