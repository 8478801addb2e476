from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data import kubernetes
from hardened_eks.evidence import Assembly, Resource


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
        yield Problem(f"EKS does not support Kubernetes {version}; in standard support: {offered}", "Version")
