from collections.abc import Iterator

from hardened_eks.baseline.policies.namespace_labels import POLICY
from hardened_eks.controls.kubernetes._admission import refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-14",
    title=POLICY.title,
    requirement="k8s.psa.namespace_labels",
    types=("Kubernetes::core::Namespace",),
    needs="assembly",
    severity=Severity.HIGH,
    why=POLICY.why,
    fix=(
        "Add the labels pod-security.kubernetes.io/enforce: restricted and "
        "pod-security.kubernetes.io/enforce-version: v1.34 to the namespace."
    ),
    source="https://kubernetes.io/docs/concepts/security/pod-security-admission/",
    enforced_by="Workloads",
)
def namespace_level(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
