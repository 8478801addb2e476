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
    default.has_resource_properties(
        "AWS::EC2::VPCEndpoint",
        {
            "VpcEndpointType": "Gateway",
            "PolicyDocument": {
                "Statement": Match.array_with(
                    [
                        Match.object_like(
                            {
                                "Action": "s3:GetObject",
                                "Resource": Match.array_with(
                                    [{"Fn::Join": ["", Match.array_with(["-starport-layer-bucket/*"])]}]
                                ),
                            }
                        )
                    ]
                )
            },
        },
    )


def test_endpoints_admit_nobody_until_asked() -> None:
    stack = cdk.Stack(cdk.App(), "Net")
    network = hardened.Network(stack, "Network")
    nodes = ec2.SecurityGroup(stack, "Nodes", vpc=network.vpc, allow_all_outbound=False)
    network.admit(nodes)
    network.add_endpoint("sqs")
    network.add_endpoint("sqs")
    template = Template.from_stack(stack)
    group = template.find_resources(
        "AWS::EC2::SecurityGroup", {"Properties": {"GroupDescription": Match.string_like_regexp("VPC endpoints")}}
    )
    assert "SecurityGroupIngress" not in next(iter(group.values()))["Properties"]
    template.has_resource_properties(
        "AWS::EC2::SecurityGroupIngress", {"FromPort": 443, "ToPort": 443, "IpProtocol": "tcp"}
    )
    template.resource_count_is("AWS::EC2::SecurityGroupIngress", 1)
    assert sum("sqs" in json.dumps(p["ServiceName"]) for p in properties(template, "AWS::EC2::VPCEndpoint")) == 1


def test_flow_log_is_encrypted_kept_and_written_by_a_pinned_role(default: Template) -> None:
    default.has_resource(
        "AWS::Logs::LogGroup",
        {
            "DeletionPolicy": "Retain",
            "Properties": {"RetentionInDays": 365, "KmsKeyId": Match.any_value(), "DeletionProtectionEnabled": True},
        },
    )
    default.has_resource_properties("AWS::EC2::FlowLog", {"TrafficType": "ALL", "ResourceType": "VPC"})
    default.has_resource_properties(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": {
                "Statement": [
                    Match.object_like(
                        {
                            "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
                            "Condition": {
                                "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
                                "ArnLike": Match.any_value(),
                            },
                        }
                    )
                ]
            }
        },
    )


def test_default_security_group_is_closed(default: Template) -> None:
    default.has_resource_properties(
        "Custom::ClosedDefaultSecurityGroup",
        {"GroupId": {"Fn::GetAtt": [Match.string_like_regexp("Vpc"), "DefaultSecurityGroup"]}},
    )


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

    stack = cdk.Stack(cdk.App(), "Net")
    network = hardened.Network(stack, "Network", encryption_control=EncryptionControl(mode), egress=hardened.Egress.NAT)
    network.admit_functions()
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::VPCEncryptionControl", expected)
    for control in properties(template, "AWS::EC2::VPCEncryptionControl"):
        assert control["Mode"] == mode
        assert ("NatGatewayExclusionInput" in control) is (mode == "enforce")
        assert ("LambdaExclusionInput" in control) is (mode == "enforce")


def test_functions_are_not_excluded_from_encryption_before_there_are_any() -> None:
    network = hardened.Network(
        cdk.Stack(cdk.App(), "Net"), "Network", encryption_control=hardened.EncryptionControl.ENFORCE
    )
    control = network.node.find_child("EncryptionControl")
    assert isinstance(control, ec2.CfnVPCEncryptionControl) and control.lambda_exclusion_input is None


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


def test_says_which_of_several_pod_ranges_is_used() -> None:
    """The CNI's configuration has one subnet a zone."""
    stack = cdk.Stack(cdk.App(), "Pods")
    network = hardened.Network(stack, "Network", pod_cidrs=["100.64.0.0/16", "100.65.0.0/16"])
    hardened.Cluster(stack, "Cluster", version="1.36", network=network)
    found = Annotations.from_stack(stack)
    found.has_warning("*", Match.string_like_regexp("pods of new nodes use 100.65.0.0/16.*keep 100.64.0.0/16"))
    (cni,) = (
        addon["Properties"]["ConfigurationValues"]
        for addon in Template.from_stack(stack).find_resources("AWS::EKS::Addon").values()
        if addon["Properties"]["AddonName"] == "vpc-cni"
    )
    assert "Pods1Subnet1" in str(cni) and "Pods0Subnet1" not in str(cni)


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
        stack,
        "Vpc",
        vpc_id="vpc-12345678",
        availability_zones=["a", "b"],
        isolated_subnet_ids=["subnet-1", "subnet-2"],
        isolated_subnet_route_table_ids=["rtb-1", "rtb-2"],
    )
    return stack, hardened.Network(stack, "Network", vpc=vpc, **arguments)


