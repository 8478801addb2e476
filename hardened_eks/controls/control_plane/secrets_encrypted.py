from collections.abc import Iterator

from hardened_eks.controls.control_plane._encryption import secrets_keys
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="CP-06",
    title="Kubernetes Secrets are envelope-encrypted with a KMS key",
    requirement="eks.secrets.kms_encryption",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "Auditors want to see who can decrypt Secrets and when it happened: that is the policy and the CloudTrail "
        "record of a KMS key in your account."
    ),
    fix="Set EncryptionConfig to [{'Resources': ['secrets'], 'Provider': {'KeyArn': key ARN}}].",
    source="https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html",
    blind=(
        "From Kubernetes 1.28 on, EKS encrypts all API data with a key of its own even without EncryptionConfig; the "
        "frameworks ask for the setting all the same. A cluster cannot go back, nor change its key."
    ),
    enforced_by="Cluster",
)
def secrets_encrypted(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not any(secrets_keys(cluster)):
        yield Problem("no key encrypts Secrets", "EncryptionConfig")
