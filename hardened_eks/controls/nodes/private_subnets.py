from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.auto_scaling import is_nodes
from hardened_eks.evidence.views.launch import AUTO_SCALING, NODEGROUP, entries
from hardened_eks.evidence.views.vpc import PUBLIC_SUBNETS, internet_subnet
from hardened_eks.evidence.worst import at_worst

_SUBNETS = "Subnets"
_OF_GROUP = "VPCZoneIdentifier"


@control(
    id="ND-08",
    title="Nodes are in subnets without a route to an internet gateway",
    requirement="node.subnets.private",
    types=(NODEGROUP, "AWS::EKS::FargateProfile", AUTO_SCALING),
    needs="assembly",
    severity=Severity.HIGH,
    why="A node in a public subnet is reachable from the internet as soon as it has a public address and an open port.",
    fix="Use isolated or private subnets.",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html",
    enforced_by="NodeGroup",
)
def private_subnets(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    own = resource.type == AUTO_SCALING
    if own and not is_nodes(resource, assembly):
        return
    where, hidden = _OF_GROUP if own else _SUBNETS, list[str]()
    for path, value in entries(resource, where):
        subnet = assembly.target(value, "AWS::EC2::Subnet", near=resource)
        if subnet is None:
            hidden.append(str(value))
            continue
        message = f"subnet {subnet.logical_id} is public"
        mapped = subnet.flag("MapPublicIpOnLaunch", default=False)
        if internet_subnet(subnet, assembly):
            yield Problem(message, path, cause=PUBLIC_SUBNETS)
        elif mapped is not False:
            unsure = at_worst(message, f"MapPublicIpOnLaunch of {subnet.logical_id}", mapped)
            yield Problem(unsure, path, cause=PUBLIC_SUBNETS)
    if hidden:
        named = ", ".join(dict.fromkeys(hidden))
        yield Problem(f"the routes of {named} are not among the templates", where, unseen=True)
