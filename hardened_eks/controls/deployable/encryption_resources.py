from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="DP-26",
    title='Encryption is configured for "secrets", the only resource that EKS accepts',
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why="EKS rejects any other list. Encryption cannot be turned off later, and its key cannot be changed.",
    fix="Set Resources to [secrets], and configure one provider.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html",
    enforced_by="Cluster",
)
def encryption_resources(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    configs = resource.items("EncryptionConfig")
    if len(configs) > 1:
        yield Problem(f"{len(configs)} encryption configurations are set; EKS accepts one", "EncryptionConfig")
    for index, config in enumerate(configs):
        if not isinstance(config, dict):
            continue
        resources = config.get("Resources")
        if isinstance(resources, list) and all(isinstance(r, str) for r in resources) and resources != ["secrets"]:
            yield Problem(
                f"Resources is {resources}; EKS accepts only [secrets]", f"EncryptionConfig.{index}.Resources"
            )
