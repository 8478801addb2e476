from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource, Unknown
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.data import kubernetes


@control(
    id="CP-09",
    title="The cluster is not on the oldest version that is still supported",
    requirement="eks.version.not_oldest",
    types=("AWS::EKS::Cluster",),
    severity=Severity.MEDIUM,
    why="The oldest version is the next to leave support: an upgrade is due while there is time to test it.",
    fix="Upgrade one minor version at a time.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
)
def version_not_oldest(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    supported = kubernetes.supported()
    if cluster.get("Version") == supported[0]:
        yield Problem(f"{supported[0]} is the oldest version in standard support, next is {supported[1]}", "Version")
    elif isinstance(cluster.get("Version"), Unknown):
        yield Problem("the version is not known before deployment", "Version")
