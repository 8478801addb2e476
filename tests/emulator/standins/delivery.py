"""A stand-in for EventBridge's delivery: states of rules, retries, dead-letter queues, who may send, metrics.

ministack sends once and forgets a failure. Here a target is tried again as often as its `RetryPolicy` says (185 times
without one), without waiting between the attempts; what stays undelivered goes to the target's dead-letter queue, with
the attributes that EventBridge writes. A failure that another attempt cannot mend (no such target, not allowed, an
answer of 400) goes there at once. AWS/Events gets Invocations, FailedInvocations, InvocationsSentToDlq and
InvocationsFailedToBeSentToDlq by RuleName, and AWS/SQS the depth of a dead-letter queue, a function's too.

- The policy of a topic or a queue must let events.amazonaws.com send, and the policy of its customer managed key must let
  it use the key; log groups need a resource policy. CloudWatch's alarm actions are held to the same.
- A rule in the state ENABLED sees no Describe, Get and List calls of CloudTrail;
  ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS does.
- An invalid pattern fails the stack, and so does a role for a topic.
- PutEvents takes an ``aws.*`` source with `observing.INJECTED` as its trace header only.

Not here: `MaximumEventAgeInSeconds` (nothing waits), the roles of targets, rate limits, targets that are not listed in
`senders`: they fail.
"""

from __future__ import annotations

import contextvars
import json
import threading
import time
from typing import Any

from tests.emulator.observing import INJECTED
from tests.emulator.standins import alarms
from tests.emulator.standins.senders import SENDERS, UndeliveredError, to_queue

_RETRIES = 185
_ALL = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


def install() -> None:
    """Put the stand-in into ministack's EventBridge."""
    from ministack.services import eventbridge, lambda_svc

    put, route = eventbridge._put_events, lambda_svc._route_async_failure

    def routed(target_arn: str, *more: Any) -> None:
        route(target_arn, *more)
        if ":sqs:" in target_arn:
            _depth(target_arn)

    lambda_svc._route_async_failure = routed

    def put_events(data: dict[str, Any], allow_aws_source: bool = False) -> Any:
        injected = all(entry.get("TraceHeader") == INJECTED for entry in data.get("Entries", []))
        return put(data, allow_aws_source=allow_aws_source or injected)

    eventbridge._put_events, eventbridge._dispatch_event = put_events, dispatch
    eventbridge._invoke_target = invoke


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the handler of rules, which refuses what EventBridge refuses."""
    theirs = dict(table["AWS::Events::Rule"])

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        _refuse(props)
        return theirs["create"](logical_id, props, stack_name)

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any) -> Any:
        _refuse(new)
        return theirs["update"](physical_id, old, new, *rest, **more)

    return {"AWS::Events::Rule": {**theirs, "create": create, "update": update}}


def _refuse(props: dict[str, Any]) -> None:
    from ministack.services import eventbridge

    pattern = props.get("EventPattern")
    problem = eventbridge._event_pattern_error(json.dumps(pattern)) if pattern else None
    if problem:
        raise ValueError(f"Event pattern is not valid. Reason: {problem}")
    for target in props.get("Targets") or []:
        if ":sns:" in str(target["Arn"]) and target.get("RoleArn"):
            raise ValueError(f"RoleArn is not supported for target {target['Arn']}")


def dispatch(event: dict[str, Any], view: Any = None) -> None:
    """Invoke the targets of all rules of the event's bus that match it."""
    from ministack.services import eventbridge as eb

    view = view or eb._pattern_event_view(event)
    bus, path = event.get("EventBusName", "default"), event.get("_DispatchPath") or []
    for key, rule in list(eb._rules.items()):
        states = {_ALL} if _withheld(view) else {"ENABLED", _ALL}
        if rule.get("EventBusName", "default") != bus or key in path or rule.get("State") not in states:
            continue
        if rule.get("EventPattern") and eb._matches_pattern_view(rule["EventPattern"], view, f"rule {key}"):
            for target in list(eb._targets.get(key, [])):
                invoke(target, event, rule, view)


