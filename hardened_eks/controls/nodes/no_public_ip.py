from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="ND-07",
    title="Nodes get no public address",
    requirement="node.public_ip.none",
    types=("AWS::EC2::LaunchTemplate", "AWS::EC2::Instance", "AWS::AutoScaling::LaunchConfiguration"),
    severity=Severity.HIGH,
    why="A node with a public address is one security-group mistake away from the internet.",
    fix="Set AssociatePublicIpAddress to false on the network interface, and use subnets that assign none.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-9",
    blind="Left out, the subnet decides: see the control on subnets.",
)
def no_public_ip(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    prefix = "LaunchTemplateData." if resource.type.endswith("Template") else ""
    if resource.type.endswith("LaunchConfiguration"):
        if resource.flag("AssociatePublicIpAddress", default=False) is not False:
            yield Problem("instances get a public address", "AssociatePublicIpAddress")
        return
    for index, interface in enumerate(resource.items(f"{prefix}NetworkInterfaces")):
        public = interface.get("AssociatePublicIpAddress", False) if isinstance(interface, dict) else interface
        if public is not False and str(public).lower() != "false":
            yield Problem(
                "the interface gets a public address", f"{prefix}NetworkInterfaces.{index}.AssociatePublicIpAddress"
            )
