from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="LG-01",
    title="Log groups are encrypted with a customer key",
    requirement="logs.group.encrypted",
    types=("AWS::Logs::LogGroup",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "Audit logs hold names, tokens and payloads; with a key of one's own, reading them takes two permissions, and "
        "it can be withdrawn."
    ),
    fix="Set KmsKeyId to the ARN of a key whose policy admits logs.REGION.amazonaws.com (Keys.logs).",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    blind=(
        "Groups that AWS creates itself: a logging cluster whose group is not in the stack gets an unencrypted one "
        "(see DP-19), and a Lambda function likewise."
    ),
    enforced_by="Cluster",
)
def log_group_encrypted(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    if group.get("KmsKeyId", "") == "":  # absent means a key of CloudWatch Logs
        yield Problem("no customer key encrypts it", "KmsKeyId")
