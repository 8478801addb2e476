from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data import kubernetes
from hardened_eks.evidence import Assembly, Resource

_CUT = (1.1, 1.2, 1.3, 1.4)
"""The numbers that YAML reads for 1.10, 1.20, 1.30 and 1.40 without quotes. EKS never offered 1.1 to 1.9."""


@control(
    id="DP-16",
    title="EKS supports the Kubernetes version",
    types=("AWS::EKS::Cluster", "AWS::EKS::Nodegroup"),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        'EKS returns "unsupported Kubernetes version" when the cluster is created. A cluster cannot be created with a '
        "version whose support has ended."
    ),
    fix="Use a version in standard support.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
    blind="Versions that EKS added after the data file was written.",
    enforced_by="Cluster",
)
def kubernetes_version_exists(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    version = resource.get("Version")
    if not isinstance(version, str | int | float) or isinstance(version, bool):
        return
    standing = kubernetes.support(str(version), assembly.today)
    if standing in (kubernetes.Support.UNKNOWN, kubernetes.Support.ENDED) and not kubernetes.is_newer(version):
        offered = ", ".join(kubernetes.supported(assembly.today))
        lost = f" (without quotes, YAML reads {version}0 as the number {version})" if version in _CUT else ""
        yield Problem(f"EKS does not support Kubernetes {version}{lost}; in standard support: {offered}", "Version")
