from collections import defaultdict
from collections.abc import Iterator

from hardened_eks.controls._unseen import not_seen, value_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.graph import precedes
from hardened_eks.evidence.views.auto_scaling import cluster_name, cluster_of, is_nodes
from hardened_eks.evidence.views.launch import AUTO_SCALING


@control(
    id="DP-29",
    title="The network add-ons exist before the nodes that need them",
    types=("AWS::EKS::Nodegroup", AUTO_SCALING),
    needs="assembly",
    evidence="template",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "Nodes of a cluster without self-managed add-ons stay NotReady until vpc-cni, kube-proxy and the Pod Identity "
        "agent run. The node group times out after about half an hour (terraform-aws-eks#3260)."
    ),
    fix=(
        "Make the node group depend on the vpc-cni, kube-proxy and eks-pod-identity-agent add-ons, and coredns depend "
        "on the node group."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html",
    blind="Nodes that register themselves. Auto Mode nodes need no add-ons, but other nodes of the same cluster do.",
    enforced_by="NodeGroup",
)
def addons_in_order(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == AUTO_SCALING:
        if not is_nodes(resource, assembly):
            return
        cluster = cluster_of(resource, assembly)
        if cluster is None:
            yield from value_not_seen(resource, assembly, "Tags", cluster_name(resource), "AWS::EKS::Cluster")
    else:
        yield from not_seen(resource, assembly, "ClusterName", "AWS::EKS::Cluster")
        cluster = assembly.target(resource.get("ClusterName"), "AWS::EKS::Cluster", near=resource)
    if cluster is not None and _starts_without(cluster):
        yield from _out_of_order(resource, cluster, assembly)


def _is_auto(cluster: Resource) -> bool:
    return cluster.flag("ComputeConfig.Enabled", default=False) is True


def _starts_without(cluster: Resource) -> bool:
    """Return whether a cluster starts without self-managed add-ons, as Auto Mode does if nothing else is set."""
    return cluster.flag("BootstrapSelfManagedAddons", default=not _is_auto(cluster)) is False


def _out_of_order(resource: Resource, cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    auto = _is_auto(cluster)
    addons: dict[str, list[Resource]] = defaultdict(list)  # several of one name under conditions
    for addon in assembly.pointing("ClusterName", cluster, "AWS::EKS::Addon"):
        addons[str(addon.get("AddonName"))].append(addon)
    for name in ("vpc-cni", "kube-proxy"):
        if not addons[name]:
            start = (
                "Auto Mode serves only its own nodes," if auto else "the cluster starts without self-managed add-ons"
            )
            yield Problem(f"{start} and{' the cluster' if auto else ''} has no {name} add-on")
        elif any(addon.template is resource.template and not precedes(addon, resource) for addon in addons[name]):
            yield Problem(f"the node group does not depend on the {name} add-on")
    if any(addon.template is resource.template and precedes(addon, resource) for addon in addons["coredns"]):
        yield Problem("coredns is created before the nodes that it needs to become active")
