from collections.abc import Iterator

from hardened_eks.baseline.policies.ingress import POLICY
from hardened_eks.controls.kubernetes._admission import INGRESSES, refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-18",
    title=POLICY.title,
    requirement="k8s.ingress.tls",
    types=INGRESSES,
    needs="assembly",
    severity=Severity.HIGH,
    why=POLICY.why,
    fix="Configure a certificate, and redirect plain HTTP to HTTPS or turn it off.",
    source="https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
    detective="The admission policy `ingress` of `hardened-eks manifests` and Workloads enforces it.",
)
def ingress_tls(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
