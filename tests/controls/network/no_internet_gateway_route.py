from hardened_eks.controls.network import no_internet_gateway_route
from tests.controls.cases import Case, at, template
from tests.controls.network.base import ROUTE, edit

ROUTED = template(
    {
        "Gateway": ("AWS::EC2::InternetGateway", {}),
        "Vpn": ("AWS::EC2::VPNGateway", {"Type": "ipsec.1"}),
        "Route": (ROUTE, {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}),
    }
)

CASE = Case(
    no_internet_gateway_route,
    ROUTED,
    bad=at(
        "GatewayId",
        {
            "to the gateway": edit("Route", NatGatewayId=None, GatewayId={"Ref": "Gateway"}),
            "to a gateway by id": edit("Route", NatGatewayId=None, GatewayId="igw-1"),
            "IPv6": edit(
                "Route",
                NatGatewayId=None,
                GatewayId={"Ref": "Gateway"},
                DestinationCidrBlock=None,
                DestinationIpv6CidrBlock="::/0",
            ),
            "lower half": edit("Route", NatGatewayId=None, GatewayId="igw-1", DestinationCidrBlock="0.0.0.0/1"),
            "upper half": edit("Route", NatGatewayId=None, GatewayId="igw-1", DestinationCidrBlock="128.0.0.0/1"),
            "a /8": edit("Route", NatGatewayId=None, GatewayId="igw-1", DestinationCidrBlock="52.0.0.0/8"),
            "a /12": edit("Route", NatGatewayId=None, GatewayId="igw-1", DestinationCidrBlock="52.16.0.0/12"),
            "global IPv6": edit(
                "Route",
                NatGatewayId=None,
                GatewayId="igw-1",
                DestinationCidrBlock=None,
                DestinationIpv6CidrBlock="2000::/3",
            ),
            "a prefix list": edit(
                "Route", NatGatewayId=None, GatewayId="igw-1", DestinationCidrBlock=None, DestinationPrefixListId="pl-1"
            ),
            "gateway hidden": edit("Route", NatGatewayId=None, GatewayId={"Ref": "Somewhere"}),
            "destination hidden": edit(
                "Route", NatGatewayId=None, GatewayId={"Ref": "Gateway"}, DestinationCidrBlock={"Ref": "To"}
            ),
        },
    ),
    edge={
        "to a VPN": edit("Route", NatGatewayId=None, GatewayId={"Ref": "Vpn"}),
        "to a VPN by id": edit("Route", NatGatewayId=None, GatewayId="vgw-1"),
        "to one network": edit(
            "Route", NatGatewayId=None, GatewayId={"Ref": "Gateway"}, DestinationCidrBlock="198.51.100.0/24"
        ),
    },
)
