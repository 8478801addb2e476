"""Parameter values of managed rules, and rules whose values depend on the organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks.data import kubernetes
from hardened_eks.data.log_types import CONTROL_PLANE

if TYPE_CHECKING:
    from collections.abc import Mapping

LEFT_OUT: Final[Mapping[str, str]] = {
    "GUARDDUTY_EKS_PROTECTION_RUNTIME_ENABLED": (
        "it requires that GuardDuty manages its agent; here the agent is an add-on of the stack, which this rule "
        "reports as a failure, and GUARDDUTY_RUNTIME_MONITORING_ENABLED covers runtime monitoring"
    ),
    "APPROVED_AMIS_BY_TAG": "the tags of your images differ by organization: set amisByTagKeyAndValue",
    "CLOUDWATCH_ALARM_RESOURCE_CHECK": (
        "it applies to one type and one metric that you choose: set resourceType and metricName"
    ),
    "CLOUDWATCH_ALARM_SETTINGS_CHECK": "it applies to one metric that you choose: set metricName",
    "ELB_CUSTOM_SECURITY_POLICY_SSL_CHECK": "it requires one list of ciphers: set sslProtocolsAndCiphers",
    "IAM_ROLE_MANAGED_POLICY_CHECK": "it requires your own policies on every role: set managedPolicyArns",
    "REQUIRED_TAGS": "tags differ by organization: set tag1Key",
}
"""Rules that no pack contains unless their parameters are set, with the reasons."""

NEVER: Final = frozenset({"GUARDDUTY_EKS_PROTECTION_RUNTIME_ENABLED"})
"""The rules among them that no parameter can include."""


def values(partition: str) -> Mapping[str, Mapping[str, str]]:
    """Return parameter values by rule, if AWS has no default or the controls require more.

    Source, unless data of this library applies: the parameters of the AWS Security Hub control for the same rule
    (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html, KMS.1, KMS.2, EC2.10,
    S3.6, ELB.8, ELB.12, IAM.18, CloudWatch.15), read in November 2026.
    """
    oldest = {"oldestVersionSupported": kubernetes.supported(kubernetes.READ)[0]}
    decrypts = {"blockedActionsPatterns": "kms:ReEncryptFrom,kms:Decrypt"}
    return {
        "ALB_DESYNC_MODE_CHECK": {"desyncMode": "defensive,strictest"},
        # By default, the rule also requires an action for missing data. Our alarms treat that as ALARM or OK.
        "CLOUDWATCH_ALARM_ACTION_CHECK": {
            "alarmActionRequired": "true",
            "insufficientDataActionRequired": "false",
            "okActionRequired": "false",
        },
        "EC2_TOKEN_HOP_LIMIT_CHECK": {"tokenHopLimit": "1"},
        "EKS_CLUSTER_LOG_ENABLED": {"logTypes": ",".join(CONTROL_PLANE)},
        "EKS_CLUSTER_OLDEST_SUPPORTED_VERSION": oldest,
        "EKS_CLUSTER_SUPPORTED_VERSION": oldest,
        "ELB_PREDEFINED_SECURITY_POLICY_SSL_CHECK": {"predefinedPolicyName": "ELBSecurityPolicy-TLS-1-2-2017-01"},
        "IAM_CUSTOMER_POLICY_BLOCKED_KMS_ACTIONS": decrypts,
        "IAM_INLINE_POLICY_BLOCKED_KMS_ACTIONS": decrypts,
        "IAM_POLICY_BLACKLISTED_CHECK": {"policyArns": f"arn:{partition}:iam::aws:policy/AdministratorAccess"},
        "IAM_POLICY_IN_USE": {"policyARN": f"arn:{partition}:iam::aws:policy/AWSSupportAccess"},
        "S3_BUCKET_BLACKLISTED_ACTIONS_PROHIBITED": {
            "blacklistedActionPattern": "s3:DeleteBucketPolicy,s3:PutBucketAcl,s3:PutBucketPolicy,"
            "s3:PutEncryptionConfiguration,s3:PutObjectAcl"
        },
        "SERVICE_VPC_ENDPOINT_ENABLED": {"serviceName": "ec2"},
    }
