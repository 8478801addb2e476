from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.keys import customer_key


@control(
    id="IM-03",
    title="Repositories are encrypted with a customer managed key",
    requirement="ecr.encryption.cmk",
    types=("AWS::ECR::Repository", "AWS::ECR::RepositoryCreationTemplate"),
    needs="assembly",
    severity=Severity.MEDIUM,
    why="You cannot write a policy for the key aws/ecr, and cannot revoke access to it in an incident.",
    fix="Set EncryptionConfiguration.KmsKey.",
    blind="A key ARN that is a literal, an import or a parameter counts as a customer managed key.",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html",
    enforced_by="Repository",
)
def images_customer_key(repository: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not customer_key(repository.get("EncryptionConfiguration.KmsKey"), assembly):
        yield Problem("no customer managed key is set", "EncryptionConfiguration.KmsKey")