def test_adopted_vpc_gets_endpoints_and_flow_log_and_a_warning() -> None:
    stack, network = adopted()
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::VPC", 0)
    template.resource_count_is("AWS::EC2::VPCEndpoint", 11)
    template.has_resource_properties("AWS::EC2::FlowLog", {"ResourceId": "vpc-12345678"})
    assert network.node_subnet_ids == ["subnet-1", "subnet-2"]
    Annotations.from_stack(stack).has_warning(
        "*", Match.string_like_regexp("the VPC already exists.*default security group")
    )


def imported(scope: cdk.Stack, **attributes: Any) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(scope, "Vpc", vpc_id="vpc-12345678", availability_zones=["a", "b"], **attributes)


def test_endpoints_of_an_adopted_vpc_take_one_subnet_a_zone() -> None:
    """EC2 answers DuplicateSubnetsInSameZone otherwise."""
    stack = cdk.Stack(cdk.App(), "Net")
    ids = [f"subnet-{n}" for n in range(4)]
    vpc = imported(stack, isolated_subnet_ids=ids, isolated_subnet_route_table_ids=[f"rtb-{n}" for n in range(4)])
    network = hardened.Network(stack, "Network", vpc=vpc)
    endpoints_made = properties(Template.from_stack(stack), "AWS::EC2::VPCEndpoint")
    assert {tuple(p["SubnetIds"]) for p in endpoints_made if "SubnetIds" in p} == {("subnet-0", "subnet-1")}
    assert network.node_subnet_ids == ids
    assert [p["RouteTableIds"] for p in endpoints_made if "RouteTableIds" in p] == [
        ["rtb-0", "rtb-1", "rtb-2", "rtb-3"]
    ]


def test_fails_when_the_route_tables_of_an_adopted_vpc_are_not_known() -> None:
    stack = cdk.Stack(cdk.App(), "Net")
    vpc = imported(stack, isolated_subnet_ids=["subnet-1", "subnet-2"])
    with pytest.raises(ConfigurationError, match="isolated_subnet_route_table_ids"):
        hardened.Network(stack, "Network", vpc=vpc)
    network = hardened.Network(stack, "Without", vpc=vpc, add_endpoints=False)
    assert network.node_subnet_ids == ["subnet-1", "subnet-2"]


def test_fails_when_a_selection_finds_no_subnet() -> None:
    stack = cdk.Stack(cdk.App(), "Net")
    vpc = imported(
        stack, isolated_subnet_ids=["subnet-1", "subnet-2"], isolated_subnet_route_table_ids=["rtb-1", "rtb-2"]
    )
    with pytest.raises(ConfigurationError) as caught:
        hardened.Network(
            stack,
            "Network",
            vpc=vpc,
            flow_log_retention_days=2,
            node_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
        )
    assert len(caught.value.problems) == 2
    assert "node_subnets selects nothing" in str(caught.value)
    assert stack.node.try_find_child("Network") is None


@pytest.mark.parametrize(
    "selection", [None, {"subnet_group_name": "App"}, {"subnet_type": ec2.SubnetType.PRIVATE_ISOLATED}]
)
def test_vpc_that_is_still_to_be_looked_up_is_adopted(selection: Any) -> None:
    """The CLI runs the app with stand-ins first, then looks the VPC up and runs the app again."""
    stack = cdk.Stack(cdk.App(), "Net", env=cdk.Environment(account="123456789012", region="eu-west-1"))
    vpc = ec2.Vpc.from_lookup(stack, "Vpc", vpc_name="shared")
    network = hardened.Network(
        stack, "Network", vpc=vpc, node_subnets=ec2.SubnetSelection(**selection) if selection else None
    )
    assert len(network.node_subnet_ids) == 2
    Template.from_stack(stack).resource_count_is("AWS::EC2::VPCEndpoint", 11)


def test_vpc_of_another_stack_is_adopted() -> None:
    app = cdk.App()
    vpc = ec2.Vpc(
        cdk.Stack(app, "Shared"),
        "Vpc",
        nat_gateways=0,
        restrict_default_security_group=False,
        subnet_configuration=[ec2.SubnetConfiguration(name="Nodes", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)],
    )
    stack = cdk.Stack(app, "Net")
    network = hardened.Network(stack, "Network", vpc=vpc)
    assert len(network.node_subnet_ids) == len(set(network.node_subnet_ids)) == 2
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::FlowLog", {"ResourceId": {"Fn::ImportValue": Match.string_like_regexp("Vpc")}}
    )


