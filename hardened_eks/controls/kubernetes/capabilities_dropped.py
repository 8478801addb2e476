from collections.abc import Iterator

from hardened_eks.baseline.policies.capabilities import POLICY
from hardened_eks.controls.kubernetes._admission import PODS, refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-06",
    title=POLICY.title,
    requirement=("k8s.pod.capabilities_drop_all", "k8s.pod.capabilities_baseline"),
    types=PODS,
    needs="assembly",
    severity=Severity.HIGH,
    why=POLICY.why,
    fix="Set securityContext.capabilities.drop of each container to [ALL], and add at most NET_BIND_SERVICE.",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    detective="The admission policy `capabilities` of `hardened-eks manifests` and Workloads enforces it.",
)
def capabilities_dropped(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
