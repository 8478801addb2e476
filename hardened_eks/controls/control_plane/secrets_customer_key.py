from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="CP-07",
    title="The key of API data is a customer managed one",
    requirement="eks.secrets.customer_managed_key",
    types=("AWS::EKS::Cluster",),
    severity=Severity.MEDIUM,
    why="A key that AWS manages has no policy of yours, no grants to review, and cannot be disabled in an incident.",
    fix="Name a key of your own (kms.Key), not alias/aws/....",
    source="https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html",
    blind="Whether a key named by parameter or ARN is customer managed.",
)
def secrets_customer_key(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    configs = cluster.items("EncryptionConfig")
    if not configs:
        yield Problem("no customer key encrypts API data", "EncryptionConfig")
    for index, config in enumerate(configs):
        provider = config.get("Provider") if isinstance(config, dict) else None
        key = provider.get("KeyArn") if isinstance(provider, dict) else None
        path = f"EncryptionConfig.{index}.Provider.KeyArn"
        if key is None:
            yield Problem("no key is named", path)
        elif "alias/aws/" in str(key):
            yield Problem(f"{key} is a key that AWS manages", path)