@pytest.mark.parametrize(("region", "said"), [("us-east-1", True), ("eu-west-1", False)])
def test_says_where_a_subnet_of_an_adopted_vpc_may_be_refused(region: str, said: bool) -> None:
    stack = cdk.Stack(cdk.App(), "Adopting", env=cdk.Environment(account="123456789012", region=region))
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-1", availability_zones=["a", "b"], isolated_subnet_ids=["subnet-1", "subnet-2"]
    )
    hardened.Network(stack, "Network", vpc=vpc, add_endpoints=False)
    found = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("is in use1-az3"))
    assert bool(found) == said


def test_adopted_vpc_can_keep_its_own() -> None:
    nothing = hardened.Dns(mode=hardened.DnsMode.OFF, log_retention_days=None)
    stack, network = adopted(add_endpoints=False, add_flow_logs=False, dns=nothing)
    network.add_endpoint("sqs")
    assert Template.from_stack(stack).to_json().get("Resources", {}) == {}
    assert network.endpoints_security_group is None


def test_fails_when_an_adopted_vpc_has_one_zone() -> None:
    stack = cdk.Stack(cdk.App(), "Net")
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-1", availability_zones=["a"], isolated_subnet_ids=["subnet-1"]
    )
    with pytest.raises(ConfigurationError, match="are in 1 zone"):
        hardened.Network(stack, "Network", vpc=vpc)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
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
        ({"availability_zones": ["use1-az1", "use1-az3"]}, ["does not support use1-az3"]),
        ({"availability_zones": "eu-west-1a"}, ["a number or a list"]),
        ({"availability_zones": {}}, ["a number or a list", "{}"]),
        ({"availability_zones": ["use1-az1", "us-east-1b"]}, ["names or zone IDs, not both"]),
        ({"availability_zones": 2.5}, ["a number or a list", "2.5"]),
        ({"availability_zones": ["us-west-2-lax-1a", "us-west-2a"]}, ["no local zones", "'us-west-2-lax-1a'"]),
        ({"cidr": "127.0.0.0/16"}, ["127.0.0.0/16", "not a range for a VPC"]),
        ({"cidr": "169.254.0.0/16"}, ["not a range for a VPC"]),
        ({"pod_cidrs": ["224.0.0.0/16"]}, ["pod_cidrs 224.0.0.0/16", "not a range for a VPC"]),
        ({"pod_cidrs": "100.64.0.0/16"}, ["pod_cidrs needs a list", "'100.64.0.0/16'"]),
        ({"endpoints": "sqs"}, ["endpoints needs a list", "'sqs'"]),
        ({"encryption_control": "on"}, ["off, monitor, enforce", "'on'"]),
        ({"organization_id": "123456789012"}, ["organization_id", "o-", "'123456789012'"]),
        ({"s3_prefix_list_id": "com.amazonaws.eu-west-1.s3"}, ["s3_prefix_list_id", "pl-"]),
        ({"endpoints": ["ecr"]}, ["'ecr'", "ecr.dkr"]),
        ({"flow_log_retention_days": 100}, ["flow_log_retention_days", "100"]),
        ({"egress": "open"}, ["none, nat", "'open'"]),
        ({"node_subnets": ec2.SubnetSelection()}, ["adopted VPC"]),
    ],
)
def test_fails_when(arguments: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.Network(cdk.Stack(cdk.App(), "Net"), "Network", **arguments)
    for word in words:
        assert word in str(caught.value)


def test_fails_with_all_mistakes_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.Network(
            cdk.Stack(cdk.App(), "Net"),
            "Network",
            cidr="x",
            availability_zones=0,
            endpoints=["nope"],
            flow_log_retention_days=2,
        )
    assert len(caught.value.problems) == 4


def test_fails_when_an_adopted_vpc_comes_with_arguments_of_a_new_one() -> None:
    with pytest.raises(ConfigurationError) as caught:
        adopted(
            egress=hardened.Egress.NAT,
            pod_cidrs=["100.64.0.0/16"],
            cidr="10.1.0.0/16",
            availability_zones=2,
            encryption_control="enforce",
        )
    assert len(caught.value.problems) == 5


def test_fails_when_an_unknown_endpoint_is_added() -> None:
    _, network = adopted()
    with pytest.raises(ConfigurationError, match="'route53x'"):
        network.add_endpoint("route53x")


def test_fails_when_a_zone_lies_in_another_region() -> None:
    stack = cdk.Stack(cdk.App(), "Net", env=cdk.Environment(account="123456789012", region="eu-west-1"))
    with pytest.raises(ConfigurationError, match="us-east-1a, which is not in the stack's region eu-west-1"):
        hardened.Network(stack, "Network", availability_zones=["us-east-1a", "eu-west-1b"])


@pytest.mark.parametrize(
    ("region", "zones", "warned"),
    [("us-east-1", 3, True), ("us-east-1", ["us-east-1a", "us-east-1b"], False), ("eu-west-1", 3, False)],
)
def test_warns_where_a_zone_may_be_one_that_the_control_plane_refuses(region: str, zones: Any, warned: bool) -> None:
    stack = cdk.Stack(cdk.App(), "Net", env=cdk.Environment(account="123456789012", region=region))
    hardened.Network(stack, "Network", availability_zones=zones)
    found = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("does not support use1-az3"))
    assert bool(found) is warned


