from collections.abc import Iterator

from hardened_eks.baseline.policies.resources import POLICY
from hardened_eks.controls.kubernetes._admission import PODS, refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-10",
    title=POLICY.title,
    requirement="k8s.resources.limits",
    types=PODS,
    needs="assembly",
    severity=Severity.MEDIUM,
    why=POLICY.why,
    fix="Set requests for cpu and memory, and a limit for memory, in each container.",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html",
    detective="The admission policy `resources` of `hardened-eks manifests` and Workloads enforces it.",
)
def resources_stated(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
