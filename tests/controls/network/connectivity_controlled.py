from hardened_eks.controls.network import connectivity_controlled
from tests.controls.cases import Bad, Case, ITSELF, add, both, change, drop, hide, template
from tests.controls.network.base import ROUTE

TGW = "AWS::EC2::TransitGateway"
CVPN = "AWS::EC2::ClientVpnEndpoint"
CAUTH = "AWS::EC2::ClientVpnAuthorizationRule"
VPN = "AWS::EC2::VPNConnection"
PEER = "AWS::EC2::VPCPeeringConnection"
TUNNEL = {"LogOptions": {"CloudwatchLogOptions": {"LogEnabled": True, "LogGroupArn": "arn:x"}}}

JOINED = template(
    {
        "Transit": (TGW, {"AutoAcceptSharedAttachments": "disable"}),
        "Client": (CVPN, {"ConnectionLogOptions": {"Enabled": True}}),
        "Rule": (CAUTH, {"AccessGroupId": "g-1"}),
        "Vpn": (VPN, {"VpnTunnelOptionsSpecifications": [TUNNEL, TUNNEL]}),
        "Peer": (PEER, {}),
        "ToPeer": (ROUTE, {"VpcPeeringConnectionId": {"Ref": "Peer"}, "DestinationCidrBlock": "10.1.0.0/24"}),
    }
)

CASE = Case(
    connectivity_controlled,
    JOINED,
    bad={
        "accepts by itself": Bad(change(TGW, "AutoAcceptSharedAttachments", "enable"), "AutoAcceptSharedAttachments"),
        "accepting hidden": Bad(hide(TGW, "AutoAcceptSharedAttachments"), "AutoAcceptSharedAttachments"),
        "clients not logged": Bad(drop(CVPN, "ConnectionLogOptions"), "ConnectionLogOptions.Enabled"),
        "everybody authorized": Bad(change(CAUTH, "AuthorizeAllGroups", True), "AuthorizeAllGroups"),
        "one tunnel not logged": Bad(
            change(VPN, "VpnTunnelOptionsSpecifications", [TUNNEL]),
            "VpnTunnelOptionsSpecifications.1.LogOptions.CloudwatchLogOptions.LogEnabled",
        ),
        "the whole world to the peer": Bad(change(ROUTE, "DestinationCidrBlock", "0.0.0.0/0"), ITSELF),
        "half the world to the peer": Bad(change(ROUTE, "DestinationCidrBlock", "128.0.0.0/1"), ITSELF),
        "the world by a prefix list": Bad(
            both(
                change(ROUTE, "DestinationPrefixListId", {"Ref": "List"}),
                drop(ROUTE, "DestinationCidrBlock"),
                add(List=("AWS::EC2::PrefixList", {"Entries": [{"Cidr": "0.0.0.0/0"}]})),
            ),
            ITSELF,
        ),
        "the peer of a stranger": Bad(change(PEER, "PeerOwnerId", "999999999999"), "PeerOwnerId"),
        "the peer's owner hidden": Bad(hide(PEER, "PeerOwnerId"), "PeerOwnerId"),
        "destination hidden": Bad(hide(ROUTE, "DestinationCidrBlock"), ITSELF),
    },
    edge={
        "default": drop(TGW, "AutoAcceptSharedAttachments"),
        "a peer of the account": change(PEER, "PeerOwnerId", {"Ref": "AWS::AccountId"}),
    },
)
