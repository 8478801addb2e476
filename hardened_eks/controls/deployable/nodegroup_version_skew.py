import re
from collections.abc import Iterator

from hardened_eks.controls._unseen import launch_not_seen, not_seen, value_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data import kubernetes
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.auto_scaling import cluster_name, cluster_of, is_nodes, node_image
from hardened_eks.evidence.views.launch import AUTO_SCALING
from hardened_eks.evidence.views.launch_source import launch_template

_SKEW = 3  # minor versions, since Kubernetes 1.28


@control(
    id="DP-17",
    title="Nodes are not newer than their cluster, and at most three minor versions older",
    types=("AWS::EKS::Nodegroup", AUTO_SCALING),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS rejects a node group that is newer than its cluster, and newer self-managed nodes are not supported. A "
        "kubelet more than three minor versions older than its API server is not supported and blocks the next "
        "control-plane upgrade."
    ),
    fix="Upgrade the control plane first, then the node groups.",
    source="https://kubernetes.io/releases/version-skew-policy/",
    blind="Bottlerocket releases, whose names do not include the Kubernetes version.",
    enforced_by="NodeGroup",
)
def nodegroup_version_skew(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == AUTO_SCALING:
        yield from _of_group(resource, assembly)
        return
    cluster = assembly.target(resource.get("ClusterName"), "AWS::EKS::Cluster", near=resource)
    path = "Version" if resource.get("Version") is not None else "ReleaseVersion"
    version = resource.get(path) if path == "Version" else _of_release(resource)
    if cluster is None and version is not None:  # without a version, the nodes get that of their cluster
        yield from not_seen(resource, assembly, "ClusterName", "AWS::EKS::Cluster")
    yield from _skew(version, cluster, path)


def _of_group(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not is_nodes(group, assembly):
        return
    yield from launch_not_seen(group, assembly, "ImageId")
    template = launch_template(group, assembly)
    image = None if template is None else node_image(template)
    if image is not None:
        cluster, name = cluster_of(group, assembly), cluster_name(group)
        if cluster is None:
            yield from value_not_seen(group, assembly, "Tags", name, "AWS::EKS::Cluster")
        yield from _skew(image.version, cluster, "MixedInstancesPolicy")


def _skew(version: object, cluster: Resource | None, path: str) -> Iterator[Problem]:
    nodes = _minor(version)
    plane = _minor(cluster.get("Version")) if cluster is not None else None
    if nodes is None or plane is None:
        return
    if nodes > plane:
        yield Problem(f"the nodes run 1.{nodes}, which is newer than the control plane's 1.{plane}", path)
    if plane - nodes > _SKEW:
        yield Problem(
            f"the nodes run 1.{nodes}, {plane - nodes} minor versions behind the control plane's 1.{plane}", path
        )


def _of_release(resource: Resource) -> str | None:
    bottlerocket = str(resource.get("AmiType")).startswith("BOTTLEROCKET")
    return None if bottlerocket else kubernetes.version_of_release(str(resource.get("ReleaseVersion")))


def _minor(version: object) -> int | None:
    match = re.fullmatch(r"1\.(\d+)", str(version))
    return int(match[1]) if match else None
