from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.vpc import wide_destination
from hardened_eks.evidence.worst import at_worst


@control(
    id="NW-20",
    title="Peerings, transit gateways and VPNs are restricted and logged",
    requirement="vpc.connectivity.controlled",
    types=(
        "AWS::EC2::TransitGateway",
        "AWS::EC2::ClientVpnEndpoint",
        "AWS::EC2::ClientVpnAuthorizationRule",
        "AWS::EC2::VPNConnection",
        "AWS::EC2::VPCPeeringConnection",
    ),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "A transit gateway that accepts every attachment, a VPN that anybody can use, or a peering that routes the "
        "whole range bypasses the boundary of the VPC."
    ),
    fix=(
        "Leave AutoAcceptSharedAttachments off, log client connections, authorize groups by ID, log tunnels, and "
        "route narrow ranges over peerings."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-23",
    blind=(
        "Whether both tunnels of a VPN are up (EC2.20), and DNS resolution over a peering: a template shows neither. "
        "A peering with another account is a finding: waive it and name the owner. An assembly without such resources "
        "is not examined."
    ),
    detective=(
        "Connections between networks belong to the network account of the organization, so no construct creates them."
    ),
)
def connectivity_controlled(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    kind = resource.type.rsplit("::", 1)[1]
    if kind == "TransitGateway":
        accept = resource.get("AutoAcceptSharedAttachments", "disable")
        if accept != "disable":
            yield Problem(
                f"attachments of any account it is shared with are accepted automatically ({accept})",
                "AutoAcceptSharedAttachments",
            )
    elif kind == "ClientVpnEndpoint":
        if resource.flag("ConnectionLogOptions.Enabled", default=False) is not True:
            yield Problem("client connections are not logged", "ConnectionLogOptions.Enabled")
    elif kind == "ClientVpnAuthorizationRule":
        if resource.flag("AuthorizeAllGroups", default=False) is not False:
            yield Problem("every client is authorized, regardless of its group", "AuthorizeAllGroups")
    elif kind == "VPNConnection":
        yield from _tunnels(resource)
    else:
        yield from _peering(resource, assembly)


def _peering(peering: Resource, assembly: Assembly) -> Iterator[Problem]:
    owner = peering.get("PeerOwnerId")  # absent means the stack's own account
    own = ("${AWS::AccountId}", peering.template.account or "${AWS::AccountId}")
    if owner is not None and str(owner) not in own:
        yield Problem(at_worst(f"the peer belongs to account {owner}", "its owner", owner), "PeerOwnerId")
    for route in assembly.referring(peering, "AWS::EC2::Route"):
        destination = route.get("DestinationCidrBlock", route.get("DestinationIpv6CidrBlock"))
        wide = wide_destination(route, assembly)
        if wide or isinstance(destination, Unknown):
            message = f"{route.logical_id} routes {wide or destination} to the peer"
            yield Problem(at_worst(message, f"the destination of {route.logical_id}", destination))


def _tunnels(connection: Resource) -> Iterator[Problem]:
    path = "VpnTunnelOptionsSpecifications"
    tunnels = connection.items(path)
    for index in range(max(2, len(tunnels))):
        log = f"{path}.{index}.LogOptions.CloudwatchLogOptions.LogEnabled"
        if connection.flag(log, default=False) is not True:
            yield Problem(f"tunnel {index + 1} is not logged", log)
