import re
from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data import kubernetes
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.auto_scaling import cluster_of, node_image
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
        "EKS refuses a newer node group, and newer self-managed nodes are not supported; a kubelet more than three "
        "minor versions behind its API server is not supported and blocks the next control-plane upgrade."
    ),
    fix="Upgrade the control plane first, then the node groups.",
    source="https://kubernetes.io/releases/version-skew-policy/",
    blind="Clusters that are not in the assembly; releases of Bottlerocket, which do not say their Kubernetes version.",
    enforced_by="NodeGroup",
)
def nodegroup_version_skew(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == AUTO_SCALING:
        template = launch_template(resource, assembly)
        image = None if template is None else node_image(template)
        if image is not None:
            yield from _skew(image.version, cluster_of(resource, assembly), "MixedInstancesPolicy")
        return
    cluster = assembly.target(resource.get("ClusterName"), "AWS::EKS::Cluster", near=resource)
    path = "Version" if resource.get("Version") is not None else "ReleaseVersion"
    yield from _skew(resource.get(path) if path == "Version" else _of_release(resource), cluster, path)


def _skew(version: object, cluster: Resource | None, path: str) -> Iterator[Problem]:
    nodes = _minor(version)
    plane = _minor(cluster.get("Version")) if cluster is not None else None
    if nodes is None or plane is None:
        return
    if nodes > plane:
        yield Problem(f"the nodes run 1.{nodes}, the control plane 1.{plane}", path)
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
