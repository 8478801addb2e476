"""What a control could not see is neither examined nor passed."""

from datetime import date
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.deployable import kubernetes_version_exists as version_exists
from hardened_eks.controls.deployable import (
    keys_can_encrypt,
    log_key_admits_logs,
    logging_group_first,
    node_role_policies,
)
from hardened_eks.controls.model import Severity
from hardened_eks.controls.nodes import (
    fargate_selects_namespaces,
    imds_hop_limit,
    imds_v2,
    nitro_only,
    no_remote_access,
    node_role_least,
    node_role_pulls_only,
    private_subnets,
    volumes_customer_key,
    volumes_encrypted,
)
from hardened_eks.controls.security_groups import cluster_to_node
from hardened_eks.evidence import Assembly, Template, Waiver
from hardened_eks.judging.evaluation import Outcome, evaluate
from hardened_eks.reports import Report, render

GROUP: dict[str, Any] = {
    "ClusterName": "a",
    "NodeRole": "arn:aws:iam::111122223333:role/nodes",
    "Subnets": ["subnet-1", {"Ref": "Subnet"}],
    "LaunchTemplate": {"Id": "lt-1"},
}
DATA = {
    "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
    "BlockDeviceMappings": [{"Ebs": {"Encrypted": True}}],
}
OTHERS = (cluster_to_node, nitro_only)
OF_TEMPLATE = (imds_v2, imds_hop_limit, volumes_encrypted, volumes_customer_key, no_remote_access)
OF_ROLE = (node_role_pulls_only, node_role_least)


