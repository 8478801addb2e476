from collections.abc import Iterator

from hardened_eks.controls.kubernetes._karpenter import NODE_CLASS
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-24",
    title="Karpenter nodes have no public address",
    requirement="node.public_ip.none",
    types=(NODE_CLASS,),
    needs="resource",
    severity=Severity.HIGH,
    why="A node with a public address is exposed to the internet by a single mistake in a security group.",
    fix="Set associatePublicIPAddress to false.",
    source="https://karpenter.sh/docs/concepts/nodeclasses/#specassociatepublicipaddress",
    blind="If associatePublicIPAddress is omitted, the subnets decide, and the manifest does not show them.",
    enforced_by="Karpenter",
)
def node_class_private(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "spec.associatePublicIPAddress"
    public = resource.flag(path, default=False)
    if public is not False:
        yield Problem(f"associatePublicIPAddress is {str(public).lower()}", path)
