"""A stand-in for AWS::CloudWatch::LogAlarm: an alarm on a query of a log, whose notification has the lines.

AWS runs the query by a schedule; here it runs when a line arrives in one of its log groups, over the time that
`StartTimeOffset` gives, by the stand-in `insights`. The role must be there and let it query. Each change of state is told
and is an event, as for other alarms; the reason of the state has the lines (`ActionLogLineCount` of them), which AWS writes
into the notification in a form that is not documented.

Not here: other aggregations than ``count(*)``, more than one query result, `ActionsEnabled`, missing data.
"""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

from tests.emulator.standins import alarms

TYPE = "AWS::CloudWatch::LogAlarm"


def install() -> None:
    """Put the stand-in into ministack's CloudWatch Logs."""
    from ministack.services import cloudwatch_logs as logs

    put_events = logs._put_log_events

    def put_log_events(data: dict[str, Any]) -> Any:
        answer = put_events(data)
        if answer[0] == 200:
            observe(data["logGroupName"])
        return answer

    logs._put_log_events = put_log_events


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:  # noqa: ARG001 - all of it is ours
    """Return the handler of log alarms."""
    from ministack.core.responses import get_account_id, get_region
    from ministack.services import cloudwatch

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
        name = props.get("AlarmName") or f"{stack_name}-{logical_id}-{uuid.uuid4().hex[:12]}"
        return name, _store(name, props)

    def update(name: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any) -> Any:  # noqa: ARG001
        return name, _store(name, new)

    def delete(name: str, props: dict[str, Any]) -> None:  # noqa: ARG001
        cloudwatch._alarms.pop(name, None)

    def _store(name: str, props: dict[str, Any]) -> dict[str, Any]:
        _refuse(props)
        arn = f"arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{name}"
        before = cloudwatch._alarms.get(name, {}).get("StateValue", "INSUFFICIENT_DATA")
        cloudwatch._alarms[name] = {
            "AlarmName": name,
            "AlarmArn": arn,
            "StateValue": before,
            "AlarmDescription": props.get("AlarmDescription", ""),
            "AlarmActions": props.get("AlarmActions") or [],
            "OKActions": props.get("OKActions") or [],
            "LogAlarm": props,
            # What the other stand-in asks of each alarm; without data, a missing "ignore" keeps the state.
            "Period": 300, "EvaluationPeriods": 1, "Threshold": float(props["Threshold"]), "TreatMissingData": "ignore",
            "ComparisonOperator": props["ComparisonOperator"], "Namespace": "", "MetricName": "", "Statistic": "Sum",
        }  # fmt: skip
        return {"Arn": arn}

    return {TYPE: {"create": create, "update": update, "delete": delete}}


def _refuse(props: dict[str, Any]) -> None:
    from tests.emulator.standins.insights import Query

    config = props["ScheduledQueryConfiguration"]
    Query(config["QueryString"])
    if config["AggregationExpression"] != "count(*)":
        raise ValueError(f"this stand-in counts, and knows no {config['AggregationExpression']}")
    if [int(props[key]) for key in ("QueryResultsToAlarm", "QueryResultsToEvaluate")] != [1, 1]:
        raise ValueError("this stand-in looks at one result of the query")
    roles = {config["ScheduledQueryRoleARN"], props.get("ActionLogLineRoleArn") or config["ScheduledQueryRoleARN"]}
    problem = next(filter(None, (_may_not_query(role, config["LogGroupIdentifiers"]) for role in roles)), "")
    if problem:
        raise ValueError(problem)


def _may_not_query(role_arn: str, groups: list[str]) -> str:
    """Return why CloudWatch could not query these groups with the role; empty: it can."""
    from ministack.core.responses import get_account_id, get_region
    from ministack.services import iam

    from tests.iam import Policies, Request, evaluate

    role = iam._roles.get(role_arn.rpartition("/")[2])
    if role is None:
        return f"there is no role {role_arn}"
    trust = json.dumps(role["AssumeRolePolicyDocument"])
    if "cloudwatch.amazonaws.com" not in trust or "logs.amazonaws.com" not in trust:
        return f"{role_arn} does not trust CloudWatch and CloudWatch Logs"
    documents = []
    for arn in role.get("AttachedPolicies", []):
        policy = iam._policies[arn]
        documents.append(json.loads(policy["Versions"][policy["DefaultVersionId"]]["Document"]))
    for group in groups:
        for action in ("logs:StartQuery", "logs:GetQueryResults"):
            resource = f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{group}:log-stream:x"
            if not evaluate(Request(action=action, resource=resource), Policies(identity=tuple(documents))):
                return f"{role_arn} may not {action} on {group}"
    return ""


def observe(group: str) -> None:
    """Run the query of each log alarm on a group, and tell a change of its state."""
    from ministack.services import cloudwatch
    from ministack.services import cloudwatch_logs as logs

    from tests.emulator.standins.insights import Query, _row

    for alarm in list(cloudwatch._alarms.values()):
        props = alarm.get("LogAlarm")
        if not props or group not in props["ScheduledQueryConfiguration"]["LogGroupIdentifiers"]:
            continue
        config = props["ScheduledQueryConfiguration"]
        now = int(time.time()) + 1
        start = now - int(config["ScheduleConfiguration"]["StartTimeOffset"])
        found = logs._collect_query_records(config["LogGroupIdentifiers"], start, now)
        rows, _ = Query(config["QueryString"]).run([_row(one) for one in found])
        beyond = alarms._SIGNS[alarm["ComparisonOperator"]](len(rows), alarm["Threshold"], alarm["Threshold"])
        old, new = alarm["StateValue"], "ALARM" if beyond else "OK"
        if new != old:
            shown = rows[: int(props.get("ActionLogLineCount") or 0)]
            lines = ["; ".join(f"{cell['field']}: {cell['value']}" for cell in row) for row in shown]
            reason = "\n".join([f"Threshold Crossed: {len(rows)} log events", *lines])
            alarm.update(StateValue=new, StateReason=reason)
            cloudwatch._dispatch_alarm_actions(alarm, old, new, reason)
