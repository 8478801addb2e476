from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="SE-02",
    title="Secrets use a customer key",
    requirement="secrets.cmk",
    types=("AWS::SecretsManager::Secret",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "Under AWS's own key, everybody in the account who may read the secret can decrypt it, and no other account "
        "ever can."
    ),
    fix="Set KmsKeyId to a customer key (encryption_key=).",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
    blind=(
        "A key in a parameter or another stack is taken for a customer key; so are the keys of ReplicaRegions that "
        "are not written here."
    ),
    detective="No construct makes secrets; they come with a team's own stacks.",
)
def secret_customer_key(secret: Resource, assembly: Assembly) -> Iterator[Problem]:
    key = str(secret.get("KmsKeyId", ""))
    if key == "" or key.endswith("alias/aws/secretsmanager"):
        yield Problem(f"no customer key encrypts it (KmsKeyId is {key or 'not written'})", "KmsKeyId")
