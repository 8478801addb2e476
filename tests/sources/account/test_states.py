"""Services list resources for a while after their deletion, or after they could not be created: those do not count."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from hardened_eks.sources.account.reading import read
from tests.sources.account.double import ACCOUNT, REGION
from tests.sources.account.test_collectors import everything

ENDPOINT = {
    "VpcEndpointId": "vpce-0a1",
    "VpcEndpointType": "Interface",
    "VpcId": "vpc-0a1",
    "ServiceName": f"com.amazonaws.{REGION}.sts",
}
QUERY_LOG = {"Id": "rqlca-1", "ResolverQueryLogConfigId": "rqlc-1", "ResourceId": "vpc-0a1"}
FIREWALL = {"Id": "rslvr-frgassoc-1", "FirewallRuleGroupId": "rslvr-frg-1", "VpcId": "vpc-0a1", "Priority": 101}
BALANCER = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/net/web/1"
ROWS: list[tuple[str, str, str, dict[str, Any], str, str, tuple[str, ...]]] = [
    ("ec2:DescribeVpcEndpoints", "VpcEndpoints", "EC2::VPCEndpoint", ENDPOINT, "State", "available",
     ("deleting", "deleted", "rejected", "failed", "expired", "Deleted")),
    ("ec2:DescribeVpcEncryptionControls", "VpcEncryptionControls", "EC2::VPCEncryptionControl",
     {"VpcEncryptionControlId": "vpcec-0a1", "VpcId": "vpc-0a1", "Mode": "enforce"}, "State", "available",
     ("deleting", "deleted")),
    ("ec2:DescribeTransitGatewayVpcAttachments", "TransitGatewayVpcAttachments", "EC2::TransitGatewayAttachment",
     {"TransitGatewayAttachmentId": "tgw-attach-0a1", "TransitGatewayId": "tgw-0a1", "VpcId": "vpc-0a1"}, "State",
     "available", ("deleted", "rejected", "failed")),
    ("ec2:DescribeInstanceConnectEndpoints", "InstanceConnectEndpoints", "EC2::InstanceConnectEndpoint",
     {"InstanceConnectEndpointId": "eice-0a1", "SubnetId": "subnet-0a0"}, "State", "create-complete",
     ("create-failed", "delete-in-progress", "delete-complete")),
    ("ec2:DescribeVpcEndpointServiceConfigurations", "ServiceConfigurations", "EC2::VPCEndpointService",
     {"ServiceId": "vpce-svc-1", "NetworkLoadBalancerArns": [BALANCER]}, "ServiceState", "Available",
     ("Deleting", "Deleted", "Failed")),
    ("route53resolver:ListResolverQueryLogConfigAssociations", "ResolverQueryLogConfigAssociations",
     "Route53Resolver::ResolverQueryLoggingConfigAssociation", QUERY_LOG, "Status", "ACTIVE", ("DELETING", "FAILED")),
    ("route53resolver:ListFirewallRuleGroupAssociations", "FirewallRuleGroupAssociations",
     "Route53Resolver::FirewallRuleGroupAssociation", FIREWALL, "Status", "COMPLETE", ("DELETING",)),
    ("route53resolver:ListResolverRuleAssociations", "ResolverRuleAssociations",
     "Route53Resolver::ResolverRuleAssociation", {"Id": "rslvr-a", "ResolverRuleId": "rslvr-r"}, "Status", "COMPLETE",
     ("DELETING", "FAILED")),
    ("ec2:DescribeVolumes", "Volumes", "EC2::Volume",
     {"VolumeId": "vol-0a1", "Tags": [{"Key": "kubernetes.io/cluster/payments", "Value": "owned"}]}, "State", "in-use",
     ("deleting", "deleted")),
]  # fmt: skip


def counts(*states: Any) -> dict[str, int]:
    """Return how many resources of each type are found if their answers have these states."""
    double = everything()
    for call, key, _type, entry, name, there, gone in ROWS:
        of_row = {"there": [there], "gone": gone}
        told = [one for state in states for one in of_row.get(state, [None])]
        double.answers[call] = {key: [entry if one is None else {**entry, name: one} for one in told]}
    found = Counter(one.type.removeprefix("AWS::") for one in read(double.clients(), ACCOUNT, REGION).found)
    return {row[2]: found[row[2]] for row in ROWS}


def test_a_resource_that_is_gone_is_not_found() -> None:
    assert counts("gone") == {row[2]: 0 for row in ROWS}


@pytest.mark.parametrize("state", ["there", None], ids=["there", "no state is named"])
def test_other_resources_are_found(state: str | None) -> None:
    assert counts(state) == {row[2]: 1 for row in ROWS}
