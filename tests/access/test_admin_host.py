from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Annotations, Match, Template

import hardened_eks as hardened
from hardened_eks import evidence
from hardened_eks.controls.security_groups import egress_restricted
from hardened_eks.errors import ConfigurationError
from hardened_eks.judging.evaluation import evaluate

GROUP, INGRESS, EGRESS = (f"AWS::EC2::SecurityGroup{suffix}" for suffix in ("", "Ingress", "Egress"))


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    stack = cdk.Stack(cdk.App(), "Access")
    hardened.AdminHost(stack, "Host", cluster=hardened.Cluster(stack, "Cluster", version="1.36"))
    return stack


@pytest.fixture(scope="module")
def template(stack: cdk.Stack) -> Template:
    return Template.from_stack(stack)


@pytest.fixture(scope="module")
def host(template: Template) -> dict[str, dict[str, Any]]:
    """Properties of what was made for the host, by type."""
    resources = template.to_json()["Resources"]
    return {r["Type"]: r["Properties"] for name, r in resources.items() if name.startswith("Host")}


def test_nothing_comes_in(template: Template, host: dict[str, Any]) -> None:
    assert "SecurityGroupIngress" not in host[GROUP]
    (name,) = (n for n in template.find_resources(GROUP) if n.startswith("Host"))
    admitted = [
        r
        for r in template.find_resources(INGRESS).values()
        if r["Properties"]["GroupId"] == {"Fn::GetAtt": [name, "GroupId"]}
    ]
    assert admitted == []


def test_only_the_api_s3_and_the_endpoints_go_out(template: Template, host: dict[str, Any]) -> None:
    rule, s3 = host[GROUP]["SecurityGroupEgress"]  # written inline, or EC2 would open everything
    assert (rule["FromPort"], rule["ToPort"], rule["IpProtocol"]) == (443, 443, "tcp")
    assert "ClusterSecurityGroup" in json.dumps(rule["DestinationSecurityGroupId"])
    # Without the id of S3's prefix list the routes bound it, as they bound the nodes.
    assert (s3["FromPort"], s3["ToPort"], s3["CidrIp"]) == (443, 443, "0.0.0.0/0")
    (name,) = (n for n in template.find_resources(GROUP) if n.startswith("Host"))
    to = [
        r["Properties"]
        for r in template.find_resources(EGRESS).values()
        if name in json.dumps(r["Properties"]["GroupId"])
    ]
    assert [("EndpointsSecurityGroup" in json.dumps(r["DestinationSecurityGroupId"]), r["FromPort"]) for r in to] == [
        (True, 443)
    ]


def of_region(region: str | None, **network: Any) -> cdk.Stack:
    environment = None if region is None else cdk.Environment(account="123456789012", region=region)
    stack = cdk.Stack(cdk.App(), "Access", env=environment)
    made = hardened.Network(
        stack, "Network", add_flow_logs=False, close_default_security_group=False, encryption_control="off", **network
    )  # type: ignore[arg-type]
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-0123456789abcdef0")
    cluster = hardened.Cluster.from_cluster_attributes(
        stack, "Cluster", name="payments", network=made, security_group=group
    )
    hardened.AdminHost(stack, "Host", cluster=cluster)
    return stack


def test_patches_come_from_s3_alone_where_its_prefix_list_is_known() -> None:
    template = Template.from_stack(of_region("eu-west-1", s3_prefix_list_id="pl-6da54004"))
    (group,) = (g for n, g in template.find_resources(GROUP).items() if n.startswith("Host"))
    _, https, http = group["Properties"]["SecurityGroupEgress"]
    assert [(r["DestinationPrefixListId"], r["FromPort"], r["ToPort"]) for r in (https, http)] == [
        ("pl-6da54004", 443, 443), ("pl-6da54004", 80, 80),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("region", "buckets"),
    [
        ("eu-west-1", ["aws-patch-manager-eu-west-1-5522fb710", "patch-baseline-snapshot-eu-west-1"]),
        ("af-south-1", ["aws-patch-manager-af-south-1-bdd5f65a9", "patch-baseline-snapshot-af-south-1-tbxdb5b9"]),
        ("eu-isoe-west-1", []),
        (None, []),
    ],
)
def test_patch_manager_reaches_its_buckets(region: str | None, buckets: list[str]) -> None:
    stack = of_region(region)
    endpoints = Template.from_stack(stack).find_resources("AWS::EC2::VPCEndpoint")
    (s3,) = (e["Properties"] for name, e in endpoints.items() if "S3Endpoint" in name)
    (statement, _) = s3["PolicyDocument"]["Statement"]
    assert statement["Action"] == "s3:GetObject"
    named = [json.dumps(resource) for resource in statement["Resource"]]
    assert len([name for name in named if "patch" in name]) == len(buckets)
    assert all(any(f":s3:::{bucket}/*" in name for name in named) for bucket in buckets)
    warned = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("Patch Manager's buckets"))
    assert bool(warned) is (not buckets)


