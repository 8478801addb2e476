"""A network nodes cannot leave."""

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Annotations, Match, Template

import hardened_eks as hardened
from hardened_eks.data import endpoints
from hardened_eks.errors import ConfigurationError


def synth(**arguments: Any) -> Template:
    stack = cdk.Stack(cdk.App(), "Net")
    hardened.Network(stack, "Network", **arguments)
    return Template.from_stack(stack)


@pytest.fixture(scope="module")
def default() -> Template:
    return synth()


@pytest.fixture(scope="module")
def nat() -> Template:
    return synth(egress=hardened.Egress.NAT, pod_cidrs=["100.64.0.0/16"])


def properties(template: Template, type_: str) -> list[dict[str, Any]]:
    return [r["Properties"] for r in template.find_resources(type_).values()]


def test_three_zones_with_small_control_plane_subnets(default: Template) -> None:
    subnets = properties(default, "AWS::EC2::Subnet")
    assert len(subnets) == 6
    assert sum(s["CidrBlock"].endswith("/28") for s in subnets) == 3
    assert {json.dumps(s["AvailabilityZone"]) for s in subnets} == {
        json.dumps({"Fn::Select": [n, {"Fn::GetAZs": ""}]}) for n in range(3)
    }


def test_nothing_leads_outside(default: Template) -> None:
    for type_ in ("AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::Route", "AWS::EC2::EIP"):
        default.resource_count_is(type_, 0)


def test_no_public_address_at_launch(default: Template, nat: Template) -> None:
    for template in (default, nat):
        assert {s["MapPublicIpOnLaunch"] for s in properties(template, "AWS::EC2::Subnet")} == {False}


def test_all_endpoints_of_a_private_cluster_with_a_policy_each(default: Template) -> None:
    found = {p["ServiceName"]["Fn::Join"][1][-1].lstrip("."): p for p in properties(default, "AWS::EC2::VPCEndpoint")}
    assert set(found) == {"s3", *endpoints.PRIVATE_CLUSTER}
    for service, endpoint in found.items():
        for statement in endpoint["PolicyDocument"]["Statement"]:
            assert statement["Action"] != "*"
            pinned = "Condition" in statement or statement["Resource"] != "*"
            assert pinned, service
        assert endpoint.get("PrivateDnsEnabled", service == "s3")


def test_image_layers_can_be_fetched(default: Template) -> None:
    default.has_resource_properties("AWS::EC2::VPCEndpoint", {
        "VpcEndpointType": "Gateway",
        "PolicyDocument": {"Statement": Match.array_with([Match.object_like({
            "Action": "s3:GetObject",
            "Resource": Match.array_with([{"Fn::Join": ["", Match.array_with(["-starport-layer-bucket/*"])]}]),
        })])},
    })


def test_endpoints_admit_nobody_until_asked() -> None:
    stack = cdk.Stack(cdk.App(), "Net")
    network = hardened.Network(stack, "Network")
    nodes = ec2.SecurityGroup(stack, "Nodes", vpc=network.vpc, allow_all_outbound=False)
    network.admit(nodes)
    network.add_endpoint("sqs")
    network.add_endpoint("sqs")
    template = Template.from_stack(stack)
    group = template.find_resources("AWS::EC2::SecurityGroup", {"Properties": {"GroupDescription": Match.string_like_regexp("VPC endpoints")}})
    assert "SecurityGroupIngress" not in next(iter(group.values()))["Properties"]
    template.has_resource_properties("AWS::EC2::SecurityGroupIngress", {"FromPort": 443, "ToPort": 443, "IpProtocol": "tcp"})
    template.resource_count_is("AWS::EC2::SecurityGroupIngress", 1)
    assert sum("sqs" in json.dumps(p["ServiceName"]) for p in properties(template, "AWS::EC2::VPCEndpoint")) == 1


def test_flow_log_is_encrypted_kept_and_written_by_a_pinned_role(default: Template) -> None:
    default.has_resource("AWS::Logs::LogGroup", {
        "DeletionPolicy": "Retain",
        "Properties": {"RetentionInDays": 365, "KmsKeyId": Match.any_value(), "DeletionProtectionEnabled": True},
    })
    default.has_resource_properties("AWS::EC2::FlowLog", {"TrafficType": "ALL", "ResourceType": "VPC"})
    default.has_resource_properties("AWS::IAM::Role", {"AssumeRolePolicyDocument": {"Statement": [Match.object_like({
        "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}, "ArnLike": Match.any_value()},
    })]}})


