"""Detections on the account of the cluster: sign-in, buckets and the organization."""

from hardened_eks.detections.clauses import STRANGER, SUCCEEDED, WHO, api_call, on_call, one_of, trail, untrusted
from hardened_eks.detections.model import Detection, EventPattern, Severity

_BUCKET = (
    "PutBucketPolicy", "DeleteBucketPolicy", "PutBucketAcl", "PutBucketCors", "DeleteBucketCors", "PutBucketLifecycle",
    "DeleteBucketLifecycle", "PutBucketReplication", "DeleteBucketReplication", "PutBucketPublicAccessBlock",
    "DeleteBucketPublicAccessBlock", "PutAccountPublicAccessBlock", "DeleteAccountPublicAccessBlock",
)  # fmt: skip
"""The calls in CIS AWS Foundations, and those on public access, which it does not list."""
_ENDS = ("*BucketPolicy", "*BucketAcl", "*BucketCors", "*BucketLifecycle", "*BucketReplication", "*PublicAccessBlock")
"""The same for a metric filter, in which their names do not fit."""
_POLICIES = (
    "CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion", "SetDefaultPolicyVersion",
    "AttachRolePolicy", "DetachRolePolicy", "AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy",
    "DetachGroupPolicy", "PutRolePolicy", "DeleteRolePolicy", "PutUserPolicy", "DeleteUserPolicy", "PutGroupPolicy",
    "DeleteGroupPolicy",
)  # fmt: skip
_POLICY_ENDS = ("*Policy", "*PolicyVersion")

ACCOUNT = (
    Detection(
        id="console-login-failed",
        title="Console sign-in failed repeatedly",
        severity=Severity.MEDIUM,
        default=False,
        why="Somebody is trying passwords of IAM users or root.",
        first=(
            (
                "Find out for which users, and from where: in Logs Insights, on the log group of the trail, run "
                "`filter eventName = 'ConsoleLogin' and responseElements.ConsoleLogin = 'Failure' | stats count(*) by "
                "userIdentity.type, userIdentity.userName, sourceIPAddress, errorMessage`."
            ),
            (
                "Look for a sign-in from the same address that succeeded; if there is one, treat the credentials of "
                "the user as stolen."
            ),
            "Otherwise, have the passwords of the users changed and MFA enforced, or move to IAM Identity Center.",
        ),
        expressions=(
            trail(
                "signin",
                '$.eventName = "ConsoleLogin"',
                '$.responseElements.ConsoleLogin = "Failure"',
                threshold=5,
                period=300,
            ),
        ),
        false_positives="Somebody who has forgotten a password.",
        technique="T1110",
        anchors=("cis-aws", "panther"),
        requirements=("alerts.cis_console_auth_failures",),
        blind=(
            "Needs the log group of a multi-Region trail: EventBridge cannot count, and IAM users sign in through "
            "several Regions. AWS hides the names of users who do not exist."
        ),
    ),
    Detection(
        id="api-denied",
        title="Calls to AWS APIs are denied repeatedly",
        severity=Severity.MEDIUM,
        default=False,
        why=(
            "Somebody with stolen credentials tries many calls to find out what they allow, and most of them are "
            "denied."
        ),
        first=(
            (
                "Find out whose calls they are: in Logs Insights, on the log group of the trail, run "
                "`filter errorCode like /AccessDenied|UnauthorizedOperation/ | stats count(*) by userIdentity.arn, "
                "sourceIPAddress, eventName`."
            ),
            (
                "If one identity is denied many different calls from an unusual address, it is not a bug: revoke its "
                "sessions."
            ),
            "A program that lacks a permission repeats the same call: grant the permission, or stop the program.",
        ),
        expressions=(
            trail(
                "",
                one_of("errorCode", "AccessDenied*", "*UnauthorizedOperation"),
                '$.sourceIPAddress != "*.amazonaws.com"',
                threshold=20,
                period=300,
            ),
        ),
        false_positives="Your own scanners, and programs that lack a permission.",
        technique="T1526",
        anchors=("cis-aws",),
        requirements=("alerts.cis_unauthorized_api",),
        blind=(
            "Needs the log group of a multi-Region trail: EventBridge cannot count. Calls of AWS services do not count."
        ),
    ),
    Detection(
        id="iam-policy-changed",
        title="An IAM policy was changed, attached or detached",
        severity=Severity.MEDIUM,
        default=False,
        why=(
            "A policy that allows more, or is attached to another principal, can lead to every permission in the "
            "account."
        ),
        first=(
            (
                "Read the new version: `aws iam get-policy-version --policy-arn ARN --version-id ID`, and who has it: "
                "`aws iam list-entities-for-policy --policy-arn ARN`."
            ),
            "Deploy the policy's template again; this replaces a version that nobody requested.",
            WHO,
        ),
        expressions=(
            on_call("iam", *_POLICIES, by=untrusted()),
            trail("iam", SUCCEEDED, one_of("eventName", *_POLICY_ENDS), "$.readOnly IS FALSE", STRANGER),
        ),
        false_positives="Policies of the account that no template manages.",
        technique="T1098.003",
        anchors=("cis-aws", "elastic", "panther"),
        requirements=("alerts.cis_iam_changes",),
        blind=(
            "EventBridge receives IAM calls only in us-east-1 (GovCloud: us-gov-west-1, China: cn-north-1); in other "
            "Regions, use the log group of the trail."
        ),
    ),
    Detection(
        id="s3-policy-changed",
        title="Access to an S3 bucket was changed",
        severity=Severity.MEDIUM,
        default=False,
        why="Buckets hold the trail, the backups and the data of workloads. One call can open or empty them.",
        first=(
            (
                "Check who has access now: `aws s3api get-bucket-policy-status --bucket NAME`, `aws s3api "
                "get-public-access-block --bucket NAME`."
            ),
            "Deploy the bucket's template again. To close it at once, block public access in the S3 console.",
            WHO,
        ),
        expressions=(
            on_call("s3", *_BUCKET, by=untrusted()),
            trail("s3", SUCCEEDED, "$.readOnly IS FALSE", one_of("eventName", *_ENDS), STRANGER),
        ),
        false_positives="Manual changes by owners of buckets that no template manages.",
        technique="T1530",
        anchors=("cis-aws", "elastic", "panther"),
        requirements=("alerts.cis_s3_policy_changes", "s3.block_public"),
    ),
    Detection(
        id="organization-changed",
        title="The AWS organization was changed",
        severity=Severity.HIGH,
        default=False,
        why=(
            "Without its service control policies, an account loses the guardrails that not even an administrator can "
            "bypass."
        ),
        first=(
            "Read the call: DetachPolicy, MoveAccount and LeaveOrganization remove guardrails from an account at once.",
            (
                "Check which policies apply now: `aws organizations list-policies-for-target --target-id ACCOUNT "
                "--filter SERVICE_CONTROL_POLICY`; attach what is missing."
            ),
            WHO,
        ),
        expressions=(
            EventPattern(pattern=api_call("organizations", by=untrusted(), readOnly=[False])),
            trail("organizations", SUCCEEDED, "$.readOnly IS FALSE", STRANGER),
        ),
        false_positives="Landing zones that create accounts: add their role to trusted_automation.",
        technique="T1562",
        anchors=("cis-aws",),
        requirements=("alerts.cis_org_changes",),
        blind=(
            "Only the management account receives these events, except calls of a member account about itself. "
            "EventBridge receives them in us-east-1 (GovCloud: us-gov-west-1, China: cn-northwest-1)."
        ),
    ),
)
