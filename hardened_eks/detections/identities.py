"""AWS identities: the cluster's roles, break glass, sign-in, sessions on hosts, secrets."""

from hardened_eks.detections.clauses import WHO, api_call, any_of, matching, none_of, one_of, untrusted
from hardened_eks.detections.model import Detection, EventPattern, MetricFilter, Severity, Source

_SIGN_IN = ["AWS Console Sign In via CloudTrail", "AWS Console Signin via CloudTrail"]
_SUCCEEDED = "$.errorCode NOT EXISTS"
_STRANGER = any_of(
    "$.userIdentity.invokedBy NOT EXISTS",
    none_of("userIdentity.invokedBy", "cloudformation.amazonaws.com"),
    "$.userIdentity.sessionContext.sessionIssuer.arn NOT EXISTS",
    none_of("userIdentity.sessionContext.sessionIssuer.arn", "<trusted_automation>"),
)
_GLOBAL = "IAM, sign-in and the global endpoint of STS reach EventBridge in us-east-1 only; elsewhere use the trail's log."
_HOSTS = {"requestParameters": {"target": ["<admin_hosts>"]}}
_SECRETS = [{"prefix": "<secret_arns>"}, {"prefix": "<secret_names>"}]  # callers name a secret by ARN or name
_READERS = {"anything-but": ["<pod_roles>"]}


def _from_trail(*clauses: str) -> MetricFilter:
    return MetricFilter(source=Source.TRAIL_LOG, pattern=matching(*clauses), default=False)


