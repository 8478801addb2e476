from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="IM-03",
    title="Repositories are encrypted with a customer managed key",
    requirement="ecr.encryption.cmk",
    types=("AWS::ECR::Repository", "AWS::ECR::RepositoryCreationTemplate"),
    severity=Severity.MEDIUM,
    why="The key aws/ecr has no policy of yours, and cannot be withdrawn in an incident.",
    fix="Set EncryptionConfiguration.KmsKey.",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html",
)
def images_customer_key(repository: Resource, assembly: Assembly) -> Iterator[Problem]:
    key = repository.get("EncryptionConfiguration.KmsKey")
    if key is None or "alias/aws/" in str(key):
        yield Problem("no customer key is named", "EncryptionConfiguration.KmsKey")
