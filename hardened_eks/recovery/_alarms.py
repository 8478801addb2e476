"""Alerts on failed and on missing backups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from constructs import Construct

from hardened_eks._l1 import create
from hardened_eks.alerts._channel import Sender
from hardened_eks.alerts._delivery import deliver, tell
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from hardened_eks.alerts import AlertChannel

_BAD: Final = ["FAILED", "EXPIRED", "ABORTED", "PARTIAL"]
# Events of jobs have "state", those of copies and restores "status" or "state". A job with issues is COMPLETED with a
# message: https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
_PATTERN: Final = {
    "source": ["aws.backup"],
    "detail-type": ["Backup Job State Change", "Copy Job State Change", "Restore Job State Change"],
    "detail": {
        "$or": [
            {"state": _BAD},
            {"status": _BAD},
            {"state": ["COMPLETED"], "statusMessage": [{"exists": True}]},
            {"status": ["COMPLETED"], "statusMessage": [{"exists": True}]},
        ]
    },
}
_FIELDS: Final = {
    "what": "$.detail-type",
    "resource": "$.resources[0]",
    "message": "$.detail.statusMessage",
    "when": "$.time",
}
_TEXT: Final = "<what>: a backup, copy or restore is not complete at <when>. <resource>: <message>"
_HALF_A_DAY: Final = 12 * 3600


def add_alarms(scope: Construct, *, vault_name: str, channel: AlertChannel) -> None:
    """Notify a channel of jobs that are not complete, and of a vault without new backups for 36 hours.

    Args:
        scope: the parent construct of the rule and the alarm. Refused events go to the stack's dead-letter queue, which
            has an alarm.
        vault_name: name of the vault.
        channel: the channel that receives the alerts.
    """
    rule = create(
        events.CfnRule,
        scope,
        "Rule",
        description="A backup, copy or restore job is not complete",
        event_pattern=_PATTERN,
    )
    rule_arn: str = rule.attr_arn
    sender = Sender(
        service="events.amazonaws.com",
        arn=rule_arn,
        text=_TEXT,
        fields=_FIELDS,
        severity=Severity.HIGH,
        title="Backup not complete",
        key="resource",
    )
    deliver(Construct(scope, "Failed"), rule, sender, channel)
    alarm = create(
        cloudwatch.CfnAlarm,
        scope,
        "Missing",
        alarm_description=(
            f"Backup missing: nothing was backed up into vault {vault_name} for 36 hours. See whether the plan still "
            "selects the cluster, and whether its role still exists."
        ),
        namespace="AWS/Backup",
        metric_name="NumberOfBackupJobsCompleted",
        dimensions=[{"name": "BackupVaultName", "value": vault_name}],
        statistic="Sum",
        period=_HALF_A_DAY,
        evaluation_periods=3,
        threshold=1,
        comparison_operator="LessThanThreshold",
        treat_missing_data="breaching",  # a deleted plan sends no data
    )
    missing = Sender(
        service="cloudwatch.amazonaws.com", arn=alarm.attr_arn, severity=Severity.HIGH, title="Backup missing"
    )
    actions = tell(Construct(scope, "MissingTold"), alarm, missing, channel)
    if actions:
        alarm.ok_actions = actions
