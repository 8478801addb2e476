from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="CP-11",
    title="Access is granted by access entries, not by the aws-auth ConfigMap",
    requirement="eks.auth.access_entries",
    types=("AWS::EKS::Cluster",),
    severity=Severity.MEDIUM,
    why=(
        "Whoever can edit one ConfigMap is cluster admin, no AWS API sees it, and a typing mistake locks everybody out."
    ),
    fix="Set AccessConfig.AuthenticationMode to API.",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
)
def access_entries_only(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "AccessConfig.AuthenticationMode"
    mode = cluster.get(path, "CONFIG_MAP")  # absent means the ConfigMap
    if mode != "API":
        yield Problem(f"the authentication mode is {mode}", path)
