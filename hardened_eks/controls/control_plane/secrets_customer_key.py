from collections.abc import Iterator
from typing import Final

from hardened_eks._patterns import regex
from hardened_eks.controls.control_plane._encryption import secrets_keys
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_AWS_KEY: Final = regex(r"(?:^|[:/])alias/aws/")
_KEYS: Final = frozenset({"AWS::KMS::Key", "AWS::KMS::ReplicaKey", "AWS::KMS::Alias"})


@control(
    id="CP-07",
    title="Kubernetes Secrets are encrypted with a customer managed key",
    requirement=("eks.secrets.customer_managed_key", "eks.secrets.kms_encryption"),
    types=("AWS::EKS::Cluster",),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "Only for a customer managed key can you write the key policy, control the rotation, and disable the key in "
        "an emergency."
    ),
    fix="Create a kms.Key (or pass a Keys to Cluster) and set its ARN in EncryptionConfig.",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#customer-mgn-key",
    blind=(
        "A key ARN that is a literal, an import or a parameter counts as a customer managed key, because it does not "
        "contain alias/aws/. Which keys your organization allows (kmsKeyArns of the Config rule)."
    ),
    enforced_by="Cluster",
)
def secrets_customer_key(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    keys = list(secrets_keys(cluster))
    if not keys:
        yield Problem("no customer managed key encrypts Secrets", "EncryptionConfig")
    for path, key in keys:
        target = assembly.target(key, near=cluster)
        if _AWS_KEY.search(str(key)):
            yield Problem(f"{key} is an AWS managed key", path)
        elif target is not None and target.type not in _KEYS:
            yield Problem(f"{key} is {target.logical_id} ({target.type}) instead of a KMS key", path)
