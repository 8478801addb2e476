from collections.abc import Iterator

from hardened_eks.baseline.policies.secret_env import POLICY
from hardened_eks.controls.kubernetes._admission import PODS, refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-12",
    title=POLICY.title,
    requirement="k8s.secrets.as_files",
    types=PODS,
    needs="assembly",
    severity=Severity.MEDIUM,
    why=POLICY.why,
    fix="Mount the secret as a file.",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/data-encryption-and-secrets-management.html",
    detective="The admission policy `secret-env` of `hardened-eks manifests` and Workloads enforces it.",
)
def secrets_as_files(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
