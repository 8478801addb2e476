from collections.abc import Iterator

from hardened_eks.baseline.policies.image_pinned import POLICY
from hardened_eks.controls.kubernetes._admission import PODS, refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-02",
    title=POLICY.title,
    requirement="k8s.image.tag_fixed",
    types=PODS,
    needs="assembly",
    severity=Severity.MEDIUM,
    why=POLICY.why,
    fix="Reference the image by its digest, or by a version such as 1.4.2.",
    source="https://kubernetes.io/docs/concepts/containers/images/#image-names",
    detective="The admission policy `image-pinned` of `hardened-eks manifests` and Workloads enforces it.",
)
def images_pinned(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
