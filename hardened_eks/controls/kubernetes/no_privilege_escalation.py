from collections.abc import Iterator

from hardened_eks.baseline.policies.privilege_escalation import POLICY
from hardened_eks.controls.kubernetes._admission import PODS, refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-03",
    title=POLICY.title,
    requirement=("k8s.pod.privileged", "k8s.pod.privilege_escalation"),
    types=PODS,
    needs="assembly",
    severity=Severity.CRITICAL,
    why=POLICY.why,
    fix="Set securityContext.privileged and allowPrivilegeEscalation of each container to false.",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    detective="The admission policy `privilege-escalation` of `hardened-eks manifests` and Workloads enforces it.",
)
def no_privilege_escalation(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