def test_flow_log_tells_what_is_not_encrypted(default: Template) -> None:
    """VPC encryption controls report in a field that only flow logs made with it have."""
    (log,) = properties(default, "AWS::EC2::FlowLog")
    assert log["LogFormat"].startswith("${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr}")
    assert log["LogFormat"].endswith(" ${encryption-status}")
    (off,) = properties(synth(encryption_control="off"), "AWS::EC2::FlowLog")
    assert "encryption-status" not in off["LogFormat"]


def test_everything_that_is_logged_is_encrypted_and_kept(default: Template) -> None:
    groups = properties(default, "AWS::Logs::LogGroup")
    assert len(groups) == 3  # of flows, of DNS queries, of the function
    assert {(p["RetentionInDays"], json.dumps(p["KmsKeyId"])) for p in groups} == {
        (365, json.dumps(groups[0]["KmsKeyId"]))
    }
    default.has_resource_properties(
        "AWS::Lambda::Function", {"LoggingConfig": {"LogGroup": {"Ref": Match.any_value()}}}
    )


def test_the_function_deploys_in_a_new_account(default: Template) -> None:
    """A reservation is refused where the quota is 10; a traced function needs a role that may write traces."""
    (function,) = properties(default, "AWS::Lambda::Function")
    assert "ReservedConcurrentExecutions" not in function
    assert function["TracingConfig"] == {"Mode": "Active"}
    assert "xray:PutTraceSegments" in json.dumps(properties(default, "AWS::IAM::ManagedPolicy"))


def endpoint(template: Template, service: str) -> dict[str, Any]:
    return next(
        p
        for p in properties(template, "AWS::EC2::VPCEndpoint")
        if json.dumps(p["ServiceName"]).endswith(f'.{service}"]]}}')
    )


def test_pods_can_take_roles_with_a_kubernetes_token(default: Template) -> None:
    statement = endpoint(default, "sts")["PolicyDocument"]["Statement"][1]
    assert statement["Principal"] == "*"  # {"AWS": "*"} does not match a federated caller
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert {"Ref": "AWS::AccountId"} in statement["Resource"]["Fn::Join"][1]


def test_organization_widens_principals_buckets_and_roles_together() -> None:
    template = synth(organization_id="o-1234567890")
    text = json.dumps(endpoint(template, "s3")["PolicyDocument"])
    assert '{"StringEquals": {"aws:PrincipalOrgID": "o-1234567890", "aws:ResourceOrgID": "o-1234567890"}}' in text
    statement = endpoint(template, "sts")["PolicyDocument"]["Statement"][1]
    assert statement["Condition"] == {"StringEquals": {"aws:ResourceOrgID": "o-1234567890"}}


def test_pods_can_keep_objects_in_own_buckets(default: Template) -> None:
    own = endpoint(default, "s3")["PolicyDocument"]["Statement"][1]
    assert {"s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:ListBucket"} <= set(own["Action"])
    assert not [action for action in own["Action"] if "Acl" in action or "Policy" in action or "*" in action]


def test_dynamodb_is_a_gateway_and_s3_is_made_once() -> None:
    template = synth(endpoints=["dynamodb", "s3", "s3"])
    assert endpoint(template, "dynamodb")["VpcEndpointType"] == "Gateway"
    assert len(endpoint(template, "dynamodb")["RouteTableIds"]) == 3
    template.resource_count_is("AWS::EC2::VPCEndpoint", 12)


