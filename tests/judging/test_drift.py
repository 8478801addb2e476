"""Where an account differs from its templates: values, lists, policies, what is gone, what is added, what is unknown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import botocore.session
import pytest

from hardened_eks.data import comparable
from hardened_eks.data.account_settings import SETTINGS
from hardened_eks.evidence import Assembly, Template, Unknown
from hardened_eks.evidence.resource import ARN, NOT_SEEN
from hardened_eks.judging.differences import Difference, differences
from hardened_eks.judging.drift import GONE, drift
from hardened_eks.sources import account
from tests.emulator.resources.schemas import schema

ACCOUNT, REGION = "111122223333", "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"

SOURCE = "".join(file.read_text() for file in Path(account.__file__).parent.glob("*.py"))
EKS = botocore.session.get_session().get_service_model("eks")


def shown_whole(type_: str) -> set[str]:
    """Return the properties that an answer of EKS has as they are: what it shows is in CloudFormation's shape."""
    operation = f"Describe{type_.rpartition('::')[2]}"
    if not type_.startswith("AWS::EKS::") or operation not in EKS.operation_names:
        return set()
    (shape,) = EKS.operation_model(operation).output_shape.members.values()
    return {f"{name[0].upper()}{name[1:]}" for name in shape.members}


def written(resources: dict[str, Any], name: str = "Shop", **more: Any) -> Template:
    return Template(name, {"Resources": resources, **more})


def there(resources: dict[str, Any], ids: dict[str, str] = {}, name: str = "Shop", **more: Any) -> Assembly:
    alone = more.pop("alone", {})
    templates = [
        Template(name, {"Resources": resources}, account=ACCOUNT, region=REGION, physical_ids=ids),
        Template(f"{ACCOUNT}:{REGION}", {"Resources": alone}, account=ACCOUNT, region=REGION),
    ]
    return Assembly(templates, regions=(REGION,), **more)


def one(type_: str, arn: str = "", **properties: Any) -> dict[str, Any]:
    return {"Type": type_, "Properties": properties, **({"Metadata": {ARN: arn}} if arn else {})}


def told(*templates: Template, live: Assembly) -> list[tuple[str, str, Any, Any]]:
    return [(d.resource.id, d.path, d.written, d.live) for d in drift(Assembly(templates), live)]


class TestValues:
    @pytest.mark.parametrize(
        ("asked", "has"),
        [
            (True, "true"), ("365", 365), (1, 1.0), (False, None), ([], None), ("", None),
            (["a", "b"], ["b", "a"]), ("a", ["a"]), ({"A": 1}, {"A": 1, "B": 2}),
            ('{"enable": "true"}', '{"enable":"true"}'),
            ([{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}], [{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "1"}]),
        ],
    )  # fmt: skip
    def test_the_same_in_other_words(self, asked: Any, has: Any) -> None:
        assert list(differences(asked, has, "P")) == []

    @pytest.mark.parametrize(
        ("asked", "has", "expected"),
        [
            (365, 30, ("P", 365, 30)),
            (True, False, ("P", True, False)),
            ({"A": {"B": 1}}, {"A": {"B": 2}}, ("P.A.B", 1, 2)),
            ({"A": "x"}, None, ("P", {"A": "x"}, None)),
            (["a"], ["a", "b"], ("P", None, "b")),
            (["a", "b"], ["b"], ("P", "a", None)),
            ([{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}], [{"Key": "b", "Value": "3"}, {"Key": "a", "Value": "1"}],
             ("P.1.Value", "2", "3")),
        ],
    )  # fmt: skip
    def test_what_differs_has_its_path(self, asked: Any, has: Any, expected: tuple[str, Any, Any]) -> None:
        assert list(differences(asked, has, "P")) == [Difference(*expected)]

    def test_what_is_known_only_at_deployment_differs_from_nothing(self) -> None:
        unknown = Unknown({"Ref": "Other"}, written({}))
        assert list(differences(unknown, "x")) == []
        assert list(differences({"A": unknown}, {"A": "x"})) == []
        assert list(differences([unknown, "a"], ["a", "x"])) == []
        assert list(differences([unknown, "a"], ["a", "x", "y"])) == [Difference("", None, "y")]
        made = Unknown({"Ref": "Log"}, written({"Log": one("AWS::Logs::LogGroup")}))
        assert list(differences([unknown, "a"], ["a"])) == []
        assert list(differences([made, "a"], ["a"])) == [Difference("", "${Log}", None)]

    def test_policies_are_read(self) -> None:
        asked = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"},
            {"Effect": "Deny", "Principal": "*", "Action": ["s3:Get", "s3:Put"], "Resource": "*"}]}  # fmt: skip
        has = {"Id": "made", "Version": "2012-10-17", "Statement": [
            {"Sid": "", "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": ["s3:Put", "s3:Get"], "Resource": ["*"]},
            {"Effect": "Allow", "Principal": {"AWS": [ACCOUNT]}, "Action": ["kms:*"], "Resource": ["*"]}]}  # fmt: skip
        assert list(differences(asked, has)) == []
        has["Statement"][1]["Condition"] = {"Bool": {"x": "y"}}
        (found,) = differences(asked, has, "KeyPolicy")
        assert (found.path, found.written, found.live) == (
            "KeyPolicy.Statement.0.Condition",
            None,
            {"Bool": {"x": ["y"]}},
        )


