from collections.abc import Iterator
from typing import Final

from hardened_eks._patterns import regex
from hardened_eks.controls.control_plane._encryption import secrets_keys
from hardened_eks.controls.control_plane._versions import written
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_MINOR: Final = regex(r"1\.(\d+)")
_ALWAYS_SINCE: Final = 28


@control(
    id="CP-06",
    title="Kubernetes Secrets are envelope-encrypted",
    requirement="eks.secrets.kms_encryption",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "Auditors ask who can decrypt Secrets and who did. The policy and the CloudTrail records of a KMS key in your "
        "account answer that."
    ),
    fix="Set EncryptionConfig to [{'Resources': ['secrets'], 'Provider': {'KeyArn': key ARN}}].",
    source="https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html",
    blind=(
        "Since Kubernetes 1.28, EKS encrypts all API data with its own key, even without EncryptionConfig; CP-07 "
        "covers who owns the key. A version that is unknown or omitted counts as newer than that, because EKS offers "
        "no older one. Encryption cannot be removed from a cluster, and its key cannot be changed."
    ),
    enforced_by="Cluster",
)
def secrets_encrypted(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    version = written(cluster.get("Version"))
    match = _MINOR.fullmatch(version or "")
    if match is not None and int(match[1]) < _ALWAYS_SINCE and not any(secrets_keys(cluster)):
        yield Problem(
            f"no key encrypts Secrets, and EKS does not encrypt them by default for Kubernetes {version}",
            "EncryptionConfig",
        )