def test_default_security_group_is_closed(default: Template) -> None:
    default.has_resource_properties("Custom::ClosedDefaultSecurityGroup", {
        "GroupId": {"Fn::GetAtt": [Match.string_like_regexp("Vpc"), "DefaultSecurityGroup"]}})


def test_default_security_group_can_be_left_alone() -> None:
    template = synth(close_default_security_group=False)
    template.resource_count_is("AWS::Lambda::Function", 0)


def test_the_function_that_closes_the_default_group_revokes_every_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs the inline code against a stand-in of EC2 that keeps two rules."""
    import sys
    import types

    import boto3

    from hardened_eks.network._default_group import _CODE

    class Ec2StandIn:
        rules = {"IpPermissions": ["in"], "IpPermissionsEgress": ["out"]}

        def describe_security_groups(self, GroupIds: list[str]) -> Any:
            return {"SecurityGroups": [dict(self.rules)]}

        def revoke_security_group_ingress(self, GroupId: str, IpPermissions: list[str]) -> None:
            self.rules["IpPermissions"] = []

        def revoke_security_group_egress(self, GroupId: str, IpPermissions: list[str]) -> None:
            self.rules["IpPermissionsEgress"] = []

    answers: list[Any] = []
    stand_in = types.ModuleType("cfnresponse")
    stand_in.SUCCESS, stand_in.FAILED = "SUCCESS", "FAILED"  # type: ignore[attr-defined]
    stand_in.send = lambda *a, **k: answers.append((a[2], a[4]))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "cfnresponse", stand_in)
    monkeypatch.setattr(boto3, "client", lambda service: Ec2StandIn())
    scope: dict[str, Any] = {}
    exec(_CODE, scope)
    scope["handler"]({"RequestType": "Create", "ResourceProperties": {"GroupId": "sg-1"}}, None)
    assert Ec2StandIn.rules == {"IpPermissions": [], "IpPermissionsEgress": []}
    scope["handler"]({"RequestType": "Delete", "ResourceProperties": {"GroupId": "sg-1"}}, None)
    monkeypatch.setattr(boto3, "client", lambda service: 1 / 0)
    scope["handler"]({"RequestType": "Update", "ResourceProperties": {"GroupId": "sg-1"}}, None)
    assert answers == [("SUCCESS", "closed-sg-1"), ("SUCCESS", "closed-sg-1"), ("FAILED", "closed-sg-1")]


@pytest.mark.parametrize(("mode", "expected"), [("monitor", 1), ("enforce", 1), ("off", 0)])
def test_encryption_control(mode: str, expected: int) -> None:
    from hardened_eks.network import EncryptionControl

    template = synth(encryption_control=EncryptionControl(mode), egress=hardened.Egress.NAT)
    template.resource_count_is("AWS::EC2::VPCEncryptionControl", expected)
    for control in properties(template, "AWS::EC2::VPCEncryptionControl"):
        assert control["Mode"] == mode
        assert ("NatGatewayExclusionInput" in control) is (mode == "enforce")


def test_nat_gateway_in_every_zone(nat: Template) -> None:
    nat.resource_count_is("AWS::EC2::NatGateway", 3)
    assert sum("NatGatewayId" in r for r in properties(nat, "AWS::EC2::Route")) == 3
    assert sum("GatewayId" in r for r in properties(nat, "AWS::EC2::Route")) == 1


def test_switching_egress_moves_no_subnet(default: Template, nat: Template) -> None:
    before, after = default.find_resources("AWS::EC2::Subnet"), nat.find_resources("AWS::EC2::Subnet")
    assert {k: after[k] for k in before} == before


def test_pods_get_their_own_subnets(nat: Template) -> None:
    pods = [s for s in properties(nat, "AWS::EC2::Subnet") if s["CidrBlock"].startswith("100.64.")]
    assert len(pods) == 3
    assert all({"Key": "kubernetes.io/role/cni", "Value": "1"} in s["Tags"] for s in pods)


def test_named_zones_are_used() -> None:
    template = synth(availability_zones=["eu-west-1a", "eu-west-1b"])
    assert {s["AvailabilityZone"] for s in properties(template, "AWS::EC2::Subnet")} == {"eu-west-1a", "eu-west-1b"}


def test_organisation_instead_of_account() -> None:
    text = json.dumps(properties(synth(organization_id="o-1234567890"), "AWS::EC2::VPCEndpoint"))
    assert '"aws:PrincipalOrgID": "o-1234567890"' in text
    assert "aws:PrincipalAccount" not in text


def adopted(**arguments: Any) -> tuple[cdk.Stack, hardened.Network]:
    stack = cdk.Stack(cdk.App(), "Net")
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-12345678", availability_zones=["a", "b"],
        isolated_subnet_ids=["subnet-1", "subnet-2"], isolated_subnet_route_table_ids=["rtb-1", "rtb-2"],
    )
    return stack, hardened.Network(stack, "Network", vpc=vpc, **arguments)


def test_adopted_vpc_gets_endpoints_and_flow_log_and_a_warning() -> None:
    stack, network = adopted()
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::VPC", 0)
    template.resource_count_is("AWS::EC2::VPCEndpoint", 11)
    template.has_resource_properties("AWS::EC2::FlowLog", {"ResourceId": "vpc-12345678"})
    assert network.node_subnet_ids == ["subnet-1", "subnet-2"]
    Annotations.from_stack(stack).has_warning("*", Match.string_like_regexp("the VPC exists already.*default security group"))


def test_adopted_vpc_can_keep_its_own() -> None:
    stack, network = adopted(add_endpoints=False, add_flow_logs=False)
    network.add_endpoint("sqs")
    assert Template.from_stack(stack).to_json().get("Resources", {}) == {}
    assert network.endpoints_security_group is None


def test_fails_when_an_adopted_vpc_has_one_zone() -> None:
    stack = cdk.Stack(cdk.App(), "Net")
    vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id="vpc-1", availability_zones=["a"], isolated_subnet_ids=["subnet-1"])
    with pytest.raises(ConfigurationError, match="lie in 1 zone"):
        hardened.Network(stack, "Network", vpc=vpc)


@pytest.mark.parametrize(("arguments", "words"), [
    ({"cidr": "10.0.0.0"}, ["prefix", "10.0.0.0"]),
    ({"cidr": "10.0.0.1/16"}, ["10.0.0.1/16", "host bits"]),
    ({"cidr": "nonsense"}, ["'nonsense'"]),
    ({"cidr": "10.0.0.0/8"}, ["/16 to /24"]),
    ({"cidr": "10.0.0.0/24", "egress": "nat"}, ["/16 to /23"]),
    ({"cidr": "fd00::/56"}, ["IPv6", "fd00::/56"]),
    ({"cidr": "${Token[TOKEN.1]}"}, ["deploy-time value"]),
    ({"pod_cidrs": ["10.0.128.0/18"]}, ["overlaps", "10.0.128.0/18"]),
    ({"availability_zones": 1}, ["2 to 6", "got 1"]),
    ({"availability_zones": ["eu-west-1a"]}, ["different zones", "eu-west-1a"]),
    ({"availability_zones": ["use1-az1", "use1-az3"]}, ["no place in use1-az3"]),
    ({"availability_zones": "eu-west-1a"}, ["a number or a list"]),
    ({"endpoints": ["ecr"]}, ["'ecr'", "ecr.dkr"]),
    ({"flow_log_retention_days": 100}, ["flow_log_retention_days", "100"]),
    ({"egress": "open"}, ["none, nat", "'open'"]),
    ({"node_subnets": ec2.SubnetSelection()}, ["adopted VPC"]),
])
def test_fails_when(arguments: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.Network(cdk.Stack(cdk.App(), "Net"), "Network", **arguments)
    for word in words:
        assert word in str(caught.value)


def test_fails_with_all_mistakes_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.Network(cdk.Stack(cdk.App(), "Net"), "Network", cidr="x", availability_zones=0, endpoints=["nope"], flow_log_retention_days=2)
    assert len(caught.value.problems) == 4


def test_fails_when_an_adopted_vpc_comes_with_arguments_of_a_new_one() -> None:
    with pytest.raises(ConfigurationError) as caught:
        adopted(egress=hardened.Egress.NAT, pod_cidrs=["100.64.0.0/16"])
    assert len(caught.value.problems) == 2


def test_fails_when_an_unknown_endpoint_is_added() -> None:
    _, network = adopted()
    with pytest.raises(ConfigurationError, match="'route53x'"):
        network.add_endpoint("route53x")
