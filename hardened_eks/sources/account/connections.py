"""EC2: connections of a VPC with other networks: peering, transit gateways, VPNs, endpoints and endpoint services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks.sources.account.found import Found, Wanted
from hardened_eks.sources.account.shape import ec2_filter, ec2_found, is_gone, pick

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.sources.account.asking import Asker


def connections(asker: Asker, vpc_id: str) -> Iterator[Found | Wanted]:
    """Yield peering connections, transit gateway attachments, and EC2 Instance Connect Endpoints."""
    yield from _peerings(asker, vpc_id)
    in_vpc = ec2_filter("vpc-id", vpc_id)
    for entry in asker.pages(
        "ec2:DescribeTransitGatewayVpcAttachments", "TransitGatewayVpcAttachments", Filters=in_vpc
    ):
        if is_gone(entry.get("State")):
            continue
        id_ = entry["TransitGatewayAttachmentId"]
        properties = {"Id": id_, **pick(entry, "TransitGatewayId", "VpcId", "SubnetIds")}
        yield ec2_found(
            "AWS::EC2::TransitGatewayAttachment", id_, properties, asker, "transit-gateway-attachment", entry
        )
        if entry.get("TransitGatewayOwnerId", asker.account) == asker.account:
            yield Wanted("transit-gateway", entry["TransitGatewayId"])
    for entry in asker.pages("ec2:DescribeInstanceConnectEndpoints", "InstanceConnectEndpoints", Filters=in_vpc):
        if is_gone(entry.get("State")):
            continue
        id_ = entry["InstanceConnectEndpointId"]
        properties = {"Id": id_, **pick(entry, "SubnetId", "SecurityGroupIds"),
                      "PreserveClientIp": bool(entry.get("PreserveClientIp"))}  # fmt: skip
        yield ec2_found("AWS::EC2::InstanceConnectEndpoint", id_, properties, asker, "instance-connect-endpoint", entry)


def _peerings(asker: Asker, vpc_id: str) -> Iterator[Found]:
    for entry in asker.shared("ec2:DescribeVpcPeeringConnections", "VpcPeeringConnections"):
        id_, near, far = (
            entry["VpcPeeringConnectionId"], entry.get("RequesterVpcInfo", {}), entry.get("AccepterVpcInfo", {}),
        )  # fmt: skip
        if vpc_id not in {near.get("VpcId"), far.get("VpcId")} or is_gone(entry.get("Status", {}).get("Code")):
            continue
        properties = {"Id": id_, "VpcId": near.get("VpcId"), "PeerVpcId": far.get("VpcId"),
                      "PeerOwnerId": far.get("OwnerId"), "PeerRegion": far.get("Region")}  # fmt: skip
        told = {key: value for key, value in properties.items() if value}
        yield ec2_found("AWS::EC2::VPCPeeringConnection", id_, told, asker, "vpc-peering-connection", entry)


def transit_gateway(asker: Asker, id_: str) -> Iterator[Found]:
    """Yield a transit gateway of this account, and its VPNs."""
    for entry in asker.pages("ec2:DescribeTransitGateways", "TransitGateways", TransitGatewayIds=[id_]):
        options = pick(
            entry.get("Options", {}),
            "AmazonSideAsn", "AutoAcceptSharedAttachments", "DefaultRouteTableAssociation",
            "DefaultRouteTablePropagation", "DnsSupport", "VpnEcmpSupport", "MulticastSupport",
        )  # fmt: skip
        properties = {"Id": id_, **options}
        yield ec2_found("AWS::EC2::TransitGateway", id_, properties, asker, "transit-gateway", entry)
    yield from _vpns(asker, "transit-gateway-id", id_)


def vpns(asker: Asker, vpc_id: str) -> Iterator[Found]:
    """Yield the VPN connections of a VPC, and its Client VPN endpoints with their authorization rules."""
    attached = ec2_filter("attachment.vpc-id", vpc_id)
    told = asker.ask("ec2:DescribeVpnGateways", Filters=attached)
    for gateway in told.get("VpnGateways", ()) if told else ():
        yield from _vpns(asker, "vpn-gateway-id", gateway["VpnGatewayId"])
    for entry in asker.shared("ec2:DescribeClientVpnEndpoints", "ClientVpnEndpoints"):
        if entry.get("VpcId") != vpc_id or is_gone(entry.get("Status", {}).get("Code")):
            continue
        id_, log = entry["ClientVpnEndpointId"], entry.get("ConnectionLogOptions", {})
        properties = {
            "Id": id_, "ConnectionLogOptions": {"Enabled": bool(log.get("Enabled")), **pick(log, "CloudwatchLogGroup")},
            **pick(entry, "VpcId", "ClientCidrBlock", "SecurityGroupIds", "ServerCertificateArn", "SelfServicePortal"),
            "SplitTunnel": bool(entry.get("SplitTunnel")),
        }  # fmt: skip
        yield ec2_found("AWS::EC2::ClientVpnEndpoint", id_, properties, asker, "client-vpn-endpoint", entry)
        rules = asker.pages("ec2:DescribeClientVpnAuthorizationRules", "AuthorizationRules", ClientVpnEndpointId=id_)
        for rule in rules:
            admitted = {"ClientVpnEndpointId": id_, "TargetNetworkCidr": rule.get("DestinationCidr", ""),
                        "AuthorizeAllGroups": bool(rule.get("AccessAll"))}  # fmt: skip
            admitted |= {"AccessGroupId": rule["GroupId"]} if rule.get("GroupId") else {}
            name = f"{id_}|{rule.get('DestinationCidr')}|{rule.get('GroupId', '')}"
            yield Found("AWS::EC2::ClientVpnAuthorizationRule", name, admitted)


def _vpns(asker: Asker, by: str, id_: str) -> Iterator[Found]:
    told = asker.ask("ec2:DescribeVpnConnections", Filters=ec2_filter(by, id_))
    for entry in told.get("VpnConnections", ()) if told else ():
        if is_gone(entry.get("State")):
            continue
        name = entry["VpnConnectionId"]
        tunnels = [{"LogOptions": {"CloudwatchLogOptions": _logged(one)}} for one in
                   entry.get("Options", {}).get("TunnelOptions", ())]  # fmt: skip
        properties = {
            "VpnConnectionId": name,
            **pick(entry, "Type", "CustomerGatewayId", "VpnGatewayId", "TransitGatewayId"),
        }
        properties |= {"VpnTunnelOptionsSpecifications": tunnels} if tunnels else {}
        yield ec2_found("AWS::EC2::VPNConnection", name, properties, asker, "vpn-connection", entry)


def _logged(tunnel: Mapping[str, Any]) -> dict[str, Any]:
    log = tunnel.get("LogOptions", {}).get("CloudWatchLogOptions", {})
    group = {"LogGroupArn": log["LogGroupArn"]} if log.get("LogGroupArn") else {}
    return {"LogEnabled": bool(log.get("LogEnabled")), **group}


def services(asker: Asker, vpc_id: str) -> Iterator[Found]:
    """Yield the endpoint services of the load balancers in a VPC, and the principals they admit."""
    every = asker.shared("elbv2:DescribeLoadBalancers", "LoadBalancers")
    mine = {one["LoadBalancerArn"] for one in every if one.get("VpcId") == vpc_id}
    if not mine:
        return
    for entry in asker.shared("ec2:DescribeVpcEndpointServiceConfigurations", "ServiceConfigurations"):
        balancers = {*entry.get("NetworkLoadBalancerArns", ()), *entry.get("GatewayLoadBalancerArns", ())}
        if not mine & balancers or is_gone(entry.get("ServiceState")):
            continue
        id_ = entry["ServiceId"]
        properties = {"ServiceId": id_, "AcceptanceRequired": bool(entry.get("AcceptanceRequired")),
                      **pick(entry, "NetworkLoadBalancerArns", "GatewayLoadBalancerArns")}  # fmt: skip
        yield ec2_found("AWS::EC2::VPCEndpointService", id_, properties, asker, "vpc-endpoint-service", entry)
        told = asker.whole("ec2:DescribeVpcEndpointServicePermissions", "AllowedPrincipals", ServiceId=id_)
        allowed = [one["Principal"] for one in told] if isinstance(told, list) else told
        if allowed:
            yield Found(
                "AWS::EC2::VPCEndpointServicePermissions", id_, {"ServiceId": id_, "AllowedPrincipals": allowed}
            )
