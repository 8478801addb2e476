"""What connects a VPC with others, what inspects it, and what cluster drivers make: on the local double of AWS."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.evidence.resource import NOT_SEEN
from hardened_eks.judging.evaluation import Outcome, evaluate
from hardened_eks.sources.account.found import Found
from hardened_eks.sources.account.reading import Seen, read
from hardened_eks.sources.account.saving import environment
from tests.emulator.resources import schemas
from tests.sources.account.double import ACCOUNT, REGION, DoubleOfAws

VPC, TGW = "vpc-0a1", "tgw-0a1"


@pytest.fixture
def double() -> DoubleOfAws:
    return DoubleOfAws()


def seen(double: DoubleOfAws) -> Seen:
    found = read(double.clients(), double.account, double.region)
    for one in found.found:
        if schemas.has(one.type):
            assert structure(one) == [], one.type
    return found


def structure(one: Found) -> list[str]:
    """Return what the provider schema does not know; ids of the double are short."""
    try:
        schemas.validate(one.type, one.properties)
    except schemas.InvalidPropertiesError as error:
        told = str(error).split("; ") if NOT_SEEN not in json.dumps(one.properties) else []
        return [part for part in told if "extraneous" in part or "expected type" in part]
    return []


def of(found: Seen, type_: str) -> list[Found]:
    return [one for one in found.found if one.type == f"AWS::{type_}"]


def judged(found: Seen, *ids: str) -> Outcome:
    return evaluate(environment(found).load().assembly, [one for one in CATALOGUE if one.id in ids])


def messages(found: Seen, id: str) -> list[str]:
    return [finding.problem.message for finding in judged(found, id).findings]


def by_filter(answers: dict[tuple[str, str], list[Any]], key: str) -> Any:
    """Return an answer that depends on the filter that is asked with."""

    def answer(arguments: dict[str, Any]) -> dict[str, Any]:
        (one,) = arguments["Filters"]
        return {key: answers.get((one["Name"], one["Values"][0]), [])}

    return answer


def vpn(id: str, *logged: bool, **more: Any) -> dict[str, Any]:
    tunnels = [
        {"OutsideIpAddress": "192.0.2.1", "LogOptions": {"CloudWatchLogOptions": {"LogEnabled": one}}} for one in logged
    ]
    return {"VpnConnectionId": id, "State": "available", "Type": "ipsec.1", "CustomerGatewayId": "cgw-0a1",
            "Options": {"TunnelOptions": tunnels}, **more}  # fmt: skip


class TestNetworks:
    def test_a_transit_gateway_of_the_account_and_its_vpns(self, double: DoubleOfAws) -> None:
        attachment = {"TransitGatewayAttachmentId": "tgw-attach-0a1", "TransitGatewayId": TGW, "VpcId": VPC,
                      "SubnetIds": ["subnet-0a0"], "TransitGatewayOwnerId": ACCOUNT}  # fmt: skip
        double.answers |= {
            "ec2:DescribeTransitGatewayVpcAttachments": {"TransitGatewayVpcAttachments": [attachment]},
            "ec2:DescribeTransitGateways": {"TransitGateways": [
                {"TransitGatewayId": TGW, "Options": {"AutoAcceptSharedAttachments": "enable", "AmazonSideAsn": 64512}}]},
            "ec2:DescribeVpnConnections": by_filter(
                {("transit-gateway-id", TGW): [vpn("vpn-0a1", True, False, TransitGatewayId=TGW)]}, "VpnConnections"),
        }  # fmt: skip
        found = seen(double)
        assert sorted(messages(found, "NW-20")) == [
            "attachments of any account it is shared with are accepted automatically (enable)", "tunnel 2 is not logged",
        ]  # fmt: skip
        attachment["TransitGatewayOwnerId"] = "999999999999"
        assert of(seen(double), "EC2::TransitGateway") == []

    def test_vpns_of_the_vpc_alone(self, double: DoubleOfAws) -> None:
        double.answers |= {
            "ec2:DescribeVpnGateways": by_filter(
                {("attachment.vpc-id", VPC): [{"VpnGatewayId": "vgw-0a1"}]}, "VpnGateways"),
            "ec2:DescribeVpnConnections": by_filter({
                ("vpn-gateway-id", "vgw-0a1"): [vpn("vpn-0a1", False, False), vpn("vpn-0b1", State="deleted")],
                ("vpn-gateway-id", "vgw-0b1"): [vpn("vpn-0c1")]}, "VpnConnections"),
        }  # fmt: skip
        found = seen(double)
        assert [one.id for one in of(found, "EC2::VPNConnection")] == ["vpn-0a1"]
        assert messages(found, "NW-20") == ["tunnel 1 is not logged", "tunnel 2 is not logged"]

    def test_endpoints_for_clients(self, double: DoubleOfAws) -> None:
        one = {"ClientVpnEndpointId": "cvpn-0a1", "VpcId": VPC, "ClientCidrBlock": "10.9.0.0/22",
               "ServerCertificateArn": "arn:aws:acm:c", "ConnectionLogOptions": {"Enabled": False}}  # fmt: skip
        double.answers |= {
            "ec2:DescribeClientVpnEndpoints": {"ClientVpnEndpoints": [one, {**one, "VpcId": "vpc-0b1"}]},
            "ec2:DescribeClientVpnAuthorizationRules": {"AuthorizationRules": [
                {"DestinationCidr": "10.0.0.0/16", "AccessAll": True}, {"DestinationCidr": "10.1.0.0/16", "GroupId": "ops"}]},
        }  # fmt: skip
        found = seen(double)
        assert [one.id for one in of(found, "EC2::ClientVpnEndpoint")] == ["cvpn-0a1"]
        assert sorted(messages(found, "NW-20")) == [
            "client connections are not logged", "every client is authorized, regardless of its group",
        ]  # fmt: skip

    def test_services_that_balancers_of_the_vpc_offer(self, double: DoubleOfAws) -> None:
        mine, other = (f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/net/{name}/1" for name in "ab")
        balancer = {
            "LoadBalancerArn": mine,
            "LoadBalancerName": "a",
            "VpcId": VPC,
            "Type": "network",
            "Scheme": "internal",
        }
        service = {"ServiceId": "vpce-svc-0a1", "AcceptanceRequired": False, "NetworkLoadBalancerArns": [mine]}
        double.answers |= {
            "elbv2:DescribeLoadBalancers": {"LoadBalancers": [balancer]},
            "ec2:DescribeVpcEndpointServiceConfigurations": {"ServiceConfigurations": [
                service, {**service, "ServiceId": "vpce-svc-0b1", "NetworkLoadBalancerArns": [other]}]},
            "ec2:DescribeVpcEndpointServicePermissions": {"AllowedPrincipals": [{"Principal": "*"}]},
        }  # fmt: skip
        found = seen(double)
        assert [one.id for one in of(found, "EC2::VPCEndpointService")] == ["vpce-svc-0a1"]
        assert sorted(messages(found, "NW-16")) == [
            "* may find and connect to the service", "connections of every allowed principal are accepted automatically (False)",
        ]  # fmt: skip

    def test_a_network_acl_has_its_subnets(self, double: DoubleOfAws) -> None:
        acl = {"NetworkAclId": "acl-0a1", "VpcId": VPC, "IsDefault": False, "Entries": [], "Associations": [
            {"NetworkAclAssociationId": "aclassoc-0a1", "NetworkAclId": "acl-0a1", "SubnetId": "subnet-0a0"}]}  # fmt: skip
        double.answers["ec2:DescribeNetworkAcls"] = {"NetworkAcls": [acl]}
        assert "it is not associated with a subnet" not in messages(seen(double), "NW-18")
        acl["Associations"] = []
        assert "it is not associated with a subnet" in messages(seen(double), "NW-18")


class TestFirewalls:
    @pytest.fixture(autouse=True)
    def firewall(self, double: DoubleOfAws) -> None:
        arn, policy = (
            f"arn:aws:network-firewall:{REGION}:{ACCOUNT}:{kind}/x" for kind in ("firewall", "firewall-policy")
        )
        double.answers |= {
            "network-firewall:ListFirewalls": {"Firewalls": [{"FirewallArn": arn}]},
            "network-firewall:DescribeFirewall": {"Firewall": {
                "FirewallName": "x", "FirewallArn": arn, "FirewallPolicyArn": policy, "VpcId": VPC, "DeleteProtection": True,
                "SubnetMappings": [{"SubnetId": "subnet-0a0"}, {"SubnetId": "subnet-0a1"}]}},
            "network-firewall:DescribeFirewallPolicy": {
                "FirewallPolicyResponse": {"FirewallPolicyName": "x", "FirewallPolicyArn": policy},
                "FirewallPolicy": {"StatelessDefaultActions": ["aws:pass"], "StatelessFragmentDefaultActions": ["aws:drop"]}},
            "network-firewall:DescribeLoggingConfiguration": {"LoggingConfiguration": {"LogDestinationConfigs": [
                {"LogType": "ALERT", "LogDestinationType": "CloudWatchLogs", "LogDestination": {"logGroup": "fw"}}]}},
        }  # fmt: skip

    def test_what_it_does_with_packets(self, double: DoubleOfAws) -> None:
        assert messages(seen(double), "NW-19") == [
            "packets that match no rule are passed (aws:pass)", "the policy has no rule group",
        ]  # fmt: skip

    def test_what_it_records(self, double: DoubleOfAws) -> None:
        double.answers["network-firewall:DescribeLoggingConfiguration"] = {"LoggingConfiguration": {}}
        assert "it has no logging configuration" in messages(seen(double), "NW-19")
        double.refuse("network-firewall:DescribeLoggingConfiguration")
        assert "it has no logging configuration" not in messages(seen(double), "NW-19")


class TestAround:
    def test_a_hub_has_the_standards_that_it_has(self, double: DoubleOfAws) -> None:
        double.answers["securityhub:DescribeHub"] = {
            "HubArn": double.arn("securityhub", "hub/default"),
            "AutoEnableControls": True,
        }
        assert messages(seen(double), "DT-10") == ["no standard is enabled (EnableDefaultStandards is False)"]
        one = {"StandardsSubscriptionArn": "arn:sub", "StandardsArn": "arn:standard", "StandardsStatus": "READY"}
        double.answers["securityhub:GetEnabledStandards"] = {"StandardsSubscriptions": [one]}
        assert messages(seen(double), "DT-10") == []
        double.refuse("securityhub:GetEnabledStandards")
        outcome = judged(seen(double), "DT-10")
        assert (outcome.findings, len(outcome.unseen)) == ((), 1)

    def test_a_file_system_in_one_zone_and_in_a_public_subnet(self, double: DoubleOfAws) -> None:
        double.answers |= {
            "efs:DescribeFileSystems": {"FileSystems": [
                {"FileSystemId": "fs-0a1", "Encrypted": True, "AvailabilityZoneName": "eu-west-1a"}]},
            "efs:DescribeMountTargets": {"MountTargets": [{"MountTargetId": "fsmt-0a1", "VpcId": VPC, "SubnetId": "subnet-0a0"}]},
            "efs:DescribeBackupPolicy": {"BackupPolicy": {"Status": "ENABLED"}},
            "ec2:DescribeRouteTables": {"RouteTables": [{
                "RouteTableId": "rtb-0a1", "Associations": [{"RouteTableAssociationId": "a", "SubnetId": "subnet-0a0"}],
                "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-0a1"}]}]},
            "ec2:DescribeInternetGateways": {"InternetGateways": [{"InternetGatewayId": "igw-0a1"}]},
        }  # fmt: skip
        assert messages(seen(double), "ST-13") == [
            "it is in one Availability Zone", "MountTarget:fsmt-0a1 is in a subnet with a route to the internet",
        ]  # fmt: skip

    def test_a_replica_of_a_key_is_one(self, double: DoubleOfAws) -> None:
        describe = double.answers["kms:DescribeKey"]

        def replica(arguments: dict[str, Any]) -> dict[str, Any]:
            told = dict(describe(arguments) if callable(describe) else describe)
            told["KeyMetadata"] = {**told["KeyMetadata"], "MultiRegion": True, "MultiRegionConfiguration": {
                "MultiRegionKeyType": "REPLICA", "PrimaryKey": {"Arn": double.key.replace(REGION, "us-east-1")}}}  # fmt: skip
            return told

        double.answers["kms:DescribeKey"] = replica
        (key,) = of(seen(double), "KMS::ReplicaKey")
        assert key.properties["PrimaryKeyArn"] == double.key.replace(REGION, "us-east-1")
        assert not {"EnableKeyRotation", "MultiRegion"} & set(key.properties)

    def test_volumes_that_drivers_made_for_the_cluster(self, double: DoubleOfAws) -> None:
        def volume(id: str, **tags: str) -> dict[str, Any]:
            return {"VolumeId": id, "Encrypted": False, "Size": 8, "VolumeType": "gp3", "AvailabilityZone": f"{REGION}a",
                    "Tags": [{"Key": key.replace("__", "/").replace("_eks_", "eks:eks-cluster-"), "Value": value}
                             for key, value in tags.items()]}  # fmt: skip

        double.answers["ec2:DescribeVolumes"] = {"Volumes": [
            volume("vol-0a1", **{"kubernetes.io/cluster/payments": "owned"}), volume("vol-0a2", KubernetesCluster="payments"),
            volume("vol-0a3", **{"eks:eks-cluster-name": "payments"}), volume("vol-0b1", KubernetesCluster="other")]}  # fmt: skip
        found = seen(double)
        assert [one.id for one in of(found, "EC2::Volume")] == ["vol-0a1", "vol-0a2", "vol-0a3"]
        assert len(messages(found, "ND-05")) == 3

    def test_public_repositories_are_known_by_one_region(self) -> None:
        told = {
            "repositories": [
                {"repositoryName": "open", "repositoryArn": f"arn:aws:ecr-public::{ACCOUNT}:repository/open"}
            ]
        }
        for region, expected in (("us-east-1", ["the repository is public"]), (REGION, [])):
            double = DoubleOfAws(region=region)
            double.answers["ecr-public:DescribeRepositories"] = told
            assert messages(seen(double), "IM-06") == expected
            assert ("ecr-public:DescribeRepositories" in double.calls) is bool(expected)

    def test_an_aggregator_of_config(self, double: DoubleOfAws) -> None:
        one: dict[str, Any] = {
            "ConfigurationAggregatorName": "all",
            "AccountAggregationSources": [{"AccountIds": [ACCOUNT]}],
        }
        double.answers["config:DescribeConfigurationAggregators"] = {"ConfigurationAggregators": [one]}
        assert "it does not aggregate all Regions" in messages(seen(double), "DT-11")
        one["AccountAggregationSources"][0]["AllAwsRegions"] = True
        assert "it does not aggregate all Regions" not in messages(seen(double), "DT-11")


def test_what_is_looked_at_is_what_is_asked(double: DoubleOfAws) -> None:
    """Each refusal of these calls hides the types that it leads to."""
    calls: Iterable[str] = (
        "ec2:DescribeVpnGateways", "ec2:DescribeClientVpnEndpoints", "network-firewall:ListFirewalls",
        "config:DescribeConfigurationAggregators",
    )  # fmt: skip
    for call in calls:
        other = DoubleOfAws()
        other.refuse(call)
        assert environment(seen(other)).hidden, call
