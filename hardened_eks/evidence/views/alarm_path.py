"""Whether the use of a role notifies somebody, from the CloudTrail event to the topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.evidence import Unknown
from hardened_eks.evidence.environment import differ
from hardened_eks.evidence.views.break_glass import arn_of, mentions, takings
from hardened_eks.evidence.views.event_patterns import mismatch, pattern_of
from hardened_eks.evidence.views.metric_filters import counts, filter_mismatch
from hardened_eks.evidence.views.senders import ALARMS, EVENTS, QUEUE, TOPIC, UNSEEN, Sender

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hardened_eks.evidence import Assembly, Resource

_RULE: Final = "AWS::Events::Rule"
_FILTER: Final = "AWS::Logs::MetricFilter"
_ALARM: Final = "AWS::CloudWatch::Alarm"
_TRAIL: Final = "AWS::CloudTrail::Trail"
# CloudTrail marks AssumeRole as read-only, and a rule with the state ENABLED may not receive read-only calls:
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
_TOLD_ALL: Final = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


@dataclass(frozen=True, slots=True)
class Alarm:
    """The path of the event for the use of a role."""

    heard: bool
    """Whether a complete path leads from the event to somebody."""
    faults: tuple[str, ...]
    """The faults of incomplete paths, with the logical ID of the rule or filter."""
    ways: tuple[Resource, ...]
    """The rules and filters for the role."""
    broken: bool
    """Whether it is certain that nobody is notified: no path ends only at a resource that is not seen."""


def alarm_of(role: Resource, assembly: Assembly) -> Alarm:
    """Return the path of the event for the use of a role; computed once for each role."""
    return assembly.once(("alarm_path", role), lambda: _alarm_of(role, assembly))


def _alarm_of(role: Resource, assembly: Assembly) -> Alarm:
    faults: list[str] = []
    ways: list[Resource] = []
    heard = maybe = False
    for type_, path, judge in ((_RULE, "EventPattern", _rule_faults), (_FILTER, "FilterPattern", _filter_faults)):
        for way in assembly.of(type_):
            if mentions(way, path, role, assembly) and not differ(way.template.account, role.template.account):
                found = list(judge(way, role, assembly))
                ways.append(way)
                heard = heard or not found
                maybe = maybe or all(fault.endswith(UNSEEN) for fault in found)
                faults += [f"{way.logical_id}: {fault}" for fault in found]
    return Alarm(heard, tuple(faults), tuple(ways), broken=not maybe)


def _rule_faults(rule: Resource, role: Resource, assembly: Assembly) -> Iterator[str]:
    """Yield the faults for which a rule notifies nobody."""
    pattern = pattern_of(rule.get("EventPattern"))
    if pattern is None:
        yield "its pattern cannot be read"
        return
    for event in takings(role):
        field = mismatch(pattern, event, _known(rule, role, assembly))
        if field:
            yield f"its pattern does not match every AssumeRole call for the role (because of {field})"
            break
    if differ(rule.template.region, role.template.region):
        yield "it is in a different Region than the stack of the role"
    if str(rule.get("EventBusName", "default")).rsplit("/", 1)[-1] != "default":
        yield "it is not on the default event bus, which is the only one that receives CloudTrail events"
    if rule.get("State") != _TOLD_ALL:
        yield f"its State is not {_TOLD_ALL}, so it receives no read-only calls"
    targets = [
        list(_target_faults(target, rule, assembly)) for target in rule.items("Targets") if isinstance(target, dict)
    ]
    if not targets:
        yield "it has no target"
    elif all(targets):
        yield from min(targets, key=lambda faults: sum(not fault.endswith(UNSEEN) for fault in faults))


def _known(rule: Resource, role: Resource, assembly: Assembly) -> Callable[[Any], Any]:
    """Return a function that converts values of a rule pattern to those in the events of `takings`."""
    own = f"${{{role.logical_id}.Arn}}"

    def known(value: Any) -> Any:
        if isinstance(value, Unknown):
            if assembly.target(value, near=rule) is role:
                return arn_of(role)
            return str(value) if str(value) in {"${AWS::Region}", "${AWS::AccountId}"} else _by_name(str(value), value)
        if isinstance(value, str):
            if (value == own and rule.template is role.template) or assembly.target(value, near=rule) is role:
                return arn_of(role)
            return _by_name(value, value)
        return value

    def _by_name(text: str, otherwise: Any) -> Any:
        end = arn_of(role).split(":", 5)[5]
        return arn_of(role) if isinstance(role.get("RoleName"), str) and text.endswith(f":{end}") else otherwise

    return known


def _target_faults(target: dict[str, Any], rule: Resource, assembly: Assembly) -> Iterator[str]:
    """Yield why a target does not receive the event."""
    sender = Sender(EVENTS, rule, assembly)
    receiver = assembly.target(target.get("Arn"), near=rule)
    if receiver is None:
        yield f"whether its target {target.get('Arn')} takes the event {UNSEEN}"
        return
    if receiver.type in {TOPIC, QUEUE}:
        yield from sender.faults(receiver)
    elif receiver.type == "AWS::Lambda::Function":
        if not _may_invoke(receiver, assembly):
            yield f"no AWS::Lambda::Permission lets {EVENTS} call the function {receiver.logical_id}"
    elif receiver.type == "AWS::Logs::LogGroup":
        yield f"the log group {receiver.logical_id} notifies nobody"
    letters = target.get("DeadLetterConfig")
    if isinstance(letters, dict):
        queue = assembly.target(letters.get("Arn"), QUEUE, near=rule)
        if queue is not None:
            yield from sender.faults(queue)


def _may_invoke(function: Resource, assembly: Assembly) -> bool:
    permissions = assembly.pointing("FunctionName", function, "AWS::Lambda::Permission")
    return any(p.get("Principal") == EVENTS and p.get("Action") == "lambda:InvokeFunction" for p in permissions)


def _filter_faults(metric_filter: Resource, role: Resource, assembly: Assembly) -> Iterator[str]:
    """Yield the faults for which a metric filter on the log group of the trail notifies nobody."""
    for event in takings(role):
        detail = event["detail"]
        arns = (f"${{{role.logical_id}.Arn}}", arn_of(role))
        term = filter_mismatch(str(metric_filter.get("FilterPattern", "")), detail, arns)
        if term:
            yield f"its pattern does not match every AssumeRole call for the role (because of {term})"
            break
    faults: list[str] = []
    yield from _group_faults(metric_filter, assembly)
    for index in range(len(metric_filter.items("MetricTransformations"))):
        place = f"MetricTransformations.{index}"
        if not counts(metric_filter.get(f"{place}.MetricValue", 1)):
            faults.append("its metric does not count the events")
            continue
        name, space = metric_filter.get(f"{place}.MetricName"), metric_filter.get(f"{place}.MetricNamespace")
        for alarm in assembly.of(_ALARM):
            if str(alarm.get("MetricName")) == str(name) and str(alarm.get("Namespace", space)) == str(space):
                sent = {
                    "Dimensions": metric_filter.items(f"{place}.Dimensions"),
                    "Unit": metric_filter.get(f"{place}.Unit"),
                }
                found = [*_selection_faults(alarm, sent), *_metric_alarm_faults(alarm, assembly)]
                if not found:
                    return
                faults += found
    yield from faults[:1] or ["no alarm uses its metric"]


def _group_faults(metric_filter: Resource, assembly: Assembly) -> Iterator[str]:
    """Yield why no trail writes to the log group of a filter."""
    group = assembly.target(metric_filter.get("LogGroupName"), "AWS::Logs::LogGroup", near=metric_filter)
    if group is None or assembly.pointing("CloudWatchLogsLogGroupArn", group, _TRAIL):
        return
    if assembly.of(_TRAIL):
        yield f"no trail writes to its log group {group.logical_id}"
    else:
        yield f"whether a trail writes to its log group {group.logical_id} {UNSEEN}"


def _selection_faults(alarm: Resource, sent: dict[str, Any]) -> Iterator[str]:
    """Yield why an alarm with the name of a metric watches another one."""
    if alarm.items("Dimensions") and not sent["Dimensions"]:
        yield f"the alarm {alarm.logical_id} has dimensions, which the metric of the filter does not have"
    unit = alarm.get("Unit")
    if unit is not None and unit != (sent["Unit"] or "None"):
        yield f"the alarm {alarm.logical_id} has the unit {unit}, which the metric of the filter does not have"


def _metric_alarm_faults(alarm: Resource, assembly: Assembly) -> Iterator[str]:
    if alarm.flag("ActionsEnabled", default=True) is not True or not alarm.items("AlarmActions"):
        yield f"the alarm {alarm.logical_id} has no action"
        return
    operator, threshold = alarm.get("ComparisonOperator"), alarm.number("Threshold")
    reached = {"GreaterThanThreshold": 1, "GreaterThanOrEqualToThreshold": 1.000001}.get(str(operator))
    if operator is not None and (reached is None or not isinstance(threshold, int | float) or threshold >= reached):
        yield f"one event does not reach the threshold of the alarm {alarm.logical_id}"
    points = alarm.number("DatapointsToAlarm", alarm.number("EvaluationPeriods", 1))
    if not isinstance(points, int | float) or points > 1:
        yield f"the alarm {alarm.logical_id} waits for more than one period"
    sender = Sender(ALARMS, alarm, assembly)
    told: list[list[str]] = []
    for _, action in alarm.each("AlarmActions"):
        topic = assembly.target(action, near=alarm)
        if topic is None:
            told.append([f"whether {action}, which the alarm {alarm.logical_id} tells, takes it {UNSEEN}"])
        else:
            told.append(list(sender.faults(topic)) if topic.type == TOPIC else [])
    if all(told):
        yield told[0][0]
