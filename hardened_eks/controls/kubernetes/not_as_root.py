from collections.abc import Iterator

from hardened_eks.baseline.policies.non_root import POLICY
from hardened_eks.controls.kubernetes._admission import PODS, refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-05",
    title=POLICY.title,
    requirement="k8s.pod.non_root",
    types=PODS,
    needs="assembly",
    severity=Severity.HIGH,
    why=POLICY.why,
    fix="Set securityContext.runAsNonRoot to true, and runAsUser to a number above 0.",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    detective="The admission policy `non-root` of `hardened-eks manifests` and Workloads enforces it.",
)
def not_as_root(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
