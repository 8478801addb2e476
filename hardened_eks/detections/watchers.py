"""What watches the cluster: trails, logs, GuardDuty, Config, Security Hub, alarms. An intruder's first target."""

from hardened_eks.detections.clauses import WHO, api_call, untrusted
from hardened_eks.detections.model import Detection, EventPattern, MetricAlarm, Severity

_GROUPS = ["/aws/eks/<cluster>/cluster", {"prefix": "/aws/cloudtrail/"}, {"prefix": "/aws/vpc/"}]
_LOGS = "arn:<partition>:logs:<region>:<account>:log-group:"
# An ARN in place of the name, with or without the :* of old.
_GROUP_ARNS = [
    {"suffix": ":log-group:/aws/eks/<cluster>/cluster"}, {"suffix": ":log-group:/aws/eks/<cluster>/cluster:*"},
    {"prefix": f"{_LOGS}/aws/cloudtrail/"}, {"prefix": f"{_LOGS}/aws/vpc/"},
]  # fmt: skip
_TAMPERING = [
    "DeleteLogGroup", "DeleteLogStream", "PutRetentionPolicy", "DeleteRetentionPolicy", "DisassociateKmsKey",
    "DeleteMetricFilter", "DeleteSubscriptionFilter",
]  # fmt: skip
_UNPROTECT = {"eventName": ["PutLogGroupDeletionProtection"]}
_NO_PROTECTION = {"deletionProtectionEnabled": [False]}
_NEXT = "Whoever blinds the watch does something next: read all calls of this identity since then in CloudTrail."
_SERVICE_ROLE = "arn:<partition>:iam::<account>:role/aws-service-role/"
_ALERTING = api_call(
    "monitoring", "DeleteAlarms", "DisableAlarmActions", "DeleteRule", "DisableRule", "RemoveTargets", "DeleteTopic",
    "Unsubscribe", "SetTopicAttributes", "DeleteConnection", "DeleteApiDestination",
    by={"$or": [
        {
            "invokedBy": [{"exists": False}, {"anything-but": ["cloudformation.amazonaws.com"]}],
            # Auto Scaling and EventBridge itself manage alarms and rules of their own.
            "sessionContext": {"sessionIssuer": {"arn": [
                {"exists": False}, {"anything-but": {"prefix": _SERVICE_ROLE}},
            ]}},
        },
        {
            "invokedBy": ["cloudformation.amazonaws.com"],
            "sessionContext": {"sessionIssuer": {"arn": [
                {"exists": False}, {"anything-but": ["<trusted_automation>"]},
            ]}},
        },
    ]},
)  # fmt: skip
_ALERTING |= {"source": ["aws.monitoring", "aws.events", "aws.sns"]}
_ALERTING["detail"] = {key: value for key, value in _ALERTING["detail"].items() if key != "eventSource"}

