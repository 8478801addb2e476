from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.data import kubernetes


@control(
    id="CP-08",
    title="The cluster runs a Kubernetes version in standard support",
    requirement="eks.version.supported",
    types=("AWS::EKS::Cluster",),
    severity=Severity.HIGH,
    why=(
        "A version out of standard support costs six times as much, and after extended support EKS upgrades it unasked."
    ),
    fix="Set Version to one in standard support and upgrade once a year at least.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
    blind="Versions that EKS offered after the data file was read.",
)
def version_supported(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    version = str(cluster.get("Version"))
    if version not in kubernetes.supported():
        offered = ", ".join(kubernetes.supported())
        said = "not set" if cluster.get("Version") is None else version
        yield Problem(f"the version is {said}, in standard support are {offered}", "Version")
