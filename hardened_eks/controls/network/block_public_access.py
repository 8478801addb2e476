from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="NW-05",
    title="VPC Block Public Access blocks internet gateways",
    requirement="vpc.block_public_access",
    types=("AWS::EC2::VPCBlockPublicAccessOptions", "AWS::EC2::VPCBlockPublicAccessExclusion"),
    absence="VPC Block Public Access is not set",
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "Block Public Access applies to a whole account and Region, regardless of route tables and security groups, "
        "so that a mistake in one stack cannot expose a VPC."
    ),
    fix=(
        "Set InternetGatewayBlockMode to block-bidirectional (or block-ingress), and exclude individual VPCs for "
        "egress only."
    ),
    source="https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html",
    blind=(
        "This is an account setting and usually in another stack: an assembly without it is evaluated only if it is "
        "complete (--complete)."
    ),
    detective="It affects every VPC of the Region at once, so you choose it: `AccountDefaults(vpc=...)`.",
)
def block_public_access(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == "AWS::EC2::VPCBlockPublicAccessOptions":
        mode = resource.get("InternetGatewayBlockMode", "off")
        if mode not in ("block-bidirectional", "block-ingress"):
            yield Problem(
                f"internet gateways are not blocked (InternetGatewayBlockMode is {mode})", "InternetGatewayBlockMode"
            )
        return
    mode = resource.get("InternetGatewayExclusionMode", "allow-bidirectional")
    if mode != "allow-egress":
        yield Problem(
            f"the exclusion allows traffic from the internet (InternetGatewayExclusionMode is {mode})",
            "InternetGatewayExclusionMode",
        )
