from collections.abc import Iterator

from hardened_eks.baseline.policies.endpoint_slices import POLICY
from hardened_eks.controls.kubernetes._admission import refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-19",
    title=POLICY.title,
    requirement="k8s.rbac.network_and_dns",
    types=("Kubernetes::core::Endpoints", "Kubernetes::discovery.k8s.io::EndpointSlice"),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=POLICY.why,
    fix="Let the Service select its pods.",
    source="https://github.com/kubernetes/kubernetes/issues/103675",
    detective="The admission policy `endpoint-slices` of `hardened-eks manifests` and Workloads enforces it.",
)
def endpoints_by_controllers(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
