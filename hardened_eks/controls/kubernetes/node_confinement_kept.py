from collections.abc import Iterator

from hardened_eks.baseline.policies.security_profiles import POLICY
from hardened_eks.controls.kubernetes._admission import PODS, refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-09",
    title=POLICY.title,
    requirement=("k8s.pod.apparmor", "k8s.pod.selinux"),
    types=PODS,
    needs="assembly",
    severity=Severity.LOW,
    why=POLICY.why,
    fix="Do not set appArmorProfile and seLinuxOptions, or use only the types that the Pod Security Standards allow.",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    detective="The admission policy `security-profiles` of `hardened-eks manifests` and Workloads enforces it.",
)
def node_confinement_kept(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
