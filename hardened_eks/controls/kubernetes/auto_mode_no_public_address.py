from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_PATH = "spec.advancedNetworking.associatePublicIPAddress"


@control(
    id="KB-32",
    title="Auto Mode nodes have no public address",
    requirement="node.public_ip.none",
    types=("Kubernetes::eks.amazonaws.com::NodeClass",),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "A node with a public address is exposed to the internet by a single mistake in a security group. If the "
        "setting is omitted, the subnet decides."
    ),
    fix="Set advancedNetworking.associatePublicIPAddress to false, and select private subnets.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/auto-controls.html",
    detective="Cluster(auto_mode=...) writes these objects to an output of its stack, and you apply them.",
)
def auto_mode_no_public_address(resource: Resource, _: Assembly) -> Iterator[Problem]:
    public = resource.get(_PATH)
    if public is not False:
        said = "depends on the subnet" if public is None else f"is {public}"
        yield Problem(f"whether nodes get a public address {said}", _PATH)