class TestReferences:
    def test_they_are_what_the_account_has(self) -> None:
        keys = written({"Key": one("AWS::KMS::Key")}, "Keys", Outputs={
            "Out": {"Value": {"Fn::GetAtt": ["Key", "Arn"]}, "Export": {"Name": "keys"}}})  # fmt: skip
        values: list[Any] = [
            {"Fn::ImportValue": "keys"}, {"Fn::GetStackOutput": {"StackName": "Keys", "OutputName": "Out"}},
            {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/1"},
            {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":kms:{REGION}:{ACCOUNT}:key/1"]]},
        ]  # fmt: skip
        for value in values:
            logs = written({"Log": one("AWS::Logs::LogGroup", KmsKeyId=value)})
            for has, expected in ((KEY, []), ("arn:other", [("Shop/Log", "KmsKeyId", KEY, "arn:other")])):
                live = there({"Log": one("AWS::Logs::LogGroup", "arn:aws:logs:x", KmsKeyId=has)}, {"Log": "log"})
                stack = Template("Keys", {"Resources": {"Key": one("AWS::KMS::Key", KEY)}}, account=ACCOUNT, region=REGION,
                                 physical_ids={"Key": "1"})  # fmt: skip
                live = Assembly([*live.templates, stack], regions=(REGION,))
                assert told(logs, keys, live=live) == expected, value

    def test_outputs_that_name_each_other_end(self) -> None:
        circle = {"Value": {"Fn::GetStackOutput": {"StackName": "Shop", "OutputName": "A"}}}
        asked = written({"Log": one("AWS::Logs::LogGroup", KmsKeyId=circle["Value"])}, Outputs={"A": circle})
        live = there({"Log": one("AWS::Logs::LogGroup", KmsKeyId="x")}, {"Log": "log"})
        assert told(asked, live=live) == []

    def test_a_template_of_another_region_is_not_compared(self) -> None:
        asked = Template(
            "Shop", {"Resources": {"Log": one("AWS::Logs::LogGroup", RetentionInDays=365)}}, region="us-east-1"
        )
        assert told(asked, live=there({"Log": one("AWS::Logs::LogGroup", RetentionInDays=1)})) == []


