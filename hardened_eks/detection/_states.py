"""The definitions of a detection's state machines in Amazon States Language, with JSONata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks._machines import ERROR
from hardened_eks.alerts._reports import report_entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_RETRY: Final = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "MaxAttempts": 5, "BackoffRate": 2}]
_LINES: Final = (
    "$join($map($rows, function($row) { $join($map($filter($row, function($cell) { $cell.Field != '@ptr' }), "
    "function($cell) { $cell.Field & ': ' & $cell.Value }), ', ') }), '\\n')"
)
"""Each row of the results as a line of ``field: value``."""
_DAY: Final = 24 * 3600
_BEFORE: Final = 900
"""Seconds between the start of the evidence and the alarm."""


def evidence(cluster: str, log_group: str, queries: Mapping[str, Mapping[str, str]], partition: str) -> dict[str, Any]:
    """Return the machine that reports user, address, object and time after an alarm.

    Args:
        cluster: name of the cluster.
        log_group: name of the control-plane log group.
        queries: ``title``, ``severity`` and ``query`` by ID of the detection.
        partition: partition of the ARNs of Step Functions' integrations.
    """
    about = "$lookup($queries, $id)"
    report = {
        "severity": f"{{% {about}.severity %}}",
        "title": f"{{% {about}.title %}}",
        "key": "{% $change %}",  # that of the alarm's own incident
        "cluster": cluster,
        "detection": "{% $id %}",
    }
    head = f"'EKS cluster {cluster}, ' & $id & ': '"
    none = "'The query found nothing; run it again, records may be late: '"
    text = f"{{% {head} & ($count($rows) > 0 ? 'Who, from where, what:\\n' & {_LINES} : {none} & {about}.query) %}}"
    failed = f"{{% {head} & 'The evidence is missing (' & $failure & '). Run: ' & {about}.query %}}"
    metric = "$states.input.detail.configuration.metrics.metricStat.metric.name"
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "ReadAlarm",
        "TimeoutSeconds": 1800,
        "States": {
            "ReadAlarm": {
                "Type": "Pass",
                "Assign": {
                    "queries": queries,
                    "id": f"{{% ({metric})[0] %}}",
                    "change": "{% $states.input.id %}",
                    "from": f"{{% $floor($toMillis($states.input.time) / 1000) - {_BEFORE} %}}",
                    "rows": [],
                    "failure": "",
                },
                "Next": "WaitForIndex",
            },
            # CloudWatch Logs counts records before they can be queried.
            "WaitForIndex": {"Type": "Wait", "Seconds": 60, "Next": "StartQuery"},
            **_query(
                log_group,
                f"{{% {about}.query %}}",
                "{% $from %}",
                then="ReportEvidence",
                failed="ReportFailure",
                partition=partition,
            ),
            "ReportEvidence": _report({**report, "text": text}, partition),
            "ReportFailure": _report({**report, "text": failed}, partition),
        },
    }


def digest(cluster: str, queries: Sequence[Mapping[str, str]], partition: str) -> dict[str, Any]:
    """Return the machine that summarizes a day in one message.

    Args:
        cluster: name of the cluster.
        queries: ``title``, ``group`` and ``query`` of each part.
        partition: partition of the ARNs of Step Functions' integrations.
    """
    part = f"$part.title & ':\\n' & ($count($rows) > 0 ? {_LINES} : '-')"
    text = f"{{% 'Digest of EKS cluster {cluster}, last 24 hours.\\n\\n' & $join([$states.input], '\\n\\n') %}}"
    failed = "{% $part.title & ': not known (' & $failure & ')' %}"
    since = f"{{% $floor($millis() / 1000) - {_DAY} %}}"
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "EachPart",
        "TimeoutSeconds": 3600,
        "States": {
            "EachPart": {
                "Type": "Map",
                "Items": list(queries),
                "MaxConcurrency": 3,
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "INLINE"},
                    "StartAt": "ReadPart",
                    "States": {
                        "ReadPart": {
                            "Type": "Pass",
                            "Assign": {"part": "{% $states.input %}", "rows": [], "failure": ""},
                            "Next": "StartQuery",
                        },
                        **_query(
                            "{% $part.group %}",
                            "{% $part.query %}",
                            since,
                            then="Told",
                            failed="NotTold",
                            partition=partition,
                        ),
                        "Told": {"Type": "Pass", "Output": f"{{% {part} %}}", "End": True},
                        "NotTold": {"Type": "Pass", "Output": failed, "End": True},
                    },
                },
                "Next": "Report",
            },
            "Report": _report(
                {
                    "severity": "low",
                    "title": f"Digest of EKS cluster {cluster}",
                    # One for each day: PagerDuty would silently add it to the incident of an earlier day.
                    "key": f"{{% 'digest-{cluster}-' & $substring($states.context.Execution.StartTime, 0, 10) %}}",
                    "cluster": cluster,
                    "detection": "digest",
                    "text": text,
                },
                partition,
            ),
        },
    }


def _query(group: str, query: str, since: str, *, then: str, failed: str, partition: str) -> dict[str, Any]:
    """Return states that run a query and put the rows into ``$rows``, or the error into ``$failure``."""
    catch = [{"ErrorEquals": ["States.ALL"], "Assign": {"failure": ERROR}, "Next": failed}]
    return {
        "StartQuery": {
            "Type": "Task",
            "Resource": f"arn:{partition}:states:::aws-sdk:cloudwatchlogs:startQuery",
            "Arguments": {
                "LogGroupName": group,
                "QueryString": query,
                "StartTime": since,
                "EndTime": "{% $floor($millis() / 1000) %}",
                "Limit": 20,
            },
            "Assign": {"query": "{% $states.result.QueryId %}"},
            "Retry": _RETRY,
            "Catch": catch,
            "Next": "WaitForResults",
        },
        "WaitForResults": {"Type": "Wait", "Seconds": 5, "Next": "GetResults"},
        "GetResults": {
            "Type": "Task",
            "Resource": f"arn:{partition}:states:::aws-sdk:cloudwatchlogs:getQueryResults",
            "Arguments": {"QueryId": "{% $query %}"},
            "Assign": {"status": "{% $states.result.Status %}", "rows": "{% $states.result.Results %}"},
            "Retry": _RETRY,
            "Catch": catch,
            "Next": "IsItReady",
        },
        "IsItReady": {
            "Type": "Choice",
            "Choices": [
                {"Condition": "{% $status = 'Complete' %}", "Next": then},
                {"Condition": "{% $status in ['Scheduled', 'Running'] %}", "Next": "WaitForResults"},
            ],
            "Assign": {"failure": "{% 'the query is ' & $status %}"},
            "Default": failed,
        },
    }


def _report(detail: Mapping[str, str], partition: str) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": f"arn:{partition}:states:::events:putEvents",
        "Arguments": {"Entries": [report_entry(**detail)]},
        "Retry": _RETRY,
        "End": True,
    }
