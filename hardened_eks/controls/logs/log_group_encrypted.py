from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="LG-01",
    title="Log groups are encrypted with a customer managed key",
    requirement="logs.group.encrypted",
    types=("AWS::Logs::LogGroup",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "Audit logs contain names, tokens and payloads. With your own key, reading them takes two permissions, and "
        "you can revoke access to the key."
    ),
    fix="Set KmsKeyId to the ARN of a key whose policy admits logs.REGION.amazonaws.com (Keys.logs).",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    blind=(
        "Log groups that AWS creates itself: a cluster with logging whose log group is not in the stack gets an "
        "unencrypted one (see DP-19), and so does a Lambda function."
    ),
    enforced_by="Cluster",
)
def log_group_encrypted(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    if group.get("KmsKeyId", "") == "":  # if absent, CloudWatch Logs uses its own key
        yield Problem("no customer managed key encrypts it", "KmsKeyId")
