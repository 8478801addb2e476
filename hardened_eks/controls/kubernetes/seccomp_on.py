from collections.abc import Iterator

from hardened_eks.baseline.policies.seccomp import POLICY
from hardened_eks.controls.kubernetes._admission import PODS, refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-08",
    title=POLICY.title,
    requirement="k8s.pod.seccomp",
    types=PODS,
    needs="assembly",
    severity=Severity.MEDIUM,
    why=POLICY.why,
    fix="Set securityContext.seccompProfile.type of the pod to RuntimeDefault.",
    source="https://kubernetes.io/docs/tutorials/security/seccomp/",
    detective="The admission policy `seccomp` of `hardened-eks manifests` and Workloads enforces it.",
)
def seccomp_on(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