class TestResources:
    def test_what_was_taken_away(self) -> None:
        asked = written({"Log": one("AWS::Logs::LogGroup", RetentionInDays=365, KmsKeyId={"Fn::GetAtt": ["Key", "Arn"]},
                                    DataProtectionPolicy={"a": 1}), "Key": one("AWS::KMS::Key")})  # fmt: skip
        live = there({"Log": one("AWS::Logs::LogGroup", "arn:log")}, {"Log": "log"})
        assert told(asked, live=live) == [
            ("Shop/Log", "RetentionInDays", 365, None), ("Shop/Log", "KmsKeyId", "${Key.Arn}", None),
        ]  # fmt: skip

    def test_a_parameter_may_be_empty(self) -> None:
        asked = written(
            {"Log": one("AWS::Logs::LogGroup", KmsKeyId={"Ref": "Given"})}, Parameters={"Given": {"Type": "String"}}
        )
        assert told(asked, live=there({"Log": one("AWS::Logs::LogGroup")})) == []

    def test_what_was_not_seen_differs_from_nothing(self) -> None:
        asked = written({"Key": one("AWS::KMS::Key", EnableKeyRotation=True)})
        live = there({"Key": one("AWS::KMS::Key", KEY, EnableKeyRotation={NOT_SEEN: "denied"})})
        assert told(asked, live=live) == []

    def test_what_was_added_where_nothing_is_written(self) -> None:
        asked = written({"Role": one("AWS::IAM::Role"), "Alarm": one("AWS::CloudWatch::Alarm")})
        admin = "arn:aws:iam::aws:policy/AdministratorAccess"
        live = there({"Role": one("AWS::IAM::Role", ManagedPolicyArns=[admin], Path="/"),
                      "Alarm": one("AWS::CloudWatch::Alarm", ActionsEnabled=False)})  # fmt: skip
        assert told(asked, live=live) == [
            ("Shop/Role", "ManagedPolicyArns", None, admin), ("Shop/Alarm", "ActionsEnabled", True, False),
        ]  # fmt: skip

    def test_what_is_written_beside_a_resource_is_part_of_it(self) -> None:
        rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"}
        document = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
        asked = written({
            "Group": one("AWS::EC2::SecurityGroup"), "Role": one("AWS::IAM::Role"),
            "Rule": one("AWS::EC2::SecurityGroupIngress", GroupId={"Fn::GetAtt": ["Group", "GroupId"]}, **rule),
            "Elsewhere": one("AWS::EC2::SecurityGroupIngress", GroupId={"Ref": "Given"}, **{**rule, "FromPort": 1}),
            "Inline": one("AWS::IAM::Policy", PolicyName="p", PolicyDocument=document, Roles=[{"Ref": "Role"}]),
            "Managed": one("AWS::IAM::ManagedPolicy", PolicyDocument=document, Roles=[{"Ref": "Role"}]),
        })  # fmt: skip
        out = {"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}
        rules = [rule, {**rule, "FromPort": 1}, {**rule, "FromPort": 22, "CidrIp": "0.0.0.0/0"}]
        live = there(
            {"Group": one("AWS::EC2::SecurityGroup", GroupId="sg-1", SecurityGroupIngress=rules, SecurityGroupEgress=[out]),
             "Role": one("AWS::IAM::Role", Policies=[{"PolicyName": "p", "PolicyDocument": document}], ManagedPolicyArns=["arn:p"]),
             "Managed": one("AWS::IAM::ManagedPolicy", "arn:p", PolicyDocument=document)},
            {"Group": "sg-1", "Role": "role", "Managed": "arn:p"},
        )  # fmt: skip
        assert told(asked, live=live) == [("Shop/Group", "SecurityGroupIngress", None, rules[2])]
        live = there({"Role": one("AWS::IAM::Role")}, {"Role": "role"})
        assert [(path, value) for _, path, value, _ in told(asked, live=live)] == [
            ("ManagedPolicyArns", "${Managed}"), ("Policies", {"PolicyName": "p", "PolicyDocument": document}),
        ]  # fmt: skip

    def test_tags_of_others_are_theirs(self) -> None:
        asked = written({"Log": one("AWS::Logs::LogGroup", Tags=[{"Key": "owner", "Value": "a"}])})
        tags = [{"Key": "owner", "Value": "b"}, {"Key": "auto", "Value": "x"}]
        assert told(asked, live=there({"Log": one("AWS::Logs::LogGroup", Tags=tags)})) == [
            ("Shop/Log", "Tags.0.Value", "a", "b")
        ]

    def test_what_has_no_tags_is_known_by_what_it_is_about(self) -> None:
        asked = written({"Bucket": one("AWS::S3::Bucket"),
                         "Policy": one("AWS::S3::BucketPolicy", Bucket={"Ref": "Bucket"}, PolicyDocument={"Statement": []})})  # fmt: skip
        more = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
        policy = one("AWS::S3::BucketPolicy", Bucket="files", PolicyDocument={"Statement": [more]})
        live = there({"Bucket": one("AWS::S3::Bucket", "arn:b")}, {"Bucket": "files"}, alone={"x": policy})
        ((subject, path, *_),) = told(asked, live=live)
        assert (subject, path) == ("Shop/Policy", "PolicyDocument.Statement")

    def test_what_is_gone(self) -> None:
        asked = written({"Vpc": one("AWS::EC2::VPC"), "Log": one("AWS::EC2::FlowLog", ResourceId={"Ref": "Vpc"}),
                         "Trail": one("AWS::CloudTrail::Trail"), "Other": one("AWS::IAM::Role")})  # fmt: skip
        here = {"Vpc": one("AWS::EC2::VPC", VpcId="vpc-1")}
        expected = [("Shop/Log", GONE, "AWS::EC2::FlowLog", None)]
        assert told(asked, live=there(here, {"Vpc": "vpc-1"})) == expected
        assert told(asked, live=there(here, {"Vpc": "vpc-1"}, hidden=["AWS::EC2::FlowLog"])) == []
        more = [*expected, ("Shop/Trail", GONE, "AWS::CloudTrail::Trail", None)]
        assert told(asked, live=there(here, {"Vpc": "vpc-1"}, complete=["AWS::CloudTrail::Trail"])) == more

    def test_what_moves_by_itself_is_no_drift(self) -> None:
        """An autoscaler changes how many nodes there are, and somebody made a version that no group uses yet."""
        latest = {"Fn::GetAtt": ["Lt", "LatestVersionNumber"]}
        asked = written({
            "Lt": one("AWS::EC2::LaunchTemplate"),
            "Nodes": one("AWS::EKS::Nodegroup", ScalingConfig={"MinSize": 1, "DesiredSize": 2},
                         LaunchTemplate={"Id": {"Ref": "Lt"}, "Version": latest})})  # fmt: skip
        has = {"ScalingConfig": {"MinSize": 1, "DesiredSize": 9}, "LaunchTemplate": {"Id": "lt-1", "Version": "1"}}
        live = {
            "Lt": one("AWS::EC2::LaunchTemplate", LatestVersionNumber="2"),
            "Nodes": one("AWS::EKS::Nodegroup", **has),
        }
        assert told(asked, live=there(live, {"Lt": "lt-1"})) == []
        has["ScalingConfig"]["MinSize"] = 0
        assert told(asked, live=there(live, {"Lt": "lt-1"})) == [("Shop/Nodes", "ScalingConfig.MinSize", 1, 0)]

    @pytest.mark.parametrize(
        "properties",
        [[], "x", {"Fn::Transform": {"Name": "M"}}, {"KmsKeyId": {"Ref": ["x"]}}, {"KmsKeyId": {"Fn::GetAtt": "x"}},
         {"KmsKeyId": {"Fn::Sub": 1}}, {"KmsKeyId": {"Fn::GetStackOutput": {"StackName": {}, "OutputName": []}}},
         {"KmsKeyId": "[" * 5_000}, {"KmsKeyId": {"Fn::ImportValue": {"Ref": "x"}}}],
    )  # fmt: skip
    def test_what_makes_no_sense_is_no_error(self, properties: Any) -> None:
        asked = written({"Log": {"Type": "AWS::Logs::LogGroup", "Properties": properties},
                         "Rule": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": properties}})  # fmt: skip
        assert [path for _, path, *_ in told(asked, live=there({"Log": one("AWS::Logs::LogGroup")}))] in (
            [],
            ["KmsKeyId"],
        )
        assert (
            told(written({"Log": one("AWS::Logs::LogGroup")}), live=there({"Log": {"Type": "AWS::Logs::LogGroup"}}))
            == []
        )

    def test_a_template_that_is_deep_ends(self) -> None:
        value: Any = "x"
        for _ in range(400):
            value = {"A": value}
        assert told(
            written({"Log": one("AWS::Logs::LogGroup", KmsKeyId=value)}),
            live=there({"Log": one("AWS::Logs::LogGroup")}),
        )

    def test_secrets_are_not_shown(self) -> None:
        asked = written({"Lt": one("AWS::EC2::LaunchTemplate", LaunchTemplateData={"UserData": "YQ=="})})
        live = there({"Lt": one("AWS::EC2::LaunchTemplate", LaunchTemplateData={"UserData": "Yg=="})})
        assert told(asked, live=live) == [
            ("Shop/Lt", "LaunchTemplateData.UserData", "(not shown)", "(not shown)"),
        ]  # fmt: skip
        gone = there({"Lt": one("AWS::EC2::LaunchTemplate")})
        assert told(asked, live=gone)[0][2] == {"UserData": "(not shown)"}


class TestData:
    @pytest.mark.parametrize("type_", sorted({*comparable.READ, *comparable.DEFAULTS, *comparable.SKIPPED}))
    def test_properties_are_those_of_the_schema(self, type_: str) -> None:
        named = {
            *comparable.READ.get(type_, ()),
            *comparable.DEFAULTS.get(type_, ()),
            *comparable.SKIPPED.get(type_, ()),
        }
        assert {name.split(".")[0] for name in named} <= set(schema(type_)["properties"])

    @pytest.mark.parametrize("type_", sorted(set(comparable.READ) - {one.type for one in SETTINGS}))
    def test_every_property_is_collected(self, type_: str) -> None:
        """What an audit never shows would look as if somebody had taken it away."""
        names = comparable.READ[type_] - shown_whole(type_)
        assert {
            name for name in names if f'"{name}"' not in SOURCE and f'"{name[0].lower()}{name[1:]}"' not in SOURCE
        } == set()
