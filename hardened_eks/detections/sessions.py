"""Detections on sessions on hosts, and on secrets of the workloads."""

from hardened_eks.detections.clauses import (
    ABSENT,
    RUNNERS,
    STRANGER,
    SUCCEEDED,
    WHO,
    any_of,
    api_call,
    none_of,
    on_call,
    one_of,
    trail,
    untrusted,
)
from hardened_eks.detections.model import Detection, EventPattern, Severity

_HOSTS = {"requestParameters": {"target": ["<admin_hosts>"]}}
_SECRETS = [{"prefix": "<secret_arns>"}, {"prefix": "<secret_names>"}]  # callers name a secret by ARN or name


SESSIONS = (
    Detection(
        id="secret-read",
        title="A secret of the cluster's workloads was read by another identity",
        severity=Severity.HIGH,
        default=False,
        why="These secrets are for pods. A person or role that has read a secret can use it until it is rotated.",
        first=(
            WHO,
            (
                "Rotate the secret: `aws secretsmanager rotate-secret --secret-id SECRET_ID`; if it has no rotation, "
                "change it in the system that accepts it and store the new value."
            ),
            "Check where the old value has been used since then.",
        ),
        expressions=(
            EventPattern(
                read_only_events=True,
                pattern=api_call(
                    "secretsmanager",
                    "GetSecretValue",
                    "BatchGetSecretValue",
                    by=untrusted(but={"anything-but": ["<pod_roles>"]}),
                    either=[
                        {"requestParameters": {"secretId": _SECRETS}},
                        {"requestParameters": {"secretIdList": _SECRETS}},
                    ],
                ),
            ),
            trail(
                "secretsmanager",
                '$.eventName = "GetSecretValue"',
                SUCCEEDED,
                one_of("requestParameters.secretId", "<secret_arns>*", "<secret_names>*"),
                any_of(
                    "$.userIdentity.sessionContext.sessionIssuer.arn NOT EXISTS",
                    none_of("userIdentity.sessionContext.sessionIssuer.arn", "<pod_roles>"),
                ),
                STRANGER,
            ),
        ),
        false_positives=(
            "Rotation functions and operators that sync secrets: add their roles to pod_roles. Secrets whose "
            "name begins with the name of a secret of the cluster."
        ),
        technique="T1555.006",
        requirements=("secrets.policy",),
        blind="BatchGetSecretValue in the log group of the trail.",
    ),
    Detection(
        id="admin-host-session",
        title="A session on the admin host was started",
        severity=Severity.LOW,
        default=False,
        digest=True,
        why="The admin host gives access to the private API. The record shows who used it and when.",
        first=(
            "Read the digest: each session should belong to a ticket.",
            "Read the commands in the session log (in CloudWatch or S3, see the Session Manager preferences).",
        ),
        expressions=(on_call("ssm", "StartSession", **_HOSTS),),
        false_positives="Every use of the host.",
        technique="T1021.007",
        requirements=("node.access.ssm",),
    ),
    Detection(
        id="node-session",
        title="Somebody opened a shell or ran a command on an instance other than the admin host",
        severity=Severity.HIGH,
        default=True,
        why="A node holds the credentials and the memory of every pod on it. Work on the cluster goes through kubectl.",
        first=(
            (
                "Check whether the instance is a node: `kubectl get nodes -o "
                "custom-columns=N:.metadata.name,ID:.spec.providerID`."
            ),
            "End the session: `aws ssm terminate-session --session-id ID`.",
            WHO,
            (
                "If nobody confirms that it was intended, cordon the node, keep it for evidence, and rotate what its "
                "pods could read."
            ),
        ),
        expressions=(
            EventPattern(
                pattern={
                    "source": ["aws.ssm", "aws.ec2-instance-connect"],
                    "detail-type": ["AWS API Call via CloudTrail"],
                    "detail": {
                        "errorCode": [ABSENT],
                        "userIdentity": {"invokedBy": [ABSENT, *RUNNERS]},
                        "$or": [
                            {
                                "eventName": ["StartSession"],
                                "requestParameters": {"target": [{"anything-but": ["<admin_hosts>"]}]},
                            },
                            {
                                "eventName": ["SendCommand"],
                                "requestParameters": {"instanceIds": [{"anything-but": ["<admin_hosts>"]}]},
                            },
                            {
                                "eventName": ["SendSSHPublicKey", "SendSerialConsoleSSHPublicKey"],
                                "requestParameters": {"instanceId": [{"anything-but": ["<admin_hosts>"]}]},
                            },
                        ],
                    },
                }
            ),
        ),
        false_positives="Instances of the account that are not nodes.",
        technique="T1021.007",
        requirements=("node.access.ssm", "node.ssh.no_remote_access"),
        blind="Commands sent by tag instead of instance ID.",
    ),
)
