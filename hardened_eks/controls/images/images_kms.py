from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="IM-02",
    title="Repositories are encrypted with KMS",
    requirement="ecr.encryption.kms",
    types=("AWS::ECR::Repository", "AWS::ECR::RepositoryCreationTemplate"),
    needs="resource",
    severity=Severity.MEDIUM,
    why="AES256 encryption has no key policy, and CloudTrail does not record decryption.",
    fix="Set EncryptionConfiguration.EncryptionType to KMS when you create the repository; it cannot be changed later.",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html",
    enforced_by="Repository",
)
def images_kms(repository: Resource, assembly: Assembly) -> Iterator[Problem]:
    kind = repository.get("EncryptionConfiguration.EncryptionType", "AES256")  # absent means AES256
    if kind not in ("KMS", "KMS_DSSE"):
        yield Problem(f"the encryption type is {kind}", "EncryptionConfiguration.EncryptionType")