def judge(*controls: Any, fail_on: Severity = Severity.LOW, waivers: Any = (), **properties: Any) -> Outcome:
    body = {
        "Parameters": {"Version": {"Type": "String"}, "Template": {"Type": "String"}},
        "Conditions": {"C": {"Fn::Equals": [{"Ref": "Version"}, "1"]}},
        "Resources": {
            "Nodes": {"Type": "AWS::EKS::Nodegroup", "Properties": {**GROUP, **properties}},
            "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {}},
            "Seen": {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": DATA}},
        },
    }
    return evaluate(
        Assembly([Template("S", body)]), controls, fail_on=fail_on, waivers=waivers, today=date(2026, 11, 21)
    )


SEEN = {"Ref": "Seen"}
NOT_AMONG = "the launch template lt-1 is not among the templates"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"Id": "lt-1"}, NOT_AMONG),
        ({"Name": "lt-1", "Version": "1"}, NOT_AMONG),
        ({"Id": {"Ref": "Template"}}, "the launch template ${Template} is not among the templates"),
        ({"Fn::ImportValue": "x"}, "the launch template is not known before deployment"),
        ({"Fn::If": ["C", {"Id": SEEN}, {"Id": "lt-1"}]}, NOT_AMONG),
        ({"Id": SEEN, "Version": "1"}, "it uses version 1 of the launch template Seen, which no template contains"),
        ({"Id": SEEN, "Version": 3}, "it uses version 3 of the launch template Seen, which no template contains"),
        ({"Id": SEEN, "Version": {"Ref": "Version"}},
         "the version of the launch template Seen is not known before deployment"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("control", OF_TEMPLATE, ids=lambda c: c.id)
def test_a_launch_template_that_is_not_seen(control: Any, written: Any, message: str) -> None:
    outcome = judge(control, LaunchTemplate=written)
    (one,) = outcome.unseen
    assert (one.problem.message, one.problem.path, one.subject.id) == (message, "LaunchTemplate", "S/Nodes")
    seen_too = 0 if control is no_remote_access else 1  # the launch template of the assembly
    assert outcome.examined[control] == seen_too
    assert outcome.verdict in {"incomplete", "fail"}
    assert outcome.fails


@pytest.mark.parametrize(
    "version", [None, "$Latest", "$Default", {"Fn::GetAtt": ["Seen", "LatestVersionNumber"]},
                {"Fn::GetAtt": ["Seen", "DefaultVersionNumber"]}]
)  # fmt: skip
def test_a_launch_template_that_is_seen(version: Any) -> None:
    written = {"Id": SEEN, **({"Version": version} if version else {})}
    outcome = judge(imds_v2, LaunchTemplate=written)
    assert (outcome.unseen, outcome.examined[imds_v2], outcome.verdict) == ((), 2, "pass")


@pytest.mark.parametrize("control", OTHERS, ids=lambda c: c.id)
def test_other_controls_that_read_a_launch_template(control: Any) -> None:
    outcome = judge(control)
    assert [one.problem.message for one in outcome.unseen] == [NOT_AMONG]
    assert judge(control, LaunchTemplate={"Id": SEEN}).unseen == ()


def test_instance_types_that_the_group_names_itself_need_no_launch_template() -> None:
    assert judge(nitro_only, InstanceTypes=["m7g.large"]).unseen == ()


def test_an_instance_with_a_launch_template_elsewhere() -> None:
    instance = {"Type": "AWS::EC2::Instance", "Properties": {"LaunchTemplate": {"LaunchTemplateId": "lt-1"}}}
    body = {"Resources": {"Instance": instance}}
    assert [one.problem.message for one in evaluate(Assembly([Template("S", body)]), [imds_v2]).unseen] == [NOT_AMONG]
    instance["Properties"]["MetadataOptions"] = {"HttpTokens": "required"}  # type: ignore[index]
    assert evaluate(Assembly([Template("S", body)]), [imds_v2]).verdict == "pass"


@pytest.mark.parametrize("control", OF_ROLE, ids=lambda c: c.id)
def test_a_role_known_by_its_arn(control: Any) -> None:
    outcome = judge(control)
    assert [one.problem.path for one in outcome.unseen] == ["NodeRole"]
    assert (outcome.examined[control], outcome.verdict) == (0, "incomplete")


def test_subnets_known_by_their_ids() -> None:
    outcome = judge(private_subnets)
    assert [one.problem.message for one in outcome.unseen] == ["the routes of subnet-1 are not among the templates"]
    assert judge(private_subnets, Subnets=[{"Ref": "Subnet"}]).verdict == "pass"


@pytest.mark.parametrize(
    ("fail_on", "fails"), [(Severity.LOW, True), (Severity.HIGH, True), (Severity.CRITICAL, False)]
)
def test_the_severity_that_fails_decides_and_it_never_passes(fail_on: Severity, fails: bool) -> None:
    outcome = judge(imds_v2, fail_on=fail_on)
    assert (outcome.fails, outcome.verdict) == (fails, "incomplete")


def test_a_waiver_accepts_it() -> None:
    waiver = Waiver(control="ND-03", scope="S", reason="the platform team checks it", until=date(2027, 3, 1))
    outcome = judge(imds_v2, waivers=[waiver])
    assert (outcome.unseen, len(outcome.waived), outcome.fails) == ((), 1, False)
    assert outcome.examined[imds_v2] == 1


def test_reports_name_the_cause_once_with_the_controls() -> None:
    report = Report(outcome=judge(imds_v2, no_remote_access, node_role_least), day=date(2026, 11, 21), stacks=1)
    of_template = f"S/Nodes LaunchTemplate: {NOT_AMONG}, so ND-03, ND-09 cannot evaluate it"
    assert report.not_seen == (
        of_template,
        f"S/Nodes NodeRole: the role {GROUP['NodeRole']} is not among the templates, so ND-16 cannot evaluate it",
    )
    assert report.summary.startswith("incomplete: 0 findings, 3 not seen, ")
    assert report.summary.endswith(f"; not seen: {of_template} (and 1 more)")
    for format_ in ("text", "json", "sarif", "junit", "github", "markdown", "html"):
        text = render(report, format_)
        assert NOT_AMONG in text, format_
        assert "passed: 0 findings" not in text, format_


@pytest.mark.parametrize(
    "default", ["", "<version>", "CHANGEME", "your-version", "replace me", "none", "x.x.x-placeholder", "TODO"]
)
def test_the_placeholder_of_a_parameter_is_no_deploy_error(default: str) -> None:
    assert of_default(default) == []


def test_a_default_that_aws_refuses_is_one() -> None:
    assert len(of_default("1.20")) == 1


def of_default(default: str) -> list[str]:
    body = {
        "Parameters": {"Version": {"Type": "String", "Default": default}},
        "Resources": {"C": {"Type": "AWS::EKS::Cluster", "Properties": {"Version": {"Ref": "Version"}}}},
    }
    return [f.problem.message for f in evaluate(Assembly([Template("S", body)]), [version_exists]).findings]


OF_SETTINGS = {"ND-03", "ND-05", "ND-06", "ND-07", "ND-10", "ND-11", "ND-12", "ND-14", "ND-17", "ND-21", "ND-22"}
"""Controls that ask every machine for its launch settings."""
OF_NODE_GROUPS = {"ND-04", "ND-09", "ND-23", "SG-08", "DP-01", "DP-02", "DP-31", "DP-94"}
ELSEWHERE: dict[str, dict[str, Any]] = {
    "launch template": {"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "1"}},
    "mixed": {
        "MixedInstancesPolicy": {
            "LaunchTemplate": {"LaunchTemplateSpecification": {"LaunchTemplateName": "lt-1", "Version": "$Latest"}}
        }
    },
    "override": {
        "LaunchTemplate": {"LaunchTemplateId": {"Ref": "Seen"}, "Version": "$Latest"},
        "MixedInstancesPolicy": {
            "LaunchTemplate": {"Overrides": [{"LaunchTemplateSpecification": {"LaunchTemplateId": "lt-1"}}]}
        },
    },
    "launch configuration": {"LaunchConfigurationName": "lc-1"},
    "instance": {"InstanceId": "i-1"},
}


def not_judged(type_: str, properties: dict[str, Any], *others: Any) -> tuple[set[str], set[str]]:
    """Return the controls that say that they did not see something of the resource, and those that examined it."""
    body = {
        "Resources": {
            "It": {"Type": type_, "Properties": properties},
            "Seen": {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": DATA}},
        }
    }
    controls = [control for control in CATALOGUE if type_ in control.types]
    outcome = evaluate(Assembly([Template("S", body), *others]), controls)
    unseen = {one.control.id for one in outcome.unseen if one.subject.name == "It"}
    alone = Assembly([Template("S", {"Resources": {"It": body["Resources"]["It"]}})])
    examined = {control.id for control, count in evaluate(alone, controls).examined.items() if count}
    return unseen, examined


@pytest.mark.parametrize(
    "written", [{"Id": "lt-1"}, {"Name": "lt-1", "Version": "1"}, {"Id": {"Ref": "Seen"}, "Version": "1"}]
)
def test_every_control_of_a_node_group_whose_launch_template_is_not_seen(written: dict[str, Any]) -> None:
    unseen, examined = not_judged("AWS::EKS::Nodegroup", {"LaunchTemplate": written})
    assert unseen == OF_SETTINGS - {"ND-12"} | OF_NODE_GROUPS | {"DP-03", "ND-12"}
    assert not unseen & examined


def test_a_node_group_that_names_image_and_types_needs_no_launch_template_for_them() -> None:
    own = {"LaunchTemplate": {"Id": "lt-1"}, "InstanceTypes": ["m7g.large"], "AmiType": "BOTTLEROCKET_ARM_64"}
    unseen, examined = not_judged("AWS::EKS::Nodegroup", own)
    assert unseen == OF_SETTINGS - {"ND-11", "ND-12"} | OF_NODE_GROUPS - {"DP-02"} | {"DP-32"}
    assert {"ND-11", "ND-12", "DP-02", "DP-03"} <= examined


@pytest.mark.parametrize("written", ELSEWHERE.values(), ids=ELSEWHERE)
def test_every_control_of_an_auto_scaling_group_whose_launch_settings_are_not_seen(written: dict[str, Any]) -> None:
    unseen, examined = not_judged("AWS::AutoScaling::AutoScalingGroup", written)
    assert unseen == OF_SETTINGS | {"ND-04", "DP-03", "DP-94"}
    assert not unseen & examined


def test_an_auto_scaling_group_whose_launch_template_is_seen() -> None:
    written = {"LaunchTemplate": {"LaunchTemplateId": {"Ref": "Seen"}, "Version": "$Latest"}}
    unseen, _ = not_judged("AWS::AutoScaling::AutoScalingGroup", written)
    assert unseen == set()


def test_every_control_of_an_instance_whose_launch_template_is_not_seen() -> None:
    unseen, examined = not_judged("AWS::EC2::Instance", {"LaunchTemplate": {"LaunchTemplateId": "lt-1"}})
    assert unseen == OF_SETTINGS | {"ND-20", "DP-03"}
    assert not unseen & examined


def test_what_an_instance_says_itself_is_examined() -> None:
    own = {"LaunchTemplate": {"LaunchTemplateId": "lt-1"}, "DisableApiTermination": True, "EbsOptimized": True,
           "SubnetId": "subnet-1", "Monitoring": True, "InstanceType": "m7g.large"}  # fmt: skip
    unseen, examined = not_judged("AWS::EC2::Instance", own)
    assert not unseen & {"ND-20", "ND-17", "ND-11", "ND-12", "DP-03"}
    assert {"ND-20", "ND-17", "ND-11", "ND-12", "DP-03"} <= examined


def test_what_a_node_group_without_a_launch_template_is_monitored_by_is_not_known() -> None:
    unseen, _ = not_judged("AWS::EKS::Nodegroup", {})
    assert unseen == {"ND-17"}


TAGGED = [{"Key": "kubernetes.io/cluster/one", "Value": "owned", "PropagateAtLaunch": True}]
ROLES = {"ND-15", "ND-16"}


@pytest.mark.parametrize(
    ("type_", "properties", "path"),
    [
        ("AWS::EKS::Nodegroup", {"NodeRole": "arn:aws:iam::111122223333:role/nodes"}, "NodeRole"),
        ("AWS::EKS::Cluster", {"ComputeConfig": {"NodeRoleArn": "arn:aws:iam::111122223333:role/nodes"}},
         "ComputeConfig.NodeRoleArn"),
        ("AWS::EKS::AccessEntry", {"Type": "EC2_LINUX", "PrincipalArn": "arn:aws:iam::111122223333:role/nodes"},
         "PrincipalArn"),
        ("AWS::AutoScaling::AutoScalingGroup", {"Tags": TAGGED, "LaunchTemplate": {"LaunchTemplateId": "lt-1"}},
         "LaunchTemplate"),
        ("AWS::AutoScaling::AutoScalingGroup", {"Tags": TAGGED, "LaunchTemplate": {"LaunchTemplateId": {"Ref": "Seen"}}},
         "LaunchTemplate"),
        ("AWS::EC2::Instance", {"Tags": TAGGED, "IamInstanceProfile": "nodes"}, "IamInstanceProfile"),
        ("AWS::EC2::Instance", {"Tags": TAGGED, "IamInstanceProfile": {"Ref": "Profile"}}, "IamInstanceProfile"),
    ],
)  # fmt: skip
def test_a_role_of_nodes_that_is_not_seen(type_: str, properties: dict[str, Any], path: str) -> None:
    profile = {"Arn": "arn:aws:iam::111122223333:instance-profile/nodes"}
    body = {
        "Resources": {
            "It": {"Type": type_, "Properties": properties},
            "Profile": {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": ["nodes"]}},
            "Seen": {
                "Type": "AWS::EC2::LaunchTemplate",
                "Properties": {"LaunchTemplateData": {"IamInstanceProfile": profile}},
            },
        }
    }
    outcome = evaluate(Assembly([Template("S", body)]), [node_role_pulls_only, node_role_least])
    assert {(one.control.id, one.subject.name, one.problem.path) for one in outcome.unseen} == {
        (id_, "It", path) for id_ in ROLES
    }
    assert set(outcome.examined.values()) == {0}


@pytest.mark.parametrize(
    "policies", [None, ["arn:aws:iam::111122223333:policy/company-nodes"], ["arn:aws:iam::aws:policy/ReadOnlyAccess"]]
)
def test_what_a_node_role_lets_nodes_do_is_not_seen(policies: list[str] | None) -> None:
    role = {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": policies}}
    group = {"NodeRole": {"Fn::GetAtt": ["Role", "Arn"]} if policies else "arn:aws:iam::111122223333:role/nodes"}
    body = {"Resources": {"Role": role, "Nodes": {"Type": "AWS::EKS::Nodegroup", "Properties": group}}}
    outcome = evaluate(Assembly([Template("S", body)]), [node_role_policies])
    seen = policies is not None and "aws:policy" in policies[0]
    assert (len(outcome.findings), len(outcome.unseen)) == ((2, 0) if seen else (0, 1))
    assert outcome.examined[node_role_policies] == int(seen)


def hidden_key(fail_on: str = "low") -> Outcome:
    key = {"Ref": "Key"}
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "x", "KmsKeyId": key}}
    body = {"Parameters": {"Key": {"Type": "String"}}, "Resources": {"Group": group}}
    return evaluate(Assembly([Template("S", body)]), [keys_can_encrypt, log_key_admits_logs], fail_on=fail_on)


def test_what_aws_refuses_itself_is_incomplete_and_stops_nothing() -> None:
    outcome = hidden_key()
    assert {one.problem.message for one in outcome.unseen} == {"the key ${Key} is not among the templates"}
    assert (set(outcome.examined.values()), outcome.verdict, outcome.fails) == ({0}, "incomplete", False)
    (line,) = Report(outcome=outcome, day=date(2026, 11, 21), stacks=1).not_seen
    assert line == "S/Group KmsKeyId: the key ${Key} is not among the templates, so DP-20, DP-42 cannot evaluate it"


def test_it_stops_where_that_is_chosen() -> None:
    outcome = hidden_key("incomplete")
    assert (outcome.verdict, outcome.fails, outcome.fail_on) == ("incomplete", True, Severity.LOW)


OF_USER_DATA = {"ND-14", "ND-21", "ND-22", "ND-23"}


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ({"Ref": "Data"}, False),
        ({"Fn::Base64": {"Ref": "Data"}}, False),
        ({"Fn::Base64": {"Fn::ImportValue": "x"}}, False),
        ({"Fn::If": ["C", {"Fn::Base64": {"Ref": "Data"}}, {"Ref": "AWS::NoValue"}]}, False),
        ({"Fn::Base64": {"Fn::Sub": "[settings.kubernetes]\ncluster-name = '${Data}'\n"}}, True),
        (None, True),
    ],
)
@pytest.mark.parametrize(("type_", "path"), [
    ("AWS::EC2::LaunchTemplate", "LaunchTemplateData.UserData"), ("AWS::EC2::Instance", "UserData")
])  # fmt: skip
def test_user_data_of_which_nothing_is_known(type_: str, path: str, written: Any, known: bool) -> None:  # noqa: FBT001
    data = {"UserData": written} if written else {}
    own = {"LaunchTemplateData": data} if type_ == "AWS::EC2::LaunchTemplate" else data
    body = {
        "Parameters": {"Data": {"Type": "String"}},
        "Conditions": {"C": {"Fn::Equals": [{"Ref": "Data"}, "x"]}},
        "Resources": {"It": {"Type": type_, "Properties": own}},
    }
    controls = [control for control in CATALOGUE if control.id in OF_USER_DATA and type_ in control.types]
    outcome = evaluate(Assembly([Template("S", body)]), controls)
    assert outcome.findings == ()
    assert {(one.control.id, one.problem.path) for one in outcome.unseen} == (
        set() if known else {(control.id, path) for control in controls}
    )
    assert len(controls) >= 3 - (type_ != "AWS::EC2::LaunchTemplate")
    assert set(outcome.examined.values()) == {int(known)}


@pytest.mark.parametrize(
    ("selectors", "path"),
    [
        ({"Ref": "Any"}, "Selectors"),
        ([{"Namespace": {"Ref": "Any"}}], "Selectors.0.Namespace"),
        ([{"Namespace": {"Fn::Sub": "team-${Any}"}}], None),
    ],
)
def test_namespaces_of_which_nothing_is_known(selectors: Any, path: str | None) -> None:
    profile = {"Type": "AWS::EKS::FargateProfile", "Properties": {"Selectors": selectors}}
    body = {"Parameters": {"Any": {"Type": "String"}}, "Resources": {"It": profile}}
    outcome = evaluate(Assembly([Template("S", body)]), [fargate_selects_namespaces])
    assert [one.problem.path for one in outcome.unseen] == ([path] if path else [])
    assert (outcome.findings, outcome.examined[fargate_selects_namespaces]) == ((), int(path is None))


@pytest.mark.parametrize(("group", "seen"), [("/aws/eks/${Name}/cluster", True), ("/aws/eks/${Other}/cluster", False)])
def test_a_log_group_with_the_name_of_its_cluster_whatever_that_is(group: str, seen: bool) -> None:
    logging = {"ClusterLogging": {"EnabledTypes": [{"Type": "audit"}]}}
    resources = {
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": {"Fn::Sub": group}}},
        "Cluster": {
            "Type": "AWS::EKS::Cluster",
            "DependsOn": "Logs",
            "Properties": {"Name": {"Ref": "Name"}, "Logging": logging},
        },
    }
    parameters = {"Name": {"Type": "String"}, "Other": {"Type": "String"}}
    template = Template("T", {"Resources": resources, "Parameters": parameters})
    outcome = evaluate(Assembly([template]), [logging_group_first])
    assert (outcome.unseen, len(outcome.findings), outcome.examined[logging_group_first]) == ((), int(not seen), 1)
