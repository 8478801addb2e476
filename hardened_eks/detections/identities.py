"""Detections on AWS identities: roles of the cluster, break glass, root and sign-in."""

from hardened_eks.detections.clauses import STRANGER, SUCCEEDED, WHO, any_of, on_call, one_of, trail, untrusted
from hardened_eks.detections.model import Detection, EventPattern, Severity

_SIGN_IN = ["AWS Console Sign In via CloudTrail", "AWS Console Signin via CloudTrail"]
_GLOBAL = (
    "IAM, sign-in and the global endpoint of STS reach EventBridge only in us-east-1 (GovCloud: us-gov-west-1, China: "
    "cn-north-1); in other Regions, use the log group of the trail."
)


IDENTITIES = (
    Detection(
        id="iam-role-changed",
        title="The cluster role, a node role or the break-glass role was changed",
        severity=Severity.HIGH,
        default=True,
        why=(
            "A new trust policy or permissions policy on one of these roles gives access to the cluster that no "
            "access entry shows."
        ),
        first=(
            (
                "Compare the role with its template: `aws iam get-role --role-name ROLE`, `aws iam list-role-policies "
                "--role-name ROLE`, `aws iam list-attached-role-policies --role-name ROLE`."
            ),
            (
                "Undo the change, starting with trust in other accounts; then revoke the role's sessions in the IAM "
                "console."
            ),
            WHO,
        ),
        expressions=(
            on_call(
                "iam",
                "UpdateAssumeRolePolicy",
                "AttachRolePolicy",
                "DetachRolePolicy",
                "PutRolePolicy",
                "DeleteRolePolicy",
                "DeleteRole",
                "PutRolePermissionsBoundary",
                "DeleteRolePermissionsBoundary",
                "UpdateRole",
                by=untrusted(),
                requestParameters={"roleName": ["<roles>"]},
            ),
            trail(
                "iam",
                SUCCEEDED,
                one_of("eventName", "Attach*", "Detach*", "Put*", "Delete*", "Update*"),
                one_of("requestParameters.roleName", "<roles>"),
                STRANGER,
            ),
        ),
        false_positives="Manual changes by the owners of the roles.",
        technique="T1098.003",
        anchors=("cis-aws", "elastic", "stratus", "panther"),
        requirements=("alerts.cis_iam_changes", "iam.role.trust_restricted"),
        blind=_GLOBAL,
    ),
    Detection(
        id="break-glass-assumed",
        title="The break-glass role was assumed, or somebody tried to assume it",
        severity=Severity.CRITICAL,
        default=True,
        why="The role is a cluster administrator and is for emergencies only.",
        first=(
            (
                "Call the person named in requestParameters.roleSessionName or userIdentity: is there an emergency, "
                "and a ticket for it?"
            ),
            (
                "If not, remove its access to the cluster: `aws eks delete-access-entry --cluster-name <cluster> "
                "--principal-arn <break_glass_role>`. Then revoke its sessions in the IAM console: that stops AWS "
                "calls, but not Kubernetes, because IAM cannot deny the STS call behind a Kubernetes token. To restore "
                "the entry later, deploy the template."
            ),
            (
                "If so, stay on the line, and have the audit records of the session (k8s-break-glass) reviewed the "
                "next day."
            ),
        ),
        expressions=(
            EventPattern(
                pattern={
                    "source": ["aws.sts"],
                    "detail-type": ["AWS API Call via CloudTrail"],
                    "detail": {
                        "eventSource": ["sts.amazonaws.com"],
                        "eventName": [{"prefix": "AssumeRole"}],
                        # A denied call has no parameters; only its message names the role.
                        "$or": [
                            {"requestParameters": {"roleArn": ["<break_glass_role>"]}},
                            {
                                "errorMessage": [
                                    {"suffix": ": <break_glass_role>"},
                                    {"wildcard": "*: <break_glass_role> *"},
                                ]
                            },
                        ],
                    },
                },
                # CloudTrail marks AssumeRole as read-only.
                read_only_events=True,
            ),
            trail(
                "sts",
                '$.eventName = "AssumeRole*"',
                any_of(
                    one_of("requestParameters.roleArn", "<break_glass_role>"),
                    one_of("errorMessage", "*: <break_glass_role>", "*: <break_glass_role> *"),
                ),
            ),
        ),
        false_positives="Rehearsals.",
        technique="T1078.004",
        requirements=("iam.break_glass.alarm",),
        blind=(
            "A call of STS is an event in the Region of its endpoint: us-east-1 for the global endpoint. The log group "
            "of the trail contains all of them."
        ),
    ),
    Detection(
        id="console-login-no-mfa",
        title="An IAM user or root signed in to the console without MFA",
        severity=Severity.HIGH,
        default=True,
        why="A password alone was enough to sign in to the account.",
        first=(
            "Ask the user. Without an answer, remove the password: `aws iam delete-login-profile --user-name USER`.",
            "Check what the session has done since then (CloudTrail, by user name).",
            "Enforce MFA for the user, or better, move to IAM Identity Center.",
        ),
        expressions=(
            EventPattern(
                pattern={
                    "source": ["aws.signin"],
                    "detail-type": _SIGN_IN,
                    "detail": {
                        "eventName": ["ConsoleLogin"],
                        "responseElements": {"ConsoleLogin": ["Success"]},
                        "additionalEventData": {"MFAUsed": ["No"]},
                        "userIdentity": {"type": ["IAMUser", "Root"]},
                    },
                }
            ),
            trail(
                "",
                '$.eventName = "ConsoleLogin"',
                '$.responseElements.ConsoleLogin = "Success"',
                '$.additionalEventData.MFAUsed = "No"',
                one_of("userIdentity.type", "IAMUser", "Root"),
            ),
        ),
        false_positives="None: federated users, whose MFA AWS cannot see, are excluded.",
        technique="T1078.004",
        anchors=("cis-aws", "elastic", "panther", "stratus"),
        requirements=("alerts.cis_no_mfa_login", "account.users"),
        blind=(
            "A sign-in is an event in the Region of its endpoint: us-east-1 for root, and us-east-1, us-east-2, "
            "eu-north-1 or ap-southeast-2 for IAM users who use the global endpoint. The log group of the trail "
            "contains all of them."
        ),
    ),
    Detection(
        id="root-used",
        title="The root user was active",
        severity=Severity.CRITICAL,
        default=False,
        why="Root bypasses every IAM policy. Only a few tasks a year need it.",
        first=(
            "Call the holders of the root credentials now.",
            (
                "If none of them did it: change the password, remove unknown MFA devices and access keys, and open a "
                "case with AWS Support for account compromise."
            ),
        ),
        expressions=(
            EventPattern(
                pattern={
                    "detail-type": ["AWS API Call via CloudTrail", *_SIGN_IN],
                    "detail": {
                        "userIdentity": {"type": ["Root"], "invokedBy": [{"exists": False}]},
                        "eventType": [{"anything-but": "AwsServiceEvent"}],
                    },
                }
            ),
            trail(
                "",
                '$.userIdentity.type = "Root"',
                "$.userIdentity.invokedBy NOT EXISTS",
                '$.eventType != "AwsServiceEvent"',
            ),
        ),
        false_positives="The few tasks that need root, such as closing the account.",
        technique="T1078.004",
        anchors=("cis-aws", "panther", "elastic"),
        requirements=("alerts.cis_root_usage", "account.root"),
        blind=_GLOBAL,
    ),
)
