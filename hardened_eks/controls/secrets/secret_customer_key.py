from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="SE-02",
    title="Secrets are encrypted with a customer managed key",
    requirement="secrets.cmk",
    types=("AWS::SecretsManager::Secret",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "With the AWS managed key, everybody in the account who can read the secret can decrypt it, and it cannot be "
        "shared with another account."
    ),
    fix="Set KmsKeyId to a customer managed key (encryption_key=).",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
    blind=(
        "A key in a parameter or another stack counts as a customer managed key. So do the keys of ReplicaRegions "
        "that are not in the template."
    ),
    detective="No construct creates secrets; they are part of the team's own stacks.",
)
def secret_customer_key(secret: Resource, assembly: Assembly) -> Iterator[Problem]:
    key = str(secret.get("KmsKeyId", ""))
    if key == "" or key.endswith("aws/secretsmanager"):
        yield Problem(f"no customer managed key encrypts it (KmsKeyId is {key or 'not set'})", "KmsKeyId")
