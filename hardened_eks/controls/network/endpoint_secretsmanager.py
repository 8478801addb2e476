from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.controls.network._usage import pods_may
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.vpc import ADDON, NO_ENDPOINTS, VPC, missing_endpoints


@control(
    id="NW-12",
    title="A cluster's VPC has an endpoint for Secrets Manager if pods read secrets",
    requirement="vpc.endpoint.secretsmanager",
    types=(VPC,),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "Otherwise pods fetch passwords over the internet, or, in an isolated VPC, somebody puts them into the image "
        "instead."
    ),
    fix=(
        "Add an interface endpoint for com.amazonaws.REGION.secretsmanager with private DNS (hardened_eks.Network "
        "does)."
    ),
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/vpc-endpoint-overview.html",
    blind=(
        "Evaluated if the assembly has a secret, the Secrets Store add-on, or a role for pods that allows reading "
        "secrets. VPCs outside the assembly and endpoints shared from a central VPC are not seen."
    ),
    enforced_by="Network",
)
def endpoint_secretsmanager(vpc: Resource, assembly: Assembly) -> Iterator[Problem]:
    if assembly.once("network.reads_secrets", lambda: _reads_secrets(assembly)):
        yield from (
            Problem(message, cause=NO_ENDPOINTS) for message in missing_endpoints(vpc, assembly, "secretsmanager")
        )


def _reads_secrets(assembly: Assembly) -> bool:
    return (
        "AWS::SecretsManager::Secret" in assembly.types
        or any(addon.get("AddonName") == "aws-secrets-store-csi-driver-provider" for addon in assembly.of(ADDON))
        or pods_may(assembly, "secretsmanager:GetSecretValue")
    )
