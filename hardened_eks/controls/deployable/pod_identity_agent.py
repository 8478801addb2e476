from collections.abc import Iterator

from hardened_eks.controls._unseen import not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown

_AGENT = "eks-pod-identity-agent"


@control(
    id="DP-47",
    title="The Pod Identity agent runs in clusters with Pod Identity associations",
    types=("AWS::EKS::PodIdentityAssociation", "AWS::EKS::Addon"),
    needs="assembly",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        "EKS accepts the association, but no pod gets credentials, because the SDK cannot reach 169.254.170.23. An "
        "add-on that needs its role to become healthy ends in CREATE_FAILED."
    ),
    fix=f"Add the AWS::EKS::Addon {_AGENT} before the resources that use it.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html",
    blind="Agents that are installed in other ways.",
    enforced_by="Cluster",
)
def pod_identity_agent(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "PodIdentityAssociations" if resource.type == "AWS::EKS::Addon" else "ClusterName"
    if resource.type == "AWS::EKS::Addon" and not resource.items(path):
        return
    cluster = assembly.target(resource.get("ClusterName"), "AWS::EKS::Cluster", near=resource)
    if cluster is None:
        yield from not_seen(resource, assembly, "ClusterName", "AWS::EKS::Cluster")
        return
    if cluster.flag("ComputeConfig.Enabled", default=False) is not False:
        return
    addons = assembly.pointing("ClusterName", cluster, "AWS::EKS::Addon")
    if not any(isinstance(name := a.get("AddonName"), Unknown) or name == _AGENT for a in addons):
        yield Problem(f"the cluster {cluster.logical_id} has no add-on {_AGENT}", path)