def test_the_api_admits_it(template: Template) -> None:
    template.has_resource_properties(INGRESS, {
        "Description": "Kubernetes API from the admin host", "FromPort": 443, "ToPort": 443,
        "GroupId": {"Fn::GetAtt": [Match.string_like_regexp("ClusterSecurityGroup.*"), "GroupId"]},
        "SourceSecurityGroupId": {"Fn::GetAtt": [Match.string_like_regexp("HostSecurityGroup.*"), "GroupId"]},
    })  # fmt: skip


def test_the_instance(host: dict[str, Any]) -> None:
    data = host["AWS::EC2::LaunchTemplate"]["LaunchTemplateData"]
    assert "KeyName" not in data
    assert data["InstanceType"] == "m7g.medium"
    assert data["ImageId"] == "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    assert data["MetadataOptions"] == {
        "HttpEndpoint": "enabled", "HttpTokens": "required", "HttpPutResponseHopLimit": 1, "InstanceMetadataTags": "disabled",
    }  # fmt: skip
    (interface,) = data["NetworkInterfaces"]
    assert interface["AssociatePublicIpAddress"] is False
    (device,) = data["BlockDeviceMappings"]
    assert device["Ebs"]["Encrypted"] is True and "KeysVolumes" in json.dumps(device["Ebs"]["KmsKeyId"])
    instance = host["AWS::EC2::Instance"]
    assert instance["DisableApiTermination"] is True and instance["Monitoring"] is True
    assert {"KeyName", "SecurityGroupIds", "UserData"} & set(instance) == set()


def test_its_role(host: dict[str, Any]) -> None:
    aws, own = host["AWS::IAM::Role"]["ManagedPolicyArns"]
    assert json.dumps(aws).endswith('AmazonSSMManagedInstanceCore"]]}') and "Ref" in own
    statements = host["AWS::IAM::ManagedPolicy"]["PolicyDocument"]["Statement"]
    everywhere = [s["Action"] for s in statements if s["Resource"] == "*"]
    assert everywhere == ["logs:DescribeLogGroups"]


