"""Stand-ins for what ministack lacks between an event and a message. Each is ours, not AWS's, and says what it leaves out.

A stand-in fails loudly on what it does not know: a pattern, a query or an expression outside its subset is refused with
a sentence that names it, never taken for "matches nothing".

| module | what it adds |
|---|---|
| `metrics` | PutLogEvents runs the log group's metric filters (`tests.detections.metric_filters`); TestMetricFilter |
| `alarms` | alarms look at their dimensions, periods and missing data; each change of state is an event of the default bus |
| `delivery` | targets of rules: retries, dead-letter queues, log groups, metrics of AWS/Events; states of rules |
| `access` | policies of topics, queues, keys and log groups, for EventBridge and for alarms |
| `transformer` | JSON paths of input transformers with array indices; a template that yields broken JSON is refused |
| `destinations` | connections and API destinations of CloudFormation, secrets in Secrets Manager, requests sent to a local server |
| `log_alarms` | AWS::CloudWatch::LogAlarm: its query runs when a line arrives, and its notification has the lines |
| `insights` | Logs Insights: fields, display, filter, stats, sort, dedup, limit |
| `workflows` | Step Functions' SDK integrations of `eks`, `autoscaling`, `ec2` and `iam`, by botocore's serializers |
| `activities` | AWS::StepFunctions::Activity in CloudFormation; a task that nobody takes times out |
| `images` | UpdateImageStorageClass of ECR; an archived image cannot be pulled |
| `nodes` | attributes of instances and interfaces, snapshots of an instance, detaching from an Auto Scaling group |
| `clusters` | UpdateClusterConfig, DescribeUpdate, ListUpdates |
| `kubectl` | a recording kubectl handler: notes what it would apply, by access entry, RBAC and admission policies |
| `evaluations` | PutEvaluations and GetComplianceDetailsByConfigRule of AWS Config; a cluster's endpoint is a test's server |
| `describing` | what an audit asks and ministack does not answer |
| `settings` | settings of the account, as the commands of `AccountDefaults.commands` make them |

What tests use is in `tests.emulator.observing`: `observe` puts an event, `Inbox` reads what a topic sends, `Receiver` is
the HTTP server behind API destinations, `eventually` waits.
"""

from __future__ import annotations

from typing import Any

from tests.emulator.standins import (
    access,
    activities,
    alarms,
    clusters,
    delivery,
    describing,
    destinations,
    evaluations,
    images,
    insights,
    kubectl,
    log_alarms,
    metrics,
    nodes,
    settings,
    transformer,
    workflows,
)

Handlers = dict[str, dict[str, Any]]


def install(table: Handlers) -> None:
    """Put the stand-ins into ministack's modules, and the handlers of CloudFormation types into `table`."""
    for module in (
        metrics,
        access,
        alarms,
        transformer,
        delivery,
        destinations,
        clusters,
        evaluations,
        nodes,
        workflows,
        insights,
        log_alarms,
        images,
        activities,
        kubectl,
        describing,
        settings,
    ):
        module.install()
    for module in (access, delivery, destinations, activities, kubectl, log_alarms):
        table.update(module.handlers(table))
