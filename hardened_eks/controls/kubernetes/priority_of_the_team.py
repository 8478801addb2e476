from collections.abc import Iterator

from hardened_eks.baseline.policies.priority import POLICY
from hardened_eks.controls.kubernetes._admission import PODS, refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-20",
    title=POLICY.title,
    requirement="k8s.namespace.boundaries",
    types=PODS,
    needs="assembly",
    severity=Severity.MEDIUM,
    why=POLICY.why,
    fix=(
        "Use a priority class of the team. system-node-critical and system-cluster-critical are reserved for system "
        "components."
    ),
    source="https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/",
    detective="The admission policy `priority` of `hardened-eks manifests` and Workloads enforces it.",
)
def priority_of_the_team(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
