from collections.abc import Iterator

from hardened_eks.baseline.policies.service import POLICY
from hardened_eks.controls.kubernetes._admission import refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-17",
    title=POLICY.title,
    requirement=("k8s.service.exposure", "k8s.ingress.tls"),
    types=("Kubernetes::core::Service",),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=POLICY.why,
    fix="Use ClusterIP behind an internal load balancer that terminates TLS and writes access logs.",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html",
    detective="The admission policy `service` of `hardened-eks manifests` and Workloads enforces it.",
)
def service_internal(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
