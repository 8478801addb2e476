"""EC2: a VPC and its resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.sources.account.asking import Refusal, mark
from hardened_eks.sources.account.connections import connections, services, vpns
from hardened_eks.sources.account.found import Found, Wanted
from hardened_eks.sources.account.security_groups import security_groups
from hardened_eks.sources.account.shape import document, ec2_filter, ec2_found, is_gone, pick

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.sources.account.asking import Asker

_ROUTE: Final = (
    "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId", "GatewayId", "NatGatewayId",
    "TransitGatewayId", "VpcPeeringConnectionId", "EgressOnlyInternetGatewayId", "InstanceId", "NetworkInterfaceId",
    "LocalGatewayId", "CarrierGatewayId", "CoreNetworkArn",
)  # fmt: skip


def vpc(asker: Asker, id_: str) -> Iterator[Found | Wanted]:
    """Yield a VPC; its parts are read one by one."""
    entries = asker.pages("ec2:DescribeVpcs", "Vpcs", VpcIds=[id_])
    if not entries:
        return
    (entry,) = entries[:1]
    properties = pick(entry, "VpcId", "CidrBlock", "InstanceTenancy")
    for name, key in (("EnableDnsSupport", "enableDnsSupport"), ("EnableDnsHostnames", "enableDnsHostnames")):
        properties[name] = asker.value(
            "ec2:DescribeVpcAttribute", f"{name}.Value", default=True, VpcId=id_, Attribute=key
        )
    groups = asker.shared("ec2:DescribeSecurityGroups", "SecurityGroups", Filters=ec2_filter("vpc-id", id_))
    default = next((one["GroupId"] for one in groups if one.get("GroupName") == "default"), None)
    properties |= {"DefaultSecurityGroup": default} if default else {}
    yield ec2_found("AWS::EC2::VPC", id_, properties, asker, "vpc", entry)
    if entry.get("DhcpOptionsId", "default") != "default":
        yield Wanted("dhcp-options", f"{entry['DhcpOptionsId']}|{id_}")


def subnets(asker: Asker, vpc_id: str) -> Iterator[Found]:
    """Yield the subnets of a VPC."""
    for entry in asker.shared("ec2:DescribeSubnets", "Subnets", Filters=_in(vpc_id)):
        properties = pick(entry, "SubnetId", "VpcId", "CidrBlock", "AvailabilityZone", "MapPublicIpOnLaunch",
                          "AssignIpv6AddressOnCreation")  # fmt: skip
        yield ec2_found("AWS::EC2::Subnet", entry["SubnetId"], properties, asker, "subnet", entry)


def route_tables(asker: Asker, vpc_id: str) -> Iterator[Found]:
    """Yield the route tables of a VPC, their routes and their associations with subnets."""
    tables = asker.pages("ec2:DescribeRouteTables", "RouteTables", Filters=_in(vpc_id))
    told = {one.get("SubnetId") for table in tables for one in table.get("Associations", ())}
    for table in tables:
        id_ = table["RouteTableId"]
        yield ec2_found(
            "AWS::EC2::RouteTable", id_, {"RouteTableId": id_, "VpcId": vpc_id}, asker, "route-table", table
        )
        for index, route in enumerate(table.get("Routes", ())):
            if route.get("GatewayId") == "local" or str(route.get("GatewayId")).startswith("vpce-"):
                continue
            yield Found("AWS::EC2::Route", f"{id_}|{index}", {"RouteTableId": id_, **pick(route, *_ROUTE)})
        for one in table.get("Associations", ()):
            if one.get("SubnetId"):
                yield _association(one["RouteTableAssociationId"], id_, one["SubnetId"])
            elif one.get("Main"):
                for subnet in asker.shared("ec2:DescribeSubnets", "Subnets", Filters=_in(vpc_id)):
                    if subnet["SubnetId"] not in told:  # it uses the main route table
                        yield _association(f"{id_}-{subnet['SubnetId']}", id_, subnet["SubnetId"])


def _association(id_: str, table: str, subnet: str) -> Found:
    return Found("AWS::EC2::SubnetRouteTableAssociation", id_, {"Id": id_, "RouteTableId": table, "SubnetId": subnet})


def network_acls(asker: Asker, vpc_id: str) -> Iterator[Found]:
    """Yield the custom network ACLs of a VPC and their entries. The default ACL allows everything."""
    for acl in asker.pages("ec2:DescribeNetworkAcls", "NetworkAcls", Filters=_in(vpc_id)):
        id_ = acl["NetworkAclId"]
        entries = [entry for entry in acl.get("Entries", ()) if entry.get("RuleNumber") != 32767]
        if acl.get("IsDefault") and {entry.get("RuleNumber") for entry in entries} <= {100, 101}:
            continue
        yield ec2_found("AWS::EC2::NetworkAcl", id_, {"Id": id_, "VpcId": vpc_id}, asker, "network-acl", acl)
        for one in acl.get("Associations", ()):
            pair = {"NetworkAclId": id_, "SubnetId": one["SubnetId"]}
            yield Found("AWS::EC2::SubnetNetworkAclAssociation", one["NetworkAclAssociationId"], pair)
        for entry in entries:
            properties = {
                "NetworkAclId": id_,
                **pick(entry, "RuleNumber", "RuleAction", "CidrBlock", "Ipv6CidrBlock", "PortRange"),
                "Egress": bool(entry.get("Egress")),
                "Protocol": int(entry.get("Protocol", -1)),
            }
            yield Found("AWS::EC2::NetworkAclEntry", f"{id_}|{entry['RuleNumber']}|{entry.get('Egress')}", properties)


def endpoints(asker: Asker, vpc_id: str) -> Iterator[Found]:
    """Yield the VPC endpoints of a VPC."""
    for entry in asker.pages("ec2:DescribeVpcEndpoints", "VpcEndpoints", Filters=_in(vpc_id)):
        if not is_gone(entry.get("State")):
            yield _endpoint(asker, entry)


def endpoint(asker: Asker, id_: str) -> Iterator[Found]:
    """Yield one VPC endpoint."""
    for entry in asker.pages("ec2:DescribeVpcEndpoints", "VpcEndpoints", VpcEndpointIds=[id_]):
        if not is_gone(entry.get("State")):
            yield _endpoint(asker, entry)


def _endpoint(asker: Asker, entry: Mapping[str, Any]) -> Found:
    properties = pick(entry, "VpcId", "ServiceName", "VpcEndpointType", "SubnetIds", "RouteTableIds", "IpAddressType")
    properties["Id"] = entry["VpcEndpointId"]
    properties["PrivateDnsEnabled"] = bool(entry.get("PrivateDnsEnabled"))
    groups = [group["GroupId"] for group in entry.get("Groups", ())]
    properties |= {"SecurityGroupIds": groups} if groups else {}
    policy = document(entry.get("PolicyDocument"))
    properties |= {"PolicyDocument": policy} if policy else {}
    return ec2_found("AWS::EC2::VPCEndpoint", entry["VpcEndpointId"], properties, asker, "vpc-endpoint", entry)


def flow_logs(asker: Asker, vpc_id: str) -> Iterator[Found]:
    """Yield the flow logs of a VPC; those of its subnets are read with the Region."""
    for entry in asker.pages("ec2:DescribeFlowLogs", "FlowLogs", Filter=ec2_filter("resource-id", vpc_id)):
        properties = pick(entry, "ResourceId", "TrafficType", "LogDestinationType", "LogGroupName", "LogDestination",
                          "LogFormat", "MaxAggregationInterval", "DeliverLogsPermissionArn",
                          "DeliverCrossAccountRole")  # fmt: skip
        properties |= {"Id": entry["FlowLogId"], "ResourceType": "VPC"}
        yield ec2_found("AWS::EC2::FlowLog", entry["FlowLogId"], properties, asker, "vpc-flow-log", entry)


def gateways(asker: Asker, vpc_id: str) -> Iterator[Found]:
    """Yield the internet and NAT gateways of a VPC."""
    attached = ec2_filter("attachment.vpc-id", vpc_id)
    for entry in asker.pages("ec2:DescribeInternetGateways", "InternetGateways", Filters=attached):
        id_ = entry["InternetGatewayId"]
        yield ec2_found("AWS::EC2::InternetGateway", id_, {"InternetGatewayId": id_}, asker, "internet-gateway", entry)
        yield Found("AWS::EC2::VPCGatewayAttachment", f"IGW|{vpc_id}", {"InternetGatewayId": id_, "VpcId": vpc_id})
    for entry in asker.pages("ec2:DescribeNatGateways", "NatGateways", Filter=_in(vpc_id)):
        if not is_gone(entry.get("State")):
            properties = pick(entry, "NatGatewayId", "SubnetId", "ConnectivityType")
            yield ec2_found("AWS::EC2::NatGateway", entry["NatGatewayId"], properties, asker, "natgateway", entry)


def encryption(asker: Asker, vpc_id: str) -> Iterator[Found]:
    """Yield whether a VPC enforces encryption in transit."""
    told = asker.ask("ec2:DescribeVpcEncryptionControls", Filters=_in(vpc_id))
    for entry in told.get("VpcEncryptionControls", ()) if told else ():
        if not is_gone(entry.get("State")):
            properties = pick(entry, "VpcEncryptionControlId", "VpcId", "Mode")
            yield ec2_found("AWS::EC2::VPCEncryptionControl", entry["VpcEncryptionControlId"], properties, asker,
                            "vpc-encryption-control", entry)  # fmt: skip


def dhcp_options(asker: Asker, id_: str) -> Iterator[Found]:
    """Yield the DHCP options of a VPC."""
    options, vpc_id = id_.split("|")
    for entry in asker.pages("ec2:DescribeDhcpOptions", "DhcpOptions", DhcpOptionsIds=[options]):
        told = {one["Key"]: [value["Value"] for value in one["Values"]] for one in entry.get("DhcpConfigurations", ())}
        properties: dict[str, Any] = {"DhcpOptionsId": options}
        for key, name in (("domain-name-servers", "DomainNameServers"), ("ntp-servers", "NtpServers")):
            properties |= {name: told[key]} if key in told else {}
        properties |= {"DomainName": told["domain-name"][0]} if told.get("domain-name") else {}
        yield ec2_found("AWS::EC2::DHCPOptions", options, properties, asker, "dhcp-options", entry)
        yield Found("AWS::EC2::VPCDHCPOptionsAssociation", f"{options}|{vpc_id}",
                    {"DhcpOptionsId": options, "VpcId": vpc_id})  # fmt: skip


def prefix_list(asker: Asker, id_: str) -> Iterator[Found]:
    """Yield a prefix list of this account with its entries; AWS managed prefix lists are not evaluated."""
    for entry in asker.pages("ec2:DescribeManagedPrefixLists", "PrefixLists", PrefixListIds=[id_]):
        if entry.get("OwnerId") != asker.account:
            continue
        told = asker.whole("ec2:GetManagedPrefixListEntries", "Entries", PrefixListId=id_)
        if isinstance(told, dict):
            continue  # without its entries, nothing about it is known
        properties = {
            **pick(entry, "PrefixListName", "PrefixListId", "AddressFamily", "MaxEntries"),
            "Arn": entry.get("PrefixListArn", ""),
            "Entries": [pick(e, "Cidr", "Description") for e in told],
        }
        yield ec2_found("AWS::EC2::PrefixList", id_, properties, asker, "prefix-list", entry)


def block_public_access(asker: Asker) -> Iterator[Found]:
    """Yield the VPC Block Public Access setting of the Region, and its exclusions."""
    told = asker.ask("ec2:DescribeVpcBlockPublicAccessOptions")
    if isinstance(told, Refusal):
        yield Found("AWS::EC2::VPCBlockPublicAccessOptions", asker.account, {"InternetGatewayBlockMode": mark(told)})
    elif told and told["VpcBlockPublicAccessOptions"].get("InternetGatewayBlockMode", "off") != "off":
        mode = told["VpcBlockPublicAccessOptions"]["InternetGatewayBlockMode"]
        yield Found("AWS::EC2::VPCBlockPublicAccessOptions", asker.account, {"InternetGatewayBlockMode": mode})
    for entry in asker.pages("ec2:DescribeVpcBlockPublicAccessExclusions", "VpcBlockPublicAccessExclusions"):
        if str(entry.get("State")).startswith("delete"):
            continue
        arn = str(entry.get("ResourceArn"))
        name = "VpcId" if ":vpc/" in arn else "SubnetId"
        properties = {"ExclusionId": entry["ExclusionId"], name: arn.rpartition("/")[2],
                      **pick(entry, "InternetGatewayExclusionMode")}  # fmt: skip
        yield ec2_found("AWS::EC2::VPCBlockPublicAccessExclusion", entry["ExclusionId"], properties, asker,
                     "vpc-block-public-access-exclusion", entry)  # fmt: skip


def _in(vpc_id: str) -> list[dict[str, Any]]:
    return ec2_filter("vpc-id", vpc_id)


PARTS: Final = {
    "subnets": subnets, "routes": route_tables, "acls": network_acls, "groups": security_groups,
    "endpoints": endpoints, "flow-logs": flow_logs, "gateways": gateways, "connections": connections,
    "encryption": encryption, "vpns": vpns, "services": services,
}  # fmt: skip
"""The collectors for the resources of a VPC."""
