import re
from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.control_plane._encryption import secrets_keys
from hardened_eks.controls.control_plane._versions import written
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_MINOR: Final = re.compile(r"1\.(\d+)")
_ALWAYS_SINCE: Final = 28


@control(
    id="CP-06",
    title="Kubernetes Secrets are envelope-encrypted",
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
        "From Kubernetes 1.28 on, EKS encrypts all API data with a key of its own even without EncryptionConfig: whose "
        "key it is, CP-07 says. A version that is not known, or not written, is taken for a newer one, since EKS has "
        "no older. A cluster cannot go back, nor change its key."
    ),
    enforced_by="Cluster",
)
def secrets_encrypted(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    version = written(cluster.get("Version"))
    match = _MINOR.fullmatch(version or "")
    if match is not None and int(match[1]) < _ALWAYS_SINCE and not any(secrets_keys(cluster)):
        yield Problem(f"no key encrypts Secrets, and Kubernetes {version} does not by itself", "EncryptionConfig")