def _withheld(view: Any) -> bool:
    whole = view.event_with_detail()
    detail = whole["detail"]
    by_trail = whole["detail-type"] == "AWS API Call via CloudTrail" and isinstance(detail, dict)
    return (
        by_trail
        and detail.get("readOnly") is True
        and str(detail.get("eventName")).startswith(("Describe", "Get", "List"))
    )


def invoke(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any = None) -> None:
    """Deliver in a thread of its own, as PutEvents does not wait for targets."""
    from ministack.services import eventbridge as eb

    work = (_deliver, target, event, rule, view or eb._pattern_event_view(event))
    threading.Thread(target=contextvars.copy_context().run, args=work, daemon=True).start()


def _deliver(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any) -> None:
    retries = (target.get("RetryPolicy") or {}).get("MaximumRetryAttempts")
    most, done = 1 + int(_RETRIES if retries is None else retries), 0
    problem: UndeliveredError | None = None
    while done < most:
        done += 1
        problem = _attempt(target, event, rule, view)
        if problem is None or not problem.again:
            break
    _count("Invocations", rule)
    if problem is not None:
        _count("FailedInvocations", rule)
        _bury(target, rule, view, problem, done - 1)


def _attempt(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any) -> UndeliveredError | None:
    from ministack.core.arn import parse_arn

    try:
        spec = parse_arn(target["Arn"])
        kind = spec.resource.split("/")[0] if spec.service == "events" else spec.service
        if kind not in SENDERS:
            raise UndeliveredError("UNSUPPORTED_TARGET", f"this stand-in knows no target of {kind}")  # noqa: TRY301
        SENDERS[kind](target, payload(target, rule, view), event, rule, view)
    except UndeliveredError as error:
        return error
    except Exception as error:  # noqa: BLE001 - a failed delivery must not be lost, whatever it was
        return UndeliveredError(type(error).__name__, str(error))
    return None


def payload(target: dict[str, Any], rule: dict[str, Any], view: Any) -> str:
    """Return the input of a target."""
    from ministack.services import eventbridge as eb
    from tests.emulator.standins import transformer

    if target.get("InputTransformer"):
        return str(eb._apply_input_transformer(target["InputTransformer"], rule, view))
    if target.get("Input"):
        return str(target["Input"])
    whole = view.event_with_detail()
    return json.dumps(transformer.select(whole, target["InputPath"]) if target.get("InputPath") else whole)


def _bury(target: dict[str, Any], rule: dict[str, Any], view: Any, problem: UndeliveredError, retries: int) -> None:
    """Put an event into the target's dead-letter queue."""
    queue = (target.get("DeadLetterConfig") or {}).get("Arn")
    if not queue:
        return
    attributes = {
        "RULE_ARN": rule["Arn"],
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": problem.code,
        "ERROR_MESSAGE": str(problem)[:1000],
        "RETRY_ATTEMPTS": str(retries),
    }
    if problem.again:
        attributes["EXHAUSTED_RETRY_CONDITION"] = "MaximumRetryAttempts"
    try:
        to_queue(queue, json.dumps(view.event_with_detail()), rule, attributes)
    except UndeliveredError:
        _count("InvocationsFailedToBeSentToDlq", rule)
    else:
        _count("InvocationsSentToDlq", rule)
        _depth(queue)


def _depth(arn: str) -> None:
    """Publish how many messages a dead-letter queue holds, as SQS does each minute."""
    from ministack.services import cloudwatch, sqs

    queue = sqs._queue_by_arn(arn)
    name, dimensions = "ApproximateNumberOfMessagesVisible", {"QueueName": arn.rsplit(":", 1)[-1]}
    count = len(queue["messages"]) if queue else 0
    cloudwatch._store_datum("AWS/SQS", name, dimensions, time.time(), "Count", count, None, None, None)
    alarms.evaluate(alarms.series_key("AWS/SQS", name, dimensions))


def _count(name: str, rule: dict[str, Any]) -> None:
    from ministack.services import cloudwatch

    cloudwatch._store_datum("AWS/Events", name, {"RuleName": rule["Name"]}, time.time(), "Count", 1, None, None, None)
    alarms.evaluate(alarms.series_key("AWS/Events", name, {"RuleName": rule["Name"]}))
