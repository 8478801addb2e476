"""Detections on monitoring: GuardDuty, AWS Config, Security Hub, alarms and their topics."""

from hardened_eks.detections.clauses import ABSENT, NEXT, WHO, on_call, untrusted
from hardened_eks.detections.model import Detection, EventPattern, Severity

_ALERTING = [
    "DeleteAlarms", "DisableAlarmActions", "PutAlarmMuteRule", "DeleteRule", "DisableRule", "RemoveTargets",
    "DeleteTopic", "Unsubscribe", "SetTopicAttributes", "SetSubscriptionAttributes", "RemovePermission",
    "DeleteConnection", "UpdateConnection", "DeauthorizeConnection", "DeleteApiDestination", "UpdateApiDestination",
]  # fmt: skip
# The same by an API that writes the whole rule or alarm.
_SILENCED = [
    {"eventName": ["PutRule"], "requestParameters": {"state": ["DISABLED"]}},
    {
        "eventName": ["PutMetricAlarm", "PutCompositeAlarm", "PutLogAlarm"],
        "requestParameters": {"actionsEnabled": [False]},
    },
]
# Auto Scaling and EventBridge manage their own alarms and rules with service-linked roles.
_SERVICE_ROLES = "arn:<partition>:iam::<account>:role/aws-service-role/"

DETECTORS = (
    Detection(
        id="guardduty-off",
        title="GuardDuty was turned off or weakened",
        severity=Severity.CRITICAL,
        default=True,
        why="Suppression filters, lists of trusted entities and disabled features hide findings without a trace.",
        first=(
            (
                "Turn it on again: `aws guardduty update-detector --detector-id ID --enable`; delete suppression "
                "filters and IP lists that nobody requested."
            ),
            WHO,
            NEXT,
            "Read the findings that have been archived since then.",
        ),
        expressions=(
            on_call(
                "guardduty",
                "DeleteDetector",
                "StopMonitoringMembers",
                "DisassociateMembers",
                "DeleteMembers",
                "DisassociateFromAdministratorAccount",
                "DisassociateFromMasterAccount",
                "DisableOrganizationAdminAccount",
                "UpdateOrganizationConfiguration",
                "UpdateMemberDetectors",
                "UpdateMalwareScanSettings",
                "CreateFilter",
                "UpdateFilter",
                "CreateIPSet",
                "UpdateIPSet",
                "CreateTrustedEntitySet",
                "UpdateTrustedEntitySet",
                "ArchiveFindings",
                "DeletePublishingDestination",
                "UpdateDetector",
                by=untrusted(),
            ),
        ),
        false_positives="The delegated administrator's team creating suppression filters or archiving findings.",
        technique="T1562.001",
        anchors=("elastic", "sigma"),
        requirements=("guardduty.enabled", "guardduty.eks_audit", "guardduty.eks_runtime"),
    ),
    Detection(
        id="config-off",
        title="AWS Config was stopped or lost rules",
        severity=Severity.HIGH,
        default=False,
        why="AWS Config records the history of every setting and the evidence of compliance.",
        first=(
            (
                "Start the recorder again (AWS Config console, Settings); restore rules and conformance packs from "
                "their template."
            ),
            WHO,
        ),
        expressions=(
            on_call(
                "config",
                "StopConfigurationRecorder",
                "DeleteConfigurationRecorder",
                "DeleteDeliveryChannel",
                "DeleteConfigRule",
                "DeleteConformancePack",
                "DeleteOrganizationConfigRule",
                "DeleteOrganizationConformancePack",
                "PutConfigurationRecorder",
                "PutDeliveryChannel",
                "DeleteServiceLinkedConfigurationRecorder",
                "DisassociateResourceTypes",
                by=untrusted(),
            ),
        ),
        false_positives="AWS Control Tower, unless its role is trusted automation.",
        technique="T1562.001",
        anchors=("cis-aws", "elastic", "panther"),
        requirements=("alerts.cis_config_changes", "config.recorder", "config.eks_rules"),
    ),
    Detection(
        id="hook-off",
        title="A CloudFormation hook, or another extension, was turned off or changed",
        severity=Severity.HIGH,
        default=False,
        why="Without the hook, any stack may create an unsafe cluster, even if a pipeline would refuse its template.",
        first=(
            "Deploy the stack of the hook again: it activates the type and restores its settings.",
            WHO,
            "List the stacks that changed meanwhile, and check their templates: `hardened-eks audit`.",
        ),
        expressions=(
            on_call("cloudformation", "DeactivateType", "DeregisterType", "SetTypeConfiguration", by=untrusted()),
        ),
        false_positives="Teams that activate or configure public extensions by hand.",
        technique="T1562.001",
        requirements=("config.eks_rules",),
    ),
    Detection(
        id="security-hub-off",
        title="Security Hub, or one of its standards or controls, was turned off",
        severity=Severity.HIGH,
        default=False,
        why="The security team and auditors rely on its findings.",
        first=(
            (
                "Turn it on again: `aws securityhub enable-security-hub`, and the standards with `aws securityhub "
                "batch-enable-standards`."
            ),
            WHO,
        ),
        expressions=(
            on_call(
                "securityhub",
                "DisableSecurityHub",
                "DisableSecurityHubV2",
                "DisableSecurityHubFeatureV2",
                "BatchDisableStandards",
                "BatchUpdateStandardsControlAssociations",
                "UpdateStandardsControl",
                "DisableImportFindingsForProduct",
                "DisassociateFromAdministratorAccount",
                "DisassociateFromMasterAccount",
                "DisassociateMembers",
                "DeleteMembers",
                "DisableOrganizationAdminAccount",
                "StartConfigurationPolicyDisassociation",
                "DeleteActionTarget",
                by=untrusted(),
            ),
        ),
        false_positives="Central configuration by the delegated administrator; controls that somebody turns on.",
        technique="T1562.001",
        anchors=("sigma",),
        requirements=("securityhub.enabled",),
    ),
    Detection(
        id="alerting-tampered",
        title="Alarms, event rules or topics were deleted or changed by hand",
        severity=Severity.CRITICAL,
        default=True,
        why="Without them, the next event reaches nobody.",
        first=(
            "Deploy the alerting stack again, then send a test message through every channel.",
            WHO,
            NEXT,
        ),
        expressions=(
            EventPattern(
                pattern={
                    "source": ["aws.monitoring", "aws.events", "aws.sns"],
                    "detail-type": ["AWS API Call via CloudTrail"],
                    "detail": {
                        "$or": [{"eventName": _ALERTING}, *_SILENCED],
                        "errorCode": [ABSENT],
                        "userIdentity": untrusted(but={"anything-but": {"prefix": _SERVICE_ROLES}}),
                    },
                }
            ),
        ),
        false_positives="Owners of other topics and alarms of the account.",
        technique="T1562.008",
        anchors=("elastic",),
        requirements=("alerts.alarm_actions",),
        blind=(
            "An alarm, a rule or a target that PutMetricAlarm, PutRule or PutTargets replaces by one that never fires "
            "or reaches nobody. An e-mail recipient who follows the link to unsubscribe."
        ),
    ),
)
