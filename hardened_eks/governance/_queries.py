"""Queries of a trail for audits and incidents, saved in CloudWatch Logs Insights.

The first is the evidence for PCI DSS 1.3 that AWS Audit Manager collected from createCluster and updateClusterConfig.
"""

from __future__ import annotations

from typing import Final

_WHO: Final = "fields @timestamp, userIdentity.arn as who, sourceIPAddress as address, eventName"
_LAST: Final = "| sort @timestamp desc | limit 200"
_EKS: Final = "eventSource = 'eks.amazonaws.com'"

QUERIES: Final = {
    "cluster-configuration": (
        f"{_WHO}, requestParameters.name as cluster, errorCode | filter {_EKS} and "
        "eventName in ['CreateCluster', 'UpdateClusterConfig', 'UpdateClusterVersion', 'DeleteCluster'] " + _LAST
    ),
    "cluster-access": (
        f"{_WHO}, requestParameters.principalArn as principal, requestParameters.policyArn as policy | filter {_EKS} "
        "and eventName in ['CreateAccessEntry', 'UpdateAccessEntry', 'DeleteAccessEntry', 'AssociateAccessPolicy', "
        "'DisassociateAccessPolicy', 'AssociateIdentityProviderConfig', 'CreatePodIdentityAssociation', "
        "'UpdatePodIdentityAssociation'] " + _LAST
    ),
    "cluster-changes-without-cloudformation": (
        f"{_WHO}, userAgent | filter {_EKS} and readOnly = 0 and sourceIPAddress != 'cloudformation.amazonaws.com' "
        + _LAST
    ),
    "refused-calls": (
        "filter errorCode in ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', "
        "'Client.UnauthorizedOperation'] | stats count(*) as refused, max(@timestamp) as last by userIdentity.arn, "
        "sourceIPAddress, eventSource, eventName | sort refused desc | limit 100"
    ),
    "root-user": f"{_WHO}, eventSource | filter userIdentity.type = 'Root' and eventType != 'AwsServiceEvent' " + _LAST,
    "sign-in-without-mfa": (
        f"{_WHO}, responseElements.ConsoleLogin as result | filter eventName = 'ConsoleLogin' and "
        "additionalEventData.MFAUsed != 'Yes' and userIdentity.type != 'AssumedRole' " + _LAST
    ),
    "keys": (
        f"{_WHO}, requestParameters.keyId as key, errorCode | filter eventSource = 'kms.amazonaws.com' and eventName "
        "in ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy', 'RevokeGrant', 'DisableKeyRotation'] " + _LAST
    ),
    "record-and-backups": (
        f"{_WHO}, eventSource, errorCode | filter eventName in ['StopLogging', 'DeleteTrail', 'UpdateTrail', "
        "'PutEventSelectors', 'DeleteLogGroup', 'PutRetentionPolicy', 'DeleteFlowLogs', 'StopConfigurationRecorder', "
        "'DeleteConfigurationRecorder', 'DeleteDetector', 'DeleteBackupVault', 'DeleteRecoveryPoint', "
        "'DeleteBackupVaultLockConfiguration', 'PutBucketPolicy', 'PutBucketLifecycle'] " + _LAST
    ),
    "roles-taken": (
        f"{_WHO}, requestParameters.roleArn as role, requestParameters.sourceIdentity as person | filter eventSource = "
        "'sts.amazonaws.com' and eventName in ['AssumeRole', 'AssumeRoleWithSAML'] and userIdentity.type != "
        "'AWSService' " + _LAST
    ),
    "secrets-read": (
        f"{_WHO}, requestParameters.secretId as secret | filter eventSource = 'secretsmanager.amazonaws.com' and "
        "eventName = 'GetSecretValue' " + _LAST
    ),
}
"""Queries by name."""
