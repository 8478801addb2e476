from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_PATH = "spec.advancedSecurity.kernelLockdown"


@control(
    id="KB-34",
    title="The kernel of Auto Mode nodes is locked down",
    requirement="node.os.container_optimized",
    types=("Kubernetes::eks.amazonaws.com::NodeClass",),
    needs="resource",
    severity=Severity.MEDIUM,
    why="Without lockdown, root on a node can change the running kernel, for example after an escape from a container.",
    fix="Set advancedSecurity.kernelLockdown to integrity.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/auto-advanced-security.html",
    detective="Cluster(auto_mode=...) writes these objects to an output of its stack, and you apply them.",
)
def auto_mode_kernel_locked(resource: Resource, _: Assembly) -> Iterator[Problem]:
    mode = resource.get(_PATH, "not set")
    if str(mode).lower() != "integrity":
        yield Problem(f"kernelLockdown is {mode}", _PATH)
