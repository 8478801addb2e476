"""Pictures of templates that other people wrote: nothing that they contain is silently left out."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hardened_eks.cli.diagram import command
from hardened_eks.diagram import Facts, draw, gather
from hardened_eks.diagram._canvas import wrapped
from hardened_eks.diagram.facts import Cluster, Nodes, Talk, Trust
from hardened_eks.evidence import Assembly, Template
from tests.diagram.test_diagram import assembly, assert_readable, words

EVERYTHING = ("all protocols and ports",)
SSH = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
CLOSED = {"SecurityGroupEgress": [{"IpProtocol": "-1", "CidrIp": "255.255.255.255/32"}]}


def group(*ingress: Any, **more: Any) -> tuple[str, dict[str, Any]]:
    return "AWS::EC2::SecurityGroup", {"SecurityGroupIngress": list(ingress), **CLOSED, **more}


def cluster(name: str, groups: str = "") -> tuple[str, dict[str, Any]]:
    return "AWS::EKS::Cluster", {"Name": name, "ResourcesVpcConfig": {"SecurityGroupIds": [{"Ref": groups}]}}


def facts(**body: Any) -> Facts:
    return gather(assembly(body))


def test_a_group_without_egress_rules_can_reach_everything() -> None:
    """AWS adds this rule, unless the template has another one."""
    found = facts(
        Open=("AWS::EC2::SecurityGroup", {}),
        Empty=("AWS::EC2::SecurityGroup", {"SecurityGroupEgress": []}),
        Closed=group(),
        Added=("AWS::EC2::SecurityGroup", {}),
        Rule=("AWS::EC2::SecurityGroupEgress", {"GroupId": {"Ref": "Added"}, "CidrIp": "10.0.0.0/8", **HTTPS}),
    )
    assert set(found.talks) == {
        Talk("Open", "anywhere", EVERYTHING),
        Talk("Empty", "anywhere", EVERYTHING),
        Talk("Added", "anywhere", EVERYTHING),
        Talk("Added", "10.0.0.0/8", ("tcp 443",)),
    }


def test_rules_that_depend_on_a_condition_are_drawn() -> None:
    """Both branches of a list: the diagram shows what is possible."""
    condition = {"Conditions": {"Is": {"Fn::Equals": [{"Ref": "Public"}, "true"]}}, "Parameters": {"Public": {}}}
    either = [[{**SSH, "CidrIp": "10.0.0.0/8"}], [{**HTTPS, "CidrIp": "192.168.0.0/16"}]]
    properties = {
        "SecurityGroupIngress": {"Fn::If": ["Is", *either]},
        "SecurityGroupEgress": {"Fn::If": ["Is", [{**HTTPS, "CidrIp": "10.0.0.0/8"}], {"Ref": "AWS::NoValue"}]},
    }
    resources = {"Sg": {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}}
    assert set(gather(Assembly([Template("S", {**condition, "Resources": resources})])).talks) == {
        Talk("10.0.0.0/8", "Sg", ("tcp 22",)),
        Talk("192.168.0.0/16", "Sg", ("tcp 443",)),
        Talk("Sg", "10.0.0.0/8", ("tcp 443",)),
        Talk("Sg", "anywhere", EVERYTHING),
    }


def test_ssh_of_managed_nodes_is_a_port() -> None:
    found = facts(
        World=("AWS::EKS::Nodegroup", {"RemoteAccess": {"Ec2SshKey": "k"}}),
        Some=("AWS::EKS::Nodegroup", {"RemoteAccess": {"Ec2SshKey": "k", "SourceSecurityGroups": [{"Ref": "Hop"}]}}),
        None_=("AWS::EKS::Nodegroup", {"RemoteAccess": {}}),
        Hop=group(),
        Host=("AWS::EC2::Instance", {"SecurityGroupIds": [{"Ref": "Hop"}]}),
    )
    assert set(found.talks) == {Talk("anywhere", "World", ("tcp 22",)), Talk("Host", "Some", ("tcp 22",))}


def test_groups_are_named_after_whatever_uses_them() -> None:
    found = facts(
        Sg=group({**SSH, "CidrIp": "10.0.0.0/8"}, {**HTTPS, "SourceSecurityGroupName": "default"}),
        Cluster=cluster("c", "Sg"),
        Host=("AWS::EC2::Instance", {"SecurityGroupIds": [{"Ref": "Sg"}]}),
        Old=("AWS::AutoScaling::LaunchConfiguration", {"SecurityGroups": [{"Ref": "Nodes"}]}),
        Asg=("AWS::AutoScaling::AutoScalingGroup", {"LaunchConfigurationName": {"Ref": "Old"}}),
        Nodes=group({**HTTPS, "SourceSecurityGroupId": {"Ref": "Sg"}}),
        Balancer=("AWS::ElasticLoadBalancingV2::LoadBalancer", {"SecurityGroups": [{"Ref": "Front"}]}),
        Front=group({**HTTPS, "CidrIp": "0.0.0.0/0"}),
    )
    assert set(found.talks) == {
        Talk("10.0.0.0/8", "control plane, Host", ("tcp 22",)),
        Talk("default", "control plane, Host", ("tcp 443",)),
        Talk("control plane, Host", "Asg", ("tcp 443",)),
        Talk("anywhere", "Balancer", ("tcp 443",)),
    }


def test_two_clusters_and_two_networks_are_told_apart() -> None:
    def of(name: str) -> dict[str, Any]:
        own = {"Fn::GetAtt": [f"Cluster{name}", "ClusterSecurityGroupId"]}
        return {
            f"Vpc{name}": ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
            f"Cluster{name}": cluster(name, f"Plane{name}"),
            f"Plane{name}": group({**HTTPS, "SourceSecurityGroupId": own}),
            f"Sts{name}": ("AWS::EC2::VPCEndpoint", {"VpcId": {"Ref": f"Vpc{name}"},
                           "ServiceName": "sts", "SecurityGroupIds": [{"Ref": f"Ends{name}"}]}),
            f"Ends{name}": group({**HTTPS, "CidrIp": {"Fn::GetAtt": [f"Vpc{name}", "CidrBlock"]}}),
        }  # fmt: skip

    assert set(facts(**of("A"), **of("B")).talks) == {
        Talk(f"cluster security group of {name}", f"control plane of {name}", ("tcp 443",)) for name in "AB"
    } | {Talk(f"the VPC Vpc{name}", f"VPC endpoints of Vpc{name}", ("tcp 443",)) for name in "AB"}


def test_the_same_names_in_two_stacks_are_told_apart() -> None:
    """Two stacks from one class, as the CDK creates them."""
    resources = {
        "Nodes": {"Type": "AWS::EKS::Nodegroup", "Metadata": {"aws:cdk:path": "S/Cluster/general/Resource"},
                  "Properties": {"LaunchTemplate": {"Id": {"Ref": "Launch"}}}},
        "Launch": {"Type": "AWS::EC2::LaunchTemplate",
                   "Properties": {"LaunchTemplateData": {"SecurityGroupIds": [{"Ref": "Sg"}]}}},
        "Sg": {"Type": "AWS::EC2::SecurityGroup", "Properties": {}},
        "Key": {"Type": "AWS::KMS::Key"},
    }  # fmt: skip
    found = gather(Assembly([Template(name, {"Resources": resources}) for name in ("One", "Two")]))
    assert [key.name for key in found.keys] == ["One/Key", "Two/Key"]
    assert {talk.source for talk in found.talks} == {"One/Cluster/general", "Two/Cluster/general"}


def test_nodes_without_their_cluster_are_drawn() -> None:
    """The cluster is in a stack that is not given, or nobody knows which one it is."""
    found = facts(
        Ours=("AWS::EKS::Cluster", {"Name": "ours"}),
        One=("AWS::EKS::Nodegroup", {"ClusterName": "theirs", "InstanceTypes": ["m7g.large"]}),
        Two=("AWS::EKS::FargateProfile", {"ClusterName": "theirs", "Selectors": [{"Namespace": "a"}]}),
        Three=("AWS::EKS::Nodegroup", {"ClusterName": {"Ref": "Gone"}}),
        Dns=("AWS::EKS::Addon", {"ClusterName": "theirs", "AddonName": "coredns"}),
    )
    missing = ("control plane not in these templates",)
    assert found.clusters[0].nodes == ()
    assert found.clusters[1:] == (
        Cluster("theirs", missing, ("coredns",), (
            Nodes("One", "managed nodes", ("m7g.large", "1 to 2 nodes")), Nodes("Two", "Fargate", ("namespaces a",)),
        )),
        Cluster("not known", missing, (), (Nodes("Three", "managed nodes", ("1 to 2 nodes",)),)),
    )  # fmt: skip
    assert "Nonodesinthesetemplates" in words(draw(found)), "of ours"


def test_a_cluster_with_an_unknown_name_has_its_logical_id() -> None:
    (found,) = facts(Main=("AWS::EKS::Cluster", {"Name": {"Fn::Sub": "${AWS::StackName}-main"}})).clusters
    assert found.name == "Main"


def test_replicas_of_keys_and_roles_with_an_unreadable_policy() -> None:
    found = facts(
        Replica=("AWS::KMS::ReplicaKey", {"PrimaryKeyArn": "arn:aws:kms:eu-west-1:111122223333:key/mrk-1"}),
        Data=("AWS::RDS::DBInstance", {"KmsKeyId": {"Ref": "Replica"}}),
        Inner=("AWS::CloudFormation::Stack", {"TemplateURL": "u", "Parameters": {"Key": {"Ref": "Replica"}}}),
        Broken=("AWS::IAM::Role", {"AssumeRolePolicyDocument": "no JSON"}),
        Nobody=("AWS::IAM::Role", {"AssumeRolePolicyDocument": {"Statement": []}}),
        Subnet=("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}}),
        Vpc=("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
    )
    (key,) = found.keys
    assert (key.name, key.rotates) == ("Replica", "rotates like its primary key")
    assert key.encrypts == ("DBInstance Data", "resources of the nested stack Inner")
    assert found.trusts == (Trust("Broken", ("not known",), ()), Trust("Nobody", ("nobody",), ()))
    assert found.networks[0].tiers[0].subnets == ("any zone, not known",)


def test_a_principal_of_the_template_has_the_name_that_it_has_elsewhere() -> None:
    def role(*principals: Any) -> dict[str, Any]:
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": list(principals)}}
        return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [statement]}}}

    arn = {"Fn::GetAtt": ["Caller", "Arn"]}
    caller = {**role("arn:aws:iam::111122223333:root"), "Metadata": {"aws:cdk:path": "S/App/Caller/Resource"}}
    resources = {"Caller": caller, "Called": role(arn, {"Ref": "Gone"})}
    found = gather(Assembly([Template("S", {"Resources": resources})]))
    assert found.trusts[1].takers == ("App/Caller", "${Gone}")


def test_wide_and_endless_names_stay_in_their_boxes() -> None:
    """A name from Asia is as wide as it is high; a name of any length is broken in no time."""
    assert len(wrapped("界" * 40, 12, 480)) == 2
    assert len("".join(wrapped("x" * 60_000, 12, 120))) == 60_000
    assert_readable(facts(**{f"界{'x' * 300}": cluster("界" * 90)}))


def run(folder: Path, body: dict[str, Any], *arguments: str) -> Any:
    path = folder / "template.json"
    path.write_text(json.dumps({"Resources": body}), encoding="utf-8")
    result = CliRunner().invoke(command, [str(path), *arguments])
    assert result.exit_code == 0, result.output
    return result


def test_a_template_with_nothing_to_draw_says_so(tmp_path: Path) -> None:
    assert "Nothingtodraw" in words(run(tmp_path, {"B": {"Type": "AWS::S3::Bucket"}}).stdout)


def test_what_could_not_be_read_is_in_the_picture(tmp_path: Path) -> None:
    body = {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://example.com/t"}}}
    assert "Whatwasnotseen" in words(run(tmp_path, body).stdout)
    (note,) = json.loads(run(tmp_path, body, "-f", "json").stdout)["not_seen"]
    assert "Inner" in note


@pytest.mark.parametrize("format_", ["svg", "json"])
def test_no_control_character_survives(tmp_path: Path, format_: str) -> None:
    name = "a\u202eb\x7f\u061c\u2028\x1b<script>\"'"
    text = run(tmp_path, {name: {"Type": "AWS::KMS::Key"}}, "-f", format_).stdout
    assert not set(text) & set("\u202e\x7f\u061c\u2028\x1b")
    assert "<script" not in text or format_ == "json"
    assert "\\u202e" in text
