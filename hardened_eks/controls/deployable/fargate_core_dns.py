import json
from collections.abc import Iterator
from typing import Any

from hardened_eks.controls._unseen import not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.auto_scaling import cluster_of, is_nodes
from hardened_eks.evidence.views.fargate import FARGATE, selects
from hardened_eks.evidence.views.launch import AUTO_SCALING

_PATH = "ConfigurationValues"


@control(
    id="DP-82",
    title="CoreDNS runs on Fargate in a cluster that has only Fargate",
    types=("AWS::EKS::Addon",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "CoreDNS waits for a node unless it is configured for Fargate and a Fargate profile selects it. The add-on "
        "fails after 20 minutes, and until then no name is resolved."
    ),
    fix='Set ConfigurationValues {"computeType": "Fargate"}, and select kube-system with a Fargate profile.',
    source="https://docs.aws.amazon.com/eks/latest/userguide/fargate-getting-started.html",
    blind="Nodes that other templates or Karpenter provide.",
    enforced_by="FargateProfile",
)
def fargate_core_dns(addon: Resource, assembly: Assembly) -> Iterator[Problem]:
    if addon.get("AddonName") != "coredns":
        return
    yield from not_seen(addon, assembly, "ClusterName", "AWS::EKS::Cluster")
    cluster = assembly.target(addon.get("ClusterName"), "AWS::EKS::Cluster", near=addon)
    if cluster is None or not _alone(cluster, assembly):
        return
    profiles = assembly.pointing("ClusterName", cluster, FARGATE)
    if not any(selects(profile, "kube-system") for profile in profiles):
        yield Problem("no Fargate profile of the cluster selects kube-system, and it has no nodes", "AddonName")
    elif not _on_fargate(addon.get(_PATH)):
        yield Problem("computeType is not Fargate, and the cluster has no nodes", _PATH)


def _alone(cluster: Resource, assembly: Assembly) -> bool:
    """Return whether a cluster has only Fargate."""
    if not assembly.pointing("ClusterName", cluster, FARGATE):
        return False
    if cluster.flag("ComputeConfig.Enabled", default=False) is not False:
        return False
    if assembly.pointing("ClusterName", cluster, "AWS::EKS::Nodegroup"):
        return False
    groups = [group for group in assembly.of(AUTO_SCALING) if is_nodes(group, assembly)]
    return not any(cluster_of(group, assembly) in (cluster, None) for group in groups)


def _on_fargate(configuration: Any) -> bool:
    if isinstance(configuration, Unknown):
        return True
    try:
        values = json.loads(configuration) if isinstance(configuration, str) else {}
    except ValueError:
        return "computeType: Fargate" in str(configuration)
    return isinstance(values, dict) and values.get("computeType") == "Fargate"