WATCHERS = (
    Detection(
        id="trail-stopped",
        title="CloudTrail was stopped, deleted or narrowed",
        severity=Severity.CRITICAL,
        default=True,
        why="Without the trail nobody can say what happened, and EventBridge gets no API calls: this may be the last one.",
        first=(
            "Start it again: `aws cloudtrail start-logging --name TRAIL_ARN`; a deleted trail comes back from its "
            "template, narrowed event selectors as well.",
            WHO, _NEXT,
            "Event history (90 days, console) still records management events without a trail.",
        ),
        expressions=(EventPattern(pattern=api_call(
            "cloudtrail", "StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors", "PutInsightSelectors",
            "DeleteEventDataStore", "StopEventDataStoreIngestion", by=untrusted(),
        )),),
        false_positives="Owners of an organization trail at work.",
        technique="T1562.008",
        anchors=("cis-aws", "elastic", "sigma", "panther", "stratus"),
        requirements=("alerts.cis_cloudtrail_changes", "cloudtrail.enabled"),
    ),
    Detection(
        id="log-group-tampered",
        title="A log group of the control plane, the trail or the VPC was deleted, shortened or unprotected",
        severity=Severity.CRITICAL,
        default=True,
        why="The logs are the evidence; metric filters deleted from them are detections that never fire again.",
        first=(
            "Deploy the template again: it restores retention, key, filters and protection. A deleted group's records "
            "are gone; EKS makes a new group without encryption and retention.",
            WHO, _NEXT,
        ),
        expressions=(EventPattern(pattern={
            **(call := api_call("logs", by=untrusted())),
            "detail": {**call["detail"], "$or": [
                {"eventName": _TAMPERING, "requestParameters": {"logGroupName": _GROUPS}},
                {"eventName": _TAMPERING, "requestParameters": {"resourceIdentifier": _GROUP_ARNS}},
                {**_UNPROTECT, "requestParameters": {"logGroupIdentifier": _GROUPS, **_NO_PROTECTION}},
                {**_UNPROTECT, "requestParameters": {"logGroupIdentifier": _GROUP_ARNS, **_NO_PROTECTION}},
            ]},
        }),),
        false_positives="None known: EKS creates its group again, it deletes none.",
        technique="T1070",
        anchors=("elastic",),
        requirements=("logs.audit.managed", "logs.group.retention", "logs.group.encrypted"),
    ),
    Detection(
        id="flow-logs-deleted",
        title="Flow logs were deleted",
        severity=Severity.CRITICAL,
        default=True,
        why="Flow logs show where data went. Intruders delete them before they move it.",
        first=(
            "Deploy the network's template again: it restores the flow log.",
            WHO, _NEXT,
            "Look for new routes, peerings and public addresses since then (detection network-path-changed).",
        ),
        expressions=(EventPattern(pattern=api_call("ec2", "DeleteFlowLogs", by=untrusted())),),
        false_positives="Stacks of the account that are torn down by hand.",
        technique="T1562.008",
        anchors=("elastic", "panther", "stratus", "sigma"),
        requirements=("vpc.flow_logs",),
    ),
    Detection(
        id="guardduty-off",
        title="GuardDuty was switched off or weakened",
        severity=Severity.CRITICAL,
        default=True,
        why="Filters that archive, trusted IP lists and disabled features silence findings without a trace in the list.",
        first=(
            "Switch it on again: `aws guardduty update-detector --detector-id ID --enable`; delete new suppression "
            "filters and IP lists that nobody ordered.",
            WHO, _NEXT,
            "Look through the archived findings of that time.",
        ),
        expressions=(EventPattern(pattern=api_call(
            "guardduty", "DeleteDetector", "StopMonitoringMembers", "DisassociateMembers", "DeleteMembers",
            "DisassociateFromAdministratorAccount", "UpdateMalwareScanSettings", "CreateFilter", "UpdateFilter",
            "CreateIPSet", "UpdateIPSet", "ArchiveFindings", "DeletePublishingDestination", "UpdateDetector",
            by=untrusted(),
        )),),
        false_positives="The delegated administrator's team at work: suppression filters, archived findings.",
        technique="T1562.001",
        anchors=("elastic", "sigma"),
        requirements=("guardduty.enabled", "guardduty.eks_audit", "guardduty.eks_runtime"),
    ),
    Detection(
        id="config-off",
        title="AWS Config was stopped or lost rules",
        severity=Severity.HIGH,
        default=False,
        why="Config holds the history of every setting and the evidence of compliance.",
        first=(
            "Start it again: `aws configservice start-configuration-recorder --configuration-recorder-name NAME`; "
            "restore rules and packs from their template.",
            WHO,
        ),
        expressions=(EventPattern(pattern=api_call(
            "config", "StopConfigurationRecorder", "DeleteConfigurationRecorder", "DeleteDeliveryChannel",
            "DeleteConfigRule", "DeleteConformancePack", "PutConfigurationRecorder", by=untrusted(),
        )),),
        false_positives="AWS Control Tower, unless its role is trusted automation.",
        technique="T1562.001",
        anchors=("cis-aws", "elastic", "panther"),
        requirements=("alerts.cis_config_changes", "config.recorder", "config.eks_rules"),
    ),
    Detection(
        id="security-hub-off",
        title="Security Hub or one of its standards was switched off",
        severity=Severity.HIGH,
        default=False,
        why="Its findings are what the security team and the auditor look at.",
        first=(
            "Switch it on again: `aws securityhub enable-security-hub`, and the standards with "
            "`aws securityhub batch-enable-standards`.",
            WHO,
        ),
        expressions=(EventPattern(pattern=api_call(
            "securityhub", "DisableSecurityHub", "BatchDisableStandards", "DeleteActionTarget", by=untrusted(),
        )),),
        false_positives="Central configuration by the delegated administrator.",
        technique="T1562.001",
        anchors=("sigma",),
        requirements=("securityhub.enabled",),
    ),
    Detection(
        id="alerting-tampered",
        title="Alarms, event rules or topics were deleted or changed by hand",
        severity=Severity.CRITICAL,
        default=True,
        why="Without them the next event reaches nobody. It is the cheapest way to be left alone.",
        first=(
            "Deploy the alerting stack again, then send a test message through every channel.",
            WHO, _NEXT,
        ),
        expressions=(EventPattern(pattern=_ALERTING),),
        false_positives="Owners of other topics and alarms of the account.",
        technique="T1562.008",
        anchors=("elastic",),
        requirements=("alerts.alarm_actions",),
    ),
    Detection(
        id="audit-silent",
        title="The control-plane log is silent",
        severity=Severity.CRITICAL,
        default=True,
        why=(
            "A running cluster writes audit records every second. Silence means that logging is off, the group is gone, "
            "or the control plane is down: all detections on the audit log are blind."
        ),
        first=(
            "Ask whether logging is on: `aws eks describe-cluster --name <cluster> --query cluster.[status,logging]`; "
            "if it is off, see eks-logging-disabled.",
            "Ask whether the group is there and in class STANDARD: "
            "`aws logs describe-log-groups --log-group-name-prefix /aws/eks/<cluster>/cluster`.",
            "If both are right, try `kubectl get --raw /readyz`, and look at the AWS Health Dashboard.",
        ),
        expressions=(MetricAlarm(alarms=({
            "Namespace": "AWS/Logs", "MetricName": "IncomingLogEvents",
            "Dimensions": [{"Name": "LogGroupName", "Value": "/aws/eks/<cluster>/cluster"}],
            "Statistic": "Sum", "Period": 300, "EvaluationPeriods": 3, "DatapointsToAlarm": 3,
            "ComparisonOperator": "LessThanThreshold", "Threshold": 1, "TreatMissingData": "breaching",
        },)),),
        false_positives="The first minutes of a new cluster.",
        technique="T1562.008",
        requirements=("eks.logging.audit", "logs.audit.managed", "aws.apiserver.audit_policy"),
    ),
)  # fmt: skip
