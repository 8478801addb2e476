from collections.abc import Iterator

from hardened_eks.baseline.policies.network_policy import POLICY
from hardened_eks.controls.kubernetes._admission import refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-16",
    title=POLICY.title,
    requirement="k8s.netpol.default_deny",
    types=(
        "Kubernetes::networking.k8s.io::NetworkPolicy",
        "Kubernetes::networking.k8s.aws::ApplicationNetworkPolicy",
        "Kubernetes::networking.k8s.aws::ClusterNetworkPolicy",
    ),
    needs="assembly",
    severity=Severity.HIGH,
    why=POLICY.why,
    fix="Add 169.254.169.254/32 and fd00:ec2::254/128 to the exceptions (except) of the range.",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    enforced_by="Workloads",
)
def network_policy_keeps_imds_closed(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
