"""The targets that the stand-in `delivery` can send to."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.emulator.standins import access


class UndeliveredError(RuntimeError):
    """A target did not take an event."""

    def __init__(self, code: str, message: str, *, again: bool = False) -> None:
        """Say why; `again`: another attempt may succeed."""
        super().__init__(message)
        self.code, self.again = code, again


def to_queue(arn: str, body: str, rule: dict[str, Any], attributes: dict[str, str] | None = None) -> None:
    from ministack.services import sqs

    queue = sqs._queue_by_arn(arn)
    if queue is None:
        raise UndeliveredError("RESOURCE_NOT_FOUND", f"there is no queue {arn}")
    _allowed(access.queue(queue, "events.amazonaws.com", rule["Arn"]))
    wrapped = {name: {"DataType": "String", "StringValue": value} for name, value in (attributes or {}).items()}
    sqs._act_send_message({"QueueUrl": queue["url"], "MessageBody": body, "MessageAttributes": wrapped}, queue["url"])


def _allowed(problem: str) -> None:
    if problem:
        raise UndeliveredError("NO_PERMISSIONS", problem)


def _sqs(target: dict[str, Any], body: str, event: Any, rule: dict[str, Any], view: Any) -> None:
    to_queue(target["Arn"], body, rule)


def _sns(target: dict[str, Any], body: str, event: Any, rule: dict[str, Any], view: Any) -> None:
    from ministack.services import sns

    topic = sns._topic_by_arn_any_scope(target["Arn"])
    if topic is None:
        raise UndeliveredError("RESOURCE_NOT_FOUND", f"there is no topic {target['Arn']}")
    _allowed(access.topic(topic, "events.amazonaws.com", rule["Arn"]))
    sns.publish_internal(target["Arn"], body, "EventBridge Notification")


def _states(target: dict[str, Any], body: str, event: Any, rule: Any, view: Any) -> None:
    from ministack.services import stepfunctions

    if not target.get("RoleArn"):
        raise UndeliveredError("NO_PERMISSIONS", f"RoleArn is required for target {target['Arn']}")
    if stepfunctions._resolve_state_machine_arn(target["Arn"]) is None:
        raise UndeliveredError("RESOURCE_NOT_FOUND", f"there is no state machine {target['Arn']}")
    stepfunctions._start_execution({"stateMachineArn": target["Arn"], "input": body})


def _logs(target: dict[str, Any], body: str, event: dict[str, Any], rule: dict[str, Any], view: Any) -> None:
    from ministack.services import cloudwatch_logs as logs

    name = target["Arn"].split(":log-group:", 1)[1].removesuffix(":*")
    if name not in logs._log_groups:
        raise UndeliveredError("RESOURCE_NOT_FOUND", f"there is no log group {name}")
    _allowed(access.log_group(f"{target['Arn'].removesuffix(':*')}:log-stream:x", rule["Arn"]))
    stream = event["EventId"]
    logs._create_log_stream({"logGroupName": name, "logStreamName": stream})
    entry = {"timestamp": int(time.time() * 1000), "message": body}
    logs._put_log_events({"logGroupName": name, "logStreamName": stream, "logEvents": [entry]})


def _bus(target: dict[str, Any], body: str, event: dict[str, Any], rule: dict[str, Any], view: Any) -> None:
    """To a bus of the account, in any Region; to another Region with a role."""
    from ministack.core.arn import parse_arn
    from ministack.core.responses import get_account_id, get_region, request_scope
    from ministack.services import eventbridge as eb

    spec = parse_arn(target["Arn"])
    if spec.region != get_region() and not target.get("RoleArn"):
        raise UndeliveredError("NO_PERMISSIONS", f"RoleArn is required for target {target['Arn']}")
    with request_scope(get_account_id(), spec.region):
        eb._ensure_default_bus()  # each Region has one; ministack makes it when the API is asked
        if spec.resource.split("/", 1)[1] not in eb._event_buses or not eb._target_matches_request_scope(spec):
            raise UndeliveredError("RESOURCE_NOT_FOUND", f"there is no event bus {target['Arn']}")
        eb._dispatch_to_event_bus(spec, event, rule, set(event.get("_DispatchPath") or []))


def _lambda(target: dict[str, Any], body: str, event: Any, rule: Any, view: Any) -> None:
    from ministack.services import eventbridge as eb

    eb._dispatch_to_lambda(target["Arn"], body)


def _destination(target: dict[str, Any], body: str, event: Any, rule: Any, view: Any) -> None:
    from tests.emulator.standins import destinations

    status, problem = destinations.send(target, body, view.event_with_detail())
    if problem:
        raise UndeliveredError("SDK_CLIENT_ERROR" if status < 500 else "TARGET_ERROR", problem, again=_again(status))


def _again(status: int) -> bool:
    return status in {0, 401, 407, 409, 429} or status >= 500


SENDERS: dict[str, Callable[..., None]] = {
    "sqs": _sqs,
    "sns": _sns,
    "states": _states,
    "logs": _logs,
    "lambda": _lambda,
    "event-bus": _bus,
    "api-destination": _destination,
}
