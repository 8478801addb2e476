from hardened_eks.controls.network import egress_routes
from tests.controls.cases import Case, add, at, both, template
from tests.controls.network.base import ROUTE, edit

NARROW = template(
    {
        "Vpc": ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
        "List": ("AWS::EC2::PrefixList", {"Entries": [{"Cidr": "10.1.0.0/16"}, {"Cidr": "0.0.0.0/0"}]}),
        "Narrow": ("AWS::EC2::PrefixList", {"Entries": [{"Cidr": "10.1.0.0/16"}]}),
        "Route": (ROUTE, {"DestinationCidrBlock": "10.1.0.0/16", "TransitGatewayId": "tgw-1"}),
    }
)


def to(cidr="0.0.0.0/0", name="DestinationCidrBlock", **way):
    return edit("Route", **{"DestinationCidrBlock": None, "TransitGatewayId": None, name: cidr, **way})


def by_transit_gateway(cidr, name="DestinationCidrBlock"):
    return to(cidr, name, TransitGatewayId="tgw-1")


SIX = "DestinationIpv6CidrBlock"

CASE = Case(
    egress_routes,
    NARROW,
    bad={
        **at(
            "TransitGatewayId",
            {
                "everything": by_transit_gateway("0.0.0.0/0"),
                "lower half": by_transit_gateway("0.0.0.0/1"),
                "upper half": by_transit_gateway("128.0.0.0/1"),
                "a /8": by_transit_gateway("52.0.0.0/8"),
                "a /12": by_transit_gateway("52.16.0.0/12"),
                "host bits": by_transit_gateway("52.94.76.5/8"),
                "all of IPv6": by_transit_gateway("::/0", SIX),
                "global IPv6": by_transit_gateway("2000::/3", SIX),
                "a registry's IPv6": by_transit_gateway("2600::/12", SIX),
                "IPv4 by NAT64": by_transit_gateway("64:ff9b::/96", SIX),
                "hidden": by_transit_gateway({"Ref": "To"}),
                "a list with everything": by_transit_gateway({"Ref": "List"}, "DestinationPrefixListId"),
                "a list by id": by_transit_gateway("pl-1", "DestinationPrefixListId"),
            },
        ),
        **at("InstanceId", {"a NAT instance": to(InstanceId="i-1")}),
        **at("NetworkInterfaceId", {"a NAT instance's interface": to(NetworkInterfaceId="eni-1")}),
        **at(
            "EgressOnlyInternetGatewayId",
            {"an egress-only gateway": to("::/0", SIX, EgressOnlyInternetGatewayId="eigw-1")},
        ),
        **at("VpcPeeringConnectionId", {"a peer": to(VpcPeeringConnectionId="pcx-1")}),
        **at("CoreNetworkArn", {"a core network": to(CoreNetworkArn="arn:aws:networkmanager::1:core-network/c")}),
        **at("CarrierGatewayId", {"a carrier gateway": to(CarrierGatewayId="cagw-1")}),
        **at("LocalGatewayId", {"a local gateway": to(LocalGatewayId="lgw-1")}),
    },
    edge={
        "by a peering that NW-20 judges": both(
            add(Peer=("AWS::EC2::VPCPeeringConnection", {})), to(VpcPeeringConnectionId={"Ref": "Peer"})
        ),
        "by a NAT gateway": to(NatGatewayId="nat-1"),
        "by a firewall's endpoint": to(VpcEndpointId="vpce-1"),
        "all private addresses": by_transit_gateway("10.0.0.0/8"),
        "private IPv6": by_transit_gateway("fd00::/8", SIX),
        "the range of a VPC": by_transit_gateway({"Fn::GetAtt": ["Vpc", "CidrBlock"]}),
        "a range of a company": by_transit_gateway("203.0.113.0/24"),
        "a list of private ranges": by_transit_gateway({"Ref": "Narrow"}, "DestinationPrefixListId"),
    },
)
