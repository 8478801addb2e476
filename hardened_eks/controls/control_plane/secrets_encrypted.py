from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="CP-06",
    title="Kubernetes API data is envelope-encrypted with a KMS key",
    requirement="eks.secrets.kms_encryption",
    types=("AWS::EKS::Cluster",),
    severity=Severity.HIGH,
    why="A key of your own makes every read of API data at rest visible in CloudTrail, and can be withdrawn.",
    fix="Set EncryptionConfig with Resources [secrets] and a key. It can be added to a running cluster, never removed.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html",
    blind="EKS 1.28 and later encrypts with a key of AWS even so; auditors ask for one of the customer.",
)
def secrets_encrypted(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    for config in cluster.items("EncryptionConfig"):
        covered = config.get("Resources") if isinstance(config, dict) else None
        if isinstance(covered, list) and "secrets" in covered and _key(config):
            return
    yield Problem("no EncryptionConfig covers secrets with a key", "EncryptionConfig")


def _key(config: dict[str, Any]) -> bool:
    provider = config.get("Provider")
    return isinstance(provider, dict) and provider.get("KeyArn") not in (None, "")
