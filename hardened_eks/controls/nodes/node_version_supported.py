from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.data import kubernetes
from hardened_eks.evidence import Assembly, Resource


@control(
    id="ND-01",
    title="Node groups run a Kubernetes version in standard support",
    requirement="eks.nodegroup.version_supported",
    types=("AWS::EKS::Nodegroup",),
    needs="resource",
    severity=Severity.HIGH,
    why="An old kubelet and an old image get no security patches.",
    fix="Remove Version, so that the group uses the version of the cluster, or set a version in standard support.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
    blind="A node group without a version takes the version of the cluster at creation and keeps it.",
    enforced_by="NodeGroup",
)
def node_version_supported(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    version = group.get("Version")
    offered = kubernetes.supported(assembly.today)
    if version is None or str(version) in offered:
        return
    if kubernetes.is_newer(version):
        known = f"this release knows versions up to {kubernetes.NEWEST}: upgrade hardened-eks"
        yield Problem(f"Kubernetes {version} is not known, {known}", "Version")
    else:
        yield Problem(f"the version is {version}; in standard support: {', '.join(offered)}", "Version")
