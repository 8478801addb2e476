from collections.abc import Iterator

from hardened_eks.baseline.policies.read_only_rootfs import POLICY
from hardened_eks.controls.kubernetes._admission import PODS, refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-07",
    title=POLICY.title,
    requirement="k8s.pod.read_only_root",
    types=PODS,
    needs="assembly",
    severity=Severity.MEDIUM,
    why=POLICY.why,
    fix=(
        "Set securityContext.readOnlyRootFilesystem of each container to true, and mount an emptyDir for the paths it "
        "writes to."
    ),
    source="https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html",
    detective="The admission policy `read-only-rootfs` of `hardened-eks manifests` and Workloads enforces it.",
)
def root_file_system_read_only(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
