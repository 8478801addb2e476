from collections.abc import Iterator

from hardened_eks.baseline.policies.trusted_registry import POLICY
from hardened_eks.controls.kubernetes._admission import PODS, refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-01",
    title=POLICY.title,
    requirement="k8s.image.trusted_registry",
    types=PODS,
    needs="assembly",
    severity=Severity.HIGH,
    why=POLICY.why,
    fix="Pull the image from the team's registry, and list the registries in the settings of `hardened-eks manifests`.",
    source="https://kubernetes.io/docs/concepts/containers/images/",
    blind="If the manifests contain no list of registries, all private Amazon ECR registries are trusted.",
    detective="The admission policy `trusted-registry` of `hardened-eks manifests` and Workloads enforces it.",
)
def images_trusted(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