def test_names_and_actions_that_do_not_follow_the_pattern() -> None:
    stack = cdk.Stack(cdk.App(), "Net", env=cdk.Environment(account="123456789012", region="cn-north-1"))
    hardened.Network(stack, "Network", endpoints=["monitoring", "networkflowmonitorreports"])
    found = {
        json.dumps(p["ServiceName"]): json.dumps(p["PolicyDocument"])
        for p in properties(Template.from_stack(stack), "AWS::EC2::VPCEndpoint")
    }
    assert '"cn.com.amazonaws.cn-north-1.ecr.api"' in found
    assert '"com.amazonaws.cn-north-1.logs"' in found
    assert "cloudwatch:*" in found['"cn.com.amazonaws.cn-north-1.monitoring"']
    assert "networkflowmonitor:*" in found['"com.amazonaws.cn-north-1.networkflowmonitorreports"']


def test_admitting_twice_changes_nothing() -> None:
    stack = cdk.Stack(cdk.App(), "Net")
    network = hardened.Network(stack, "Network")
    nodes = ec2.SecurityGroup(stack, "Nodes", vpc=network.vpc, allow_all_outbound=False)
    network.admit(nodes)
    network.admit(nodes)
    Template.from_stack(stack).resource_count_is("AWS::EC2::SecurityGroupIngress", 1)


def test_nodes_wait_for_all_that_pods_need() -> None:
    stack = cdk.Stack(cdk.App(), "Net")
    network = hardened.Network(stack, "Network", egress=hardened.Egress.NAT, pod_cidrs=["100.64.0.0/16"])
    ids = [cdk.Stack.of(stack).resolve(r.logical_id) for r in network.ready]
    for part in ("NodesRoutes1Association", "Pods0Routes1Association", "NatRoute1", "S3Endpoint", "EcrApiEndpoint"):
        assert any(part in id_ for id_ in ids), part


def test_nat_gateway_waits_for_its_route(nat: Template) -> None:
    for gateway in nat.find_resources("AWS::EC2::NatGateway").values():
        assert any("PublicRoutes" in name and "Association" in name for name in gateway["DependsOn"])


def test_constructs_find_the_subnets_they_ask_for() -> None:
    stack = cdk.Stack(cdk.App(), "Net")
    with_nat = hardened.Network(stack, "Nat", egress=hardened.Egress.NAT).vpc
    without = hardened.Network(stack, "None").vpc
    assert len(with_nat.select_subnets(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS).subnets) == 6
    assert len(without.select_subnets(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED).subnets) == 6
    assert with_nat.public_subnets == without.public_subnets == []


def test_region_without_encryption_control_is_said() -> None:
    stack = cdk.Stack(cdk.App(), "Net", env=cdk.Environment(account="123456789012", region="ap-northeast-2"))
    hardened.Network(stack, "Network")
    hardened.Network(stack, "Asked", encryption_control="monitor")
    Template.from_stack(stack).resource_count_is("AWS::EC2::VPCEncryptionControl", 1)
    Annotations.from_stack(stack).has_warning(
        "/Net/Network", Match.string_like_regexp("not known to have VPC encryption controls")
    )


def test_regions_without_encryption_control_are_current() -> None:
    from cfnlint.helpers import REGIONS
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError

    from hardened_eks.data.regions import without

    lacking = []
    for region in REGIONS:
        try:
            PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, "AWS::EC2::VPCEncryptionControl")
        except ResourceNotFoundError:
            lacking.append(region)
    assert sorted(lacking) == sorted(without("AWS::EC2::VPCEncryptionControl"))


def test_prefix_list_may_still_be_looked_up() -> None:
    stack = cdk.Stack(cdk.App(), "Net", env=cdk.Environment(account="123456789012", region="eu-west-1"))
    looked_up = ec2.PrefixList.from_lookup(stack, "S3", prefix_list_name="com.amazonaws.eu-west-1.s3")
    assert hardened.Network(stack, "Network", s3_prefix_list_id=looked_up.prefix_list_id).s3_prefix_list_id


def test_endpoint_policy_can_be_extended() -> None:
    stack = cdk.Stack(cdk.App(), "Net")
    network = hardened.Network(stack, "Network")
    made = network.node.find_child("S3Endpoint")
    made.add_property_override("PolicyDocument.Statement.2", {"Sid": "Partner"})
    statements = endpoint(Template.from_stack(stack), "s3")["PolicyDocument"]["Statement"]
    assert [s.get("Sid") for s in statements] == ["AwsOwnedBuckets", "OwnBuckets", "Partner"]