IDENTITIES = (
    Detection(
        id="iam-role-changed",
        title="A role of the cluster, of its nodes or the break-glass role was changed",
        severity=Severity.HIGH,
        default=True,
        why="A new trust or policy on one of these roles is a way into the cluster that no access entry shows.",
        first=(
            "Compare the role with its template: `aws iam get-role --role-name ROLE`, `aws iam list-role-policies "
            "--role-name ROLE`, `aws iam list-attached-role-policies --role-name ROLE`.",
            "Undo it, first of all a trust of a foreign account; then revoke the role's sessions.",
            WHO,
        ),
        expressions=(
            EventPattern(pattern=api_call(
                "iam", "UpdateAssumeRolePolicy", "AttachRolePolicy", "DetachRolePolicy", "PutRolePolicy",
                "DeleteRolePolicy", "DeleteRole", "PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary",
                "UpdateRole", by=untrusted(), requestParameters={"roleName": ["<roles>"]},
            )),
            _from_trail(
                '$.eventSource = "iam.amazonaws.com"', _SUCCEEDED,
                one_of("eventName", "Attach*", "Detach*", "Put*", "Delete*", "Update*"),
                one_of("requestParameters.roleName", "<roles>"), _STRANGER,
            ),
        ),
        false_positives="Owners of the roles who change them by hand.",
        technique="T1098.003",
        anchors=("cis-aws", "elastic", "stratus", "panther"),
        requirements=("alerts.cis_iam_changes", "iam.role.trust_restricted"),
        blind=_GLOBAL,
    ),
    Detection(
        id="break-glass-assumed",
        title="The break-glass role was assumed, or somebody tried",
        severity=Severity.CRITICAL,
        default=True,
        why="The role is administrator of the cluster and is for emergencies only.",
        first=(
            "Call the person named in requestParameters.roleSessionName or userIdentity: is there an emergency, and its "
            "ticket?",
            "If not, end the session now: IAM console, role, Revoke active sessions; it works on Kubernetes within "
            "15 minutes, when the token expires.",
            "If yes, stay on the line, and have the session's audit records (k8s-break-glass) reviewed the next day.",
        ),
        expressions=(
            EventPattern(pattern={
                "source": ["aws.sts"], "detail-type": ["AWS API Call via CloudTrail"],
                "detail": {
                    "eventSource": ["sts.amazonaws.com"], "eventName": [{"prefix": "AssumeRole"}],
                    "requestParameters": {"roleArn": ["<break_glass_role>"]},
                },
            }),
            _from_trail('$.eventSource = "sts.amazonaws.com"', '$.eventName = "AssumeRole*"',
                        '$.requestParameters.roleArn = "<break_glass_role>"'),
        ),
        false_positives="Rehearsals.",
        technique="T1078.004",
        requirements=("iam.break_glass.alarm",),
        blind=_GLOBAL,
    ),
    Detection(
        id="console-login-no-mfa",
        title="An IAM user or root signed in to the console without MFA",
        severity=Severity.HIGH,
        default=True,
        why="A password alone opened the account.",
        first=(
            "Ask the user. Without an answer, remove the password: `aws iam delete-login-profile --user-name USER`.",
            "Read what the session did since (CloudTrail, by user name).",
            "Enforce MFA for the user, or better, move to IAM Identity Center.",
        ),
        expressions=(
            EventPattern(pattern={
                "source": ["aws.signin"], "detail-type": _SIGN_IN,
                "detail": {
                    "eventName": ["ConsoleLogin"], "responseElements": {"ConsoleLogin": ["Success"]},
                    "additionalEventData": {"MFAUsed": ["No"]}, "userIdentity": {"type": ["IAMUser", "Root"]},
                },
            }),
            _from_trail('$.eventName = "ConsoleLogin"', '$.responseElements.ConsoleLogin = "Success"',
                        '$.additionalEventData.MFAUsed = "No"', one_of("userIdentity.type", "IAMUser", "Root")),
        ),
        false_positives="None: federated users, whose MFA AWS cannot see, are left out.",
        technique="T1078.004",
        anchors=("cis-aws", "elastic", "panther", "stratus"),
        requirements=("alerts.cis_no_mfa_login", "account.users"),
        blind=_GLOBAL,
    ),
    Detection(
        id="root-used",
        title="The root user was active",
        severity=Severity.CRITICAL,
        default=False,
        why="Root passes every IAM policy; a handful of tasks a year need it.",
        first=(
            "Call the holders of the root credentials now.",
            "If none of them did it: change the password, remove unknown MFA devices and access keys, and open a case "
            "with AWS Support as account compromise.",
        ),
        expressions=(
            EventPattern(pattern={
                "detail-type": ["AWS API Call via CloudTrail", *_SIGN_IN],
                "detail": {
                    "userIdentity": {"type": ["Root"], "invokedBy": [{"exists": False}]},
                    "eventType": [{"anything-but": "AwsServiceEvent"}],
                },
            }),
            _from_trail('$.userIdentity.type = "Root"', "$.userIdentity.invokedBy NOT EXISTS",
                        '$.eventType != "AwsServiceEvent"'),
        ),
        false_positives="The few tasks that need root, such as closing the account.",
        technique="T1078.004",
        anchors=("cis-aws", "panther", "elastic"),
        requirements=("alerts.cis_root_usage", "account.root"),
        blind=_GLOBAL,
    ),
    Detection(
        id="secret-read",
        title="A secret of the cluster's workloads was read by somebody else",
        severity=Severity.HIGH,
        default=False,
        why="Secrets that pods use are for pods. A person or another role that reads one has it for good.",
        first=(
            WHO,
            "Rotate the secret: `aws secretsmanager rotate-secret --secret-id SECRET_ID`; if it has no rotation, change "
            "it where it is valid and store the new value.",
            "Look where the old value was used since then.",
        ),
        expressions=(
            EventPattern(read_only_events=True, pattern={
                **(call := api_call("secretsmanager", "GetSecretValue", "BatchGetSecretValue", by={"$or": [
                    {
                        "invokedBy": [{"exists": False}, {"anything-but": ["cloudformation.amazonaws.com"]}],
                        "sessionContext": {"sessionIssuer": {"arn": [{"exists": False}, _READERS]}},
                    },
                    {
                        "invokedBy": ["cloudformation.amazonaws.com"],
                        "sessionContext": {"sessionIssuer": {"arn": [
                            {"exists": False}, {"anything-but": ["<trusted_automation>"]},
                        ]}},
                    },
                ]})),
                "detail": {**call["detail"], "$or": [
                    {"requestParameters": {"secretId": _SECRETS}}, {"requestParameters": {"secretIdList": _SECRETS}},
                ]},
            }),
            _from_trail(
                '$.eventSource = "secretsmanager.amazonaws.com"', '$.eventName = "GetSecretValue"', _SUCCEEDED,
                one_of("requestParameters.secretId", "<secret_arns>*", "<secret_names>*"),
                any_of("$.userIdentity.sessionContext.sessionIssuer.arn NOT EXISTS",
                       none_of("userIdentity.sessionContext.sessionIssuer.arn", "<pod_roles>")),
                _STRANGER,
            ),
        ),
        false_positives=(
            "Rotation functions and operators that sync secrets: name their roles among pod_roles. Secrets whose name "
            "begins with that of one of the cluster's."
        ),
        technique="T1555.006",
        requirements=("secrets.policy", "k8s.secrets.external_store"),
        blind="In the trail's log BatchGetSecretValue.",
    ),
    Detection(
        id="admin-host-session",
        title="A session on the admin host was started",
        severity=Severity.LOW,
        default=False,
        digest=True,
        why="The admin host is the way to the private API. The record says who was on it when.",
        first=(
            "Read the digest: each session belongs to a ticket.",
            "Read what was typed in the session's log (Session Manager preferences, CloudWatch or S3).",
        ),
        expressions=(EventPattern(pattern=api_call("ssm", "StartSession", **_HOSTS)),),
        false_positives="Every use of the host.",
        technique="T1021.007",
        requirements=("node.access.ssm",),
    ),
    Detection(
        id="node-session",
        title="Somebody opened a shell or ran a command on an instance other than the admin host",
        severity=Severity.HIGH,
        default=True,
        why="On a node lie the credentials and the memory of every pod there; work belongs into kubectl.",
        first=(
            "See whether the instance is a node: `kubectl get nodes -o custom-columns=N:.metadata.name,"
            "ID:.spec.providerID`.",
            "End the session: `aws ssm terminate-session --session-id ID`.",
            WHO,
            "Nobody vouches for it: cordon the node, keep it for evidence, and rotate what its pods could read.",
        ),
        expressions=(EventPattern(pattern={
            "source": ["aws.ssm", "aws.ec2-instance-connect"], "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {
                "errorCode": [{"exists": False}],
                "userIdentity": {"invokedBy": [{"exists": False}]},
                "$or": [
                    {"eventName": ["StartSession"],
                     "requestParameters": {"target": [{"anything-but": ["<admin_hosts>"]}]}},
                    {"eventName": ["SendCommand"],
                     "requestParameters": {"instanceIds": [{"anything-but": ["<admin_hosts>"]}]}},
                    {"eventName": ["SendSSHPublicKey", "SendSerialConsoleSSHPublicKey"],
                     "requestParameters": {"instanceId": [{"anything-but": ["<admin_hosts>"]}]}},
                ],
            },
        }),),
        false_positives="Instances of the account that are not nodes.",
        technique="T1021.007",
        requirements=("node.access.ssm", "node.ssh.no_remote_access"),
        blind="Commands sent by tag instead of instance ID.",
    ),
)  # fmt: skip