def test_sessions_are_logged_and_encrypted(host: dict[str, Any], template: Template) -> None:
    inputs = host["AWS::SSM::Document"]["Content"]["inputs"]
    assert inputs["cloudWatchEncryptionEnabled"] is True and inputs["cloudWatchStreamingEnabled"] is True
    assert inputs["maxSessionDuration"] == "60"
    group = template.find_resources("AWS::Logs::LogGroup")[inputs["cloudWatchLogGroupName"]["Ref"]]
    assert (group["DeletionPolicy"], group["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert group["Properties"]["RetentionInDays"] == 365
    assert group["Properties"]["DeletionProtectionEnabled"] is True
    assert "KeysLogs" in json.dumps(group["Properties"]["KmsKeyId"])


def test_it_is_reached_through_endpoints(template: Template) -> None:
    endpoints = [
        json.dumps(r["Properties"]["ServiceName"]) for r in template.find_resources("AWS::EC2::VPCEndpoint").values()
    ]
    for service in ("ssm", "ssmmessages", "ec2messages", "logs"):
        assert len([e for e in endpoints if e.endswith(f'.{service}"]]}}')]) == 1, service


def imported_vpc(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a", "eu-west-1b"],
        private_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        private_subnet_route_table_ids=["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"],
    )  # fmt: skip


@pytest.fixture(scope="module")
def adopted() -> cdk.Stack:
    """A stack with a cluster made elsewhere, in a VPC that keeps its own endpoints."""
    stack = cdk.Stack(cdk.App(), "Adopted")
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-0123456789abcdef0")
    cluster = hardened.Cluster.from_cluster_attributes(
        stack, "Cluster", name="payments", vpc=imported_vpc(stack), security_group=group
    )
    hardened.AdminHost(stack, "Host", cluster=cluster, instance_type="m7i.large", disk_gib=40, log_retention_days=731)
    return stack


def test_an_adopted_network(adopted: cdk.Stack) -> None:
    template = Template.from_stack(adopted)
    template.resource_count_is("AWS::EC2::VPCEndpoint", 0)
    template.has_resource_properties(GROUP, {"SecurityGroupEgress": [
        Match.object_like({"DestinationSecurityGroupId": "sg-0123456789abcdef0", "FromPort": 443}),
        Match.object_like({"CidrIp": "0.0.0.0/0", "FromPort": 443, "ToPort": 443}),
    ]})  # fmt: skip
    template.has_resource_properties(INGRESS, {"GroupId": "sg-0123456789abcdef0", "FromPort": 443})
    template.has_resource_properties("AWS::Logs::LogGroup", {"RetentionInDays": 731})
    template.has_resource_properties("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": Match.object_like({
        "ImageId": Match.string_like_regexp("x86_64$"),
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": Match.object_like({"VolumeSize": 40})}],
    })})  # fmt: skip


@pytest.mark.parametrize(("arguments", "words"), [
    ({"instance_type": "m4.large"}, ["m4.large runs on Xen"]),
    ({"instance_type": "t3.large"}, ["t3.large does not encrypt"]),
    ({"instance_type": "m7q.large"}, ["'m7q.large'"]),
    ({"instance_type": 7}, ["7"]),
    ({"disk_gib": 1}, ["20 to 65536", "got 1"]),
    ({"log_retention_days": 100}, ["log_retention_days", "got 100"]),
    ({"log_retention_days": None}, ["got None"]),
])  # fmt: skip
def test_fails_when(stack: cdk.Stack, arguments: dict[str, Any], words: list[str]) -> None:
    before = len(stack.node.find_all())
    with pytest.raises(ConfigurationError) as caught:
        hardened.AdminHost(stack, "Bad", cluster=stack.node.find_child("Cluster"), **arguments)  # type: ignore[arg-type]
    assert [word for word in words if word not in str(caught.value)] == []
    assert len(stack.node.find_all()) == before, "nothing is created before the arguments are good"


def test_fails_with_all_mistakes_at_once(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.AdminHost(
            stack, "Bad", cluster=stack.node.find_child("Cluster"),  # type: ignore[arg-type]
            instance_type="m4.large", disk_gib=0, log_retention_days=2,
        )  # fmt: skip
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(("known", "missing"), [({}, "network"), ({"vpc": True}, "security_group")])
def test_fails_when_too_little_is_known_of_the_cluster(known: dict[str, Any], missing: str) -> None:
    stack = cdk.Stack(cdk.App(), "Adopted")
    known = {"vpc": imported_vpc(stack)} if known else {}
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments", **known)
    with pytest.raises(ConfigurationError, match=f"{missing} is not known"):
        hardened.AdminHost(stack, "Host", cluster=cluster)
    assert stack.node.try_find_child("Host") is None


def test_packages_by_plain_http_from_the_prefix_list_of_s3_are_no_open_egress() -> None:
    body = Template.from_stack(of_region("eu-west-1", s3_prefix_list_id="pl-6da54004")).to_json()
    rules = [
        rule for resource in body["Resources"].values() if resource["Type"] == GROUP
        for rule in resource["Properties"].get("SecurityGroupEgress", ()) if "DestinationPrefixListId" in rule
    ]  # fmt: skip
    assert 80 in {rule["FromPort"] for rule in rules}
    assert evaluate(evidence.Assembly([evidence.Template("Access", body)]), [egress_restricted]).findings == ()
