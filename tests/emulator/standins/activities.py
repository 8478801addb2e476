"""CloudFormation's AWS::StepFunctions::Activity, for which ministack has the API and no handler, and the timeout of a
task that waits at an activity, which ministack counts from when a worker takes it and AWS from when it is scheduled.
"""

from __future__ import annotations

import contextvars
import json
from typing import Any

from tests.emulator.standins.timing import Later


def install() -> None:
    """Let a task at an activity time out."""
    from ministack.services import stepfunctions as sfn

    theirs = sfn._execute_task

    def execute_task(state: dict[str, Any], *rest: Any) -> Any:
        if ":activity:" in state.get("Resource", "") and "TimeoutSeconds" in state:
            waiting = set(sfn._task_tokens)
            expire = contextvars.copy_context().run  # the account and region of this execution
            seconds = sfn._SFN_WAIT_SCALE * state["TimeoutSeconds"]
            timer = Later(seconds, expire, _expire, state["Resource"], waiting)
            try:
                return theirs(state, *rest)
            finally:
                timer.cancel()
        return theirs(state, *rest)

    sfn._execute_task = execute_task


def _expire(activity: str, before: set[str]) -> None:
    from ministack.services import stepfunctions as sfn

    for token in set(sfn._task_tokens) - before:
        task = sfn._task_tokens[token]
        task["error"] = {"Error": "States.Timeout", "Cause": f"nobody answered at {activity}"}
        task["event"].set()


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the handler of the type."""
    return {"AWS::StepFunctions::Activity": {"create": _create, "delete": _delete}}


def _create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import stepfunctions as sfn

    status, _, body = sfn._create_activity({"name": props["Name"]})
    assert status == 200, body
    arn = json.loads(body)["activityArn"]
    return arn, {"Arn": arn, "Name": props["Name"]}


def _delete(physical_id: str, props: dict[str, Any]) -> None:
    from ministack.services import stepfunctions as sfn

    sfn._delete_activity({"activityArn": physical_id})
