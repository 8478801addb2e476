from collections.abc import Iterator

from hardened_eks.controls.control_plane._versions import versions
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.data.kubernetes import SOURCE, is_newer, lasting, supported
from hardened_eks.evidence import Assembly, Resource


@control(
    id="CP-09",
    title="The cluster is not on the oldest version in standard support",
    requirement="eks.version.not_oldest",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.MEDIUM,
    why="The oldest version is the next to leave standard support. Plan the upgrade now instead of in the last week.",
    fix="Upgrade by one minor version once the upgrade insights in the EKS console show no deprecated API in use.",
    source=SOURCE,
    blind=(
        "The end-of-support dates come from hardened_eks/data/kubernetes.json and are compared with the date of the "
        "check."
    ),
    enforced_by="Cluster",
)
def version_not_oldest(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    offered, good = supported(assembly.today), lasting(assembly.today)
    for version, shown in versions(cluster.get("Version")):
        if version is None:
            yield Problem(f"the version is {shown}, so the cluster may run the oldest version", "Version")
        elif version not in good and not is_newer(version):
            oldest = "no known version is in standard support"
            if offered:
                oldest = f"{'it' if version == offered[0] else offered[0]} is the oldest in standard support"
            yield Problem(f"Kubernetes {version} is too old: {oldest}, use {', '.join(good)}", "Version")
