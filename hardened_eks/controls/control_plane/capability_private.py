from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="CP-20",
    title="The Argo CD server of an EKS capability is not reachable from the internet",
    requirement="eks.endpoint.private_only",
    types=("AWS::EKS::Capability",),
    severity=Severity.HIGH,
    why=(
        "Argo CD deploys to the cluster. Anyone who gains access to its server, or exploits a vulnerability in it, "
        "can deploy too."
    ),
    fix="List VPC endpoints in Configuration.ArgoCd.NetworkAccess.VpceIds. This turns off the public address.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/argocd.html",
    blind=(
        "Capabilities of other types have no server. The permissions of the capability role are evaluated with the "
        "role."
    ),
    needs="resource",
    enforced_by="ArgoCdCapability",
)
def capability_private(capability: Resource, assembly: Assembly) -> Iterator[Problem]:
    kind = capability.get("Type")
    if isinstance(kind, str) and kind != "ARGOCD":
        return
    path = "Configuration.ArgoCd.NetworkAccess.VpceIds"
    endpoints = capability.get(path)
    if not endpoints:  # an Unknown is not true or false
        yield Problem("the Argo CD server has a public address (no VpceIds)", path)
