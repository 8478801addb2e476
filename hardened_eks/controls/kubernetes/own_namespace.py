from collections.abc import Iterator

from hardened_eks.baseline.policies.default_namespace import POLICY
from hardened_eks.controls.kubernetes._admission import PODS, refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-13",
    title=POLICY.title,
    requirement="k8s.namespace.default_unused",
    types=PODS,
    needs="resource",
    severity=Severity.LOW,
    why=POLICY.why,
    fix="Set metadata.namespace.",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/tenant-isolation.html",
    blind="A manifest without a namespace counts as one for the default namespace, wherever it is applied.",
    detective="The admission policy `default-namespace` of `hardened-eks manifests` and Workloads enforces it.",
)
def own_namespace(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
