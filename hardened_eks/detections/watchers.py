"""Detections on logging, a first target of intruders: trails, control-plane logs and flow logs."""

from hardened_eks.detections.clauses import ABSENT, NEXT, STRANGER, SUCCEEDED, WHO, on_call, one_of, trail, untrusted
from hardened_eks.detections.model import Detection, MetricAlarm, Severity

_GROUPS = ["/aws/eks/<cluster>/cluster", {"prefix": "/aws/cloudtrail/"}, {"prefix": "/aws/vpc/"}]
_LOGS = "arn:<partition>:logs:<region>:<account>:log-group:"
# An ARN instead of the name, with or without the older suffix :*.
_GROUP_ARNS = [
    {"suffix": ":log-group:/aws/eks/<cluster>/cluster"}, {"suffix": ":log-group:/aws/eks/<cluster>/cluster:*"},
    {"prefix": f"{_LOGS}/aws/cloudtrail/"}, {"prefix": f"{_LOGS}/aws/vpc/"},
]  # fmt: skip
_STOPPING = (
    "StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors", "PutInsightSelectors", "DeleteEventDataStore",
    "StopEventDataStoreIngestion", "UpdateEventDataStore",
)  # fmt: skip
_TAMPERING = [
    "DeleteLogGroup", "DeleteLogStream", "PutRetentionPolicy", "DeleteRetentionPolicy", "DisassociateKmsKey",
    "AssociateKmsKey", "DeleteMetricFilter", "PutMetricFilter", "DeleteSubscriptionFilter",
    # Both change what filters and queries see: one masks values, the other removes fields.
    "PutDataProtectionPolicy", "PutTransformer", "PutLogGroupDeletionProtection",
]  # fmt: skip
_MASKING = ["DATA_PROTECTION_POLICY", "TRANSFORMER_POLICY"]

WATCHERS = (
    Detection(
        id="trail-stopped",
        title="CloudTrail was stopped, deleted or restricted",
        severity=Severity.CRITICAL,
        default=True,
        why=(
            "Without the trail, nobody knows what happened, and EventBridge receives no API calls: this alert may be "
            "the last one."
        ),
        first=(
            (
                "Start it again: `aws cloudtrail start-logging --name TRAIL_ARN`. To restore a deleted trail or "
                "changed event selectors, deploy their template."
            ),
            WHO,
            NEXT,
            "The CloudTrail event history (console, 90 days) still records management events without a trail.",
        ),
        expressions=(
            on_call("cloudtrail", *_STOPPING, by=untrusted()),
            trail("cloudtrail", SUCCEEDED, one_of("eventName", *_STOPPING), STRANGER),
        ),
        false_positives="Manual changes by the owners of an organization trail.",
        technique="T1562.008",
        anchors=("cis-aws", "elastic", "sigma", "panther", "stratus"),
        requirements=("alerts.cis_cloudtrail_changes", "cloudtrail.enabled"),
        blind=(
            "A trail is changed in its home Region, and EventBridge has the call only there: for a trail with another "
            "home Region, use the log group of the trail."
        ),
    ),
    Detection(
        id="log-group-tampered",
        title="A log group of the control plane, the trail or the VPC was deleted, or lost its retention or protection",
        severity=Severity.CRITICAL,
        default=True,
        why=(
            "The logs are the evidence. If their metric filters are deleted, the detections that use them never fire "
            "again."
        ),
        first=(
            (
                "Deploy the template again to restore retention, key, filters and protection. The records of a "
                "deleted group are lost; EKS creates a new group without encryption and retention."
            ),
            WHO,
            NEXT,
        ),
        expressions=(
            on_call(
                "logs",
                by=untrusted(),
                either=[
                    {
                        "eventName": _TAMPERING,
                        "requestParameters": {
                            "$or": [
                                {"logGroupName": _GROUPS},
                                {"resourceIdentifier": _GROUP_ARNS},
                                {"logGroupIdentifier": [*_GROUPS, *_GROUP_ARNS]},
                            ],
                            "deletionProtectionEnabled": [ABSENT, False],
                        },
                    },
                    {"eventName": ["PutAccountPolicy"], "requestParameters": {"policyType": _MASKING}},
                ],
            ),
        ),
        false_positives="Metric filters that somebody adds by hand. EKS recreates its group but never deletes it.",
        technique="T1070",
        anchors=("elastic",),
        requirements=("logs.audit.managed", "logs.group.retention", "logs.group.encrypted"),
    ),
    Detection(
        id="flow-logs-deleted",
        title="Flow logs were deleted",
        severity=Severity.CRITICAL,
        default=True,
        why="Flow logs show where data went. Intruders delete them before they move data out.",
        first=(
            "Deploy the template of the network again to restore the flow log.",
            WHO,
            NEXT,
            "Look for new routes, peerings and public addresses since then (detection network-path-changed).",
        ),
        expressions=(on_call("ec2", "DeleteFlowLogs", by=untrusted()),),
        false_positives="Stacks of the account that are deleted manually.",
        technique="T1562.008",
        anchors=("elastic", "panther", "stratus", "sigma"),
        requirements=("vpc.flow_logs",),
    ),
    Detection(
        id="audit-silent",
        title="The audit log receives no records",
        severity=Severity.CRITICAL,
        default=True,
        why=(
            "A running cluster writes audit records every second. If there are none, the audit log is off, the log "
            "group or its metric filters are gone, or the control plane is down, and no detection on the audit log "
            "works."
        ),
        first=(
            (
                "Check that logging is on: `aws eks describe-cluster --name <cluster> --query "
                "cluster.[status,logging]`; if it is off, see eks-logging-disabled."
            ),
            (
                "Check that the log group exists, has the class STANDARD and has metric filters: `aws logs "
                "describe-log-groups --log-group-name-prefix /aws/eks/<cluster>/cluster`."
            ),
            "If both are correct, try `kubectl get --raw /readyz`, and look at the AWS Health Dashboard.",
        ),
        expressions=(
            MetricAlarm(
                alarms=(
                    {
                        # Not IncomingLogEvents of the group, to which the other logs of the control plane go as well.
                        "FilterPattern": '{ $.apiVersion = "audit.k8s.io/*" }',
                        "Namespace": "HardenedEks/<cluster>",
                        "MetricName": "audit-records",
                        "Dimensions": [],
                        "Statistic": "Sum",
                        "Period": 300,
                        "EvaluationPeriods": 3,
                        "DatapointsToAlarm": 3,
                        "ComparisonOperator": "LessThanThreshold",
                        "Threshold": 1,
                        "TreatMissingData": "breaching",
                    },
                )
            ),
        ),
        false_positives="The first minutes of a new cluster.",
        technique="T1562.008",
        requirements=("eks.logging.audit", "logs.audit.managed", "aws.apiserver.audit_policy"),
    ),
)
