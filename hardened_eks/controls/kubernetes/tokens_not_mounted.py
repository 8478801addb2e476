from collections.abc import Iterator

from hardened_eks.baseline.policies.automount_token import POLICY
from hardened_eks.controls.kubernetes._admission import PODS_AND_SECRETS, refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-11",
    title=POLICY.title,
    requirement=("k8s.sa.token_automount", "k8s.sa.default_unused"),
    types=PODS_AND_SECRETS,
    needs="assembly",
    severity=Severity.MEDIUM,
    why=POLICY.why,
    fix="Give the pod its own service account, or set automountServiceAccountToken to false.",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    blind=(
        "A pod that does not set automountServiceAccountToken is evaluated when it is created in the cluster, not here."
    ),
    detective="The admission policy `automount-token` of `hardened-eks manifests` and Workloads enforces it.",
)
def tokens_not_mounted(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
