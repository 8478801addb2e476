from collections.abc import Iterator

from hardened_eks.controls._unseen import launch_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import CONFIGURATION, INSTANCE, TEMPLATE, entries, prefix_of, setting
from hardened_eks.evidence.views.launch_source import LAUNCHED


@control(
    id="ND-07",
    title="Nodes have no public address",
    requirement="node.public_ip.none",
    types=(TEMPLATE, INSTANCE, CONFIGURATION, *LAUNCHED),
    needs="assembly",
    severity=Severity.HIGH,
    why="A node with a public address is exposed to the internet by a single mistake in a security group.",
    fix=(
        "Set AssociatePublicIpAddress to false on the network interface, and use subnets that do not assign public "
        "addresses."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-9",
    blind="If AssociatePublicIpAddress is omitted, the subnet decides: see NW-03.",
    enforced_by="NodeGroup",
)
def no_public_ip(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == CONFIGURATION:
        if resource.flag("AssociatePublicIpAddress", default=False) is not False:
            yield Problem("instances get a public address", "AssociatePublicIpAddress")
        return
    yield from launch_not_seen(resource, assembly, "NetworkInterfaces")
    for path, interface in entries(resource, f"{prefix_of(resource)}NetworkInterfaces"):
        public = interface.get("AssociatePublicIpAddress") if isinstance(interface, dict) else interface
        if public not in (None, False) and str(public).lower() != "false":
            yield Problem("the interface gets a public address", setting(path, interface, "AssociatePublicIpAddress"))
    for address in assembly.referring(resource, "AWS::EC2::EIP", "AWS::EC2::EIPAssociation"):
        if resource in assembly.targets(address.get("InstanceId"), INSTANCE, near=address):
            yield Problem(f"the Elastic IP {address.logical_id} is associated with it")
