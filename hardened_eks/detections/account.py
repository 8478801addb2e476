"""The account around the cluster: sign-in, buckets, the organization."""

from hardened_eks.detections.clauses import STRANGER, SUCCEEDED, WHO, api_call, on_call, one_of, trail, untrusted
from hardened_eks.detections.model import Detection, EventPattern, Severity

_BUCKET = (
    "PutBucketPolicy", "DeleteBucketPolicy", "PutBucketAcl", "PutBucketCors", "DeleteBucketCors", "PutBucketLifecycle",
    "DeleteBucketLifecycle", "PutBucketReplication", "DeleteBucketReplication", "PutBucketPublicAccessBlock",
    "DeleteBucketPublicAccessBlock", "PutAccountPublicAccessBlock", "DeleteAccountPublicAccessBlock",
)  # fmt: skip
"""The calls of CIS AWS Foundations, and those on public access, which it does not name."""
_ENDS = ("*BucketPolicy", "*BucketAcl", "*BucketCors", "*BucketLifecycle", "*BucketReplication", "*PublicAccessBlock")
"""The same for a metric filter, which has no room for their names."""
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
        title="Sign-in to the console failed again and again",
        severity=Severity.MEDIUM,
        default=False,
        why="Somebody tries passwords of IAM users or of root.",
        first=(
            (
                "See who was tried, and from where: in Logs Insights, on the log group of the trail, run "
                "`filter eventName = 'ConsoleLogin' and responseElements.ConsoleLogin = 'Failure' | stats count(*) by "
                "userIdentity.type, userIdentity.userName, sourceIPAddress, errorMessage`."
            ),
            "Look for a sign-in from the same address that succeeded; then treat the user as stolen.",
            "Otherwise have the users' passwords changed and MFA enforced, or move to IAM Identity Center.",
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
        false_positives="Somebody who forgot a password.",
        technique="T1110",
        anchors=("cis-aws", "panther"),
        requirements=("alerts.cis_console_auth_failures",),
        blind=(
            "Needs the log group of a multi-Region trail: EventBridge cannot count, and IAM users sign in through "
            "several Regions. Names of users who do not exist are hidden by AWS."
        ),
    ),
    Detection(
        id="api-denied",
        title="Calls of AWS APIs are denied again and again",
        severity=Severity.MEDIUM,
        default=False,
        why="Anyone who took credentials tries what they can do, and is denied most of it.",
        first=(
            (
                "See whose they are: in Logs Insights, on the log group of the trail, run "
                "`filter errorCode like /AccessDenied|UnauthorizedOperation/ | stats count(*) by userIdentity.arn, "
                "sourceIPAddress, eventName`."
            ),
            "One identity that is denied many different calls, from an address of its own, is not a bug: revoke it.",
            "A program that lacks a right asks for the same thing all the time: give it the right, or stop it.",
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
        false_positives="Scanners of your own, and programs that lack a right.",
        technique="T1526",
        anchors=("cis-aws",),
        requirements=("alerts.cis_unauthorized_api",),
        blind="Needs the log group of a multi-Region trail: EventBridge cannot count. AWS services do not count.",
    ),
    Detection(
        id="iam-policy-changed",
        title="A policy of IAM was changed, attached or detached",
        severity=Severity.MEDIUM,
        default=False,
        why="A policy that is widened, or attached to somebody else, is a way to every right of the account.",
        first=(
            (
                "Read the new version: `aws iam get-policy-version --policy-arn ARN --version-id ID`, and who has it: "
                "`aws iam list-entities-for-policy --policy-arn ARN`."
            ),
            "Deploy the policy's template again; a version that nobody ordered goes with it.",
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
        blind="EventBridge has IAM's calls in us-east-1 only; elsewhere use the trail's log.",
    ),
    Detection(
        id="s3-policy-changed",
        title="Who can read or write an S3 bucket was changed",
        severity=Severity.MEDIUM,
        default=False,
        why="Buckets hold the trail, the backups and the data of workloads; one call opens them or empties them.",
        first=(
            (
                "Read who can get in now: `aws s3api get-bucket-policy-status --bucket NAME`, `aws s3api "
                "get-public-access-block --bucket NAME`."
            ),
            "Deploy the bucket's template again. To close it at once, block public access in the S3 console.",
            WHO,
        ),
        expressions=(
            on_call("s3", *_BUCKET, by=untrusted()),
            trail("s3", SUCCEEDED, "$.readOnly IS FALSE", one_of("eventName", *_ENDS), STRANGER),
        ),
        false_positives="Owners of buckets that no template manages.",
        technique="T1530",
        anchors=("cis-aws", "elastic", "panther"),
        requirements=("alerts.cis_s3_policy_changes", "s3.block_public"),
    ),
    Detection(
        id="organization-changed",
        title="The AWS organization was changed",
        severity=Severity.HIGH,
        default=False,
        why="Without its service control policies an account has lost the guardrails that no administrator passes.",
        first=(
            "Read the call: DetachPolicy, MoveAccount and LeaveOrganization take guardrails off an account at once.",
            (
                "See what holds now: `aws organizations list-policies-for-target --target-id ACCOUNT --filter "
                "SERVICE_CONTROL_POLICY`; attach what is missing."
            ),
            WHO,
        ),
        expressions=(
            EventPattern(pattern=api_call("organizations", by=untrusted(), readOnly=[False])),
            trail("organizations", SUCCEEDED, "$.readOnly IS FALSE", STRANGER),
        ),
        false_positives="Landing zones that make accounts: name their role among trusted_automation.",
        technique="T1562",
        anchors=("cis-aws",),
        requirements=("alerts.cis_org_changes",),
        blind=(
            "Only the management account has these events, apart from the calls of a member about itself; EventBridge "
            "has them in us-east-1."
        ),
    ),
)
