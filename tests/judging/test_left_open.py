"""A value that a parameter without a default decides is not seen: nothing passes of it, and what decides security fails."""

from datetime import date
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.access import no_wildcards
from hardened_eks.controls.control_plane import access_entries, secrets_encrypted
from hardened_eks.controls.deployable import (
    condition_keys_offered,
    kubernetes_version_exists,
    names_unique,
    nodegroup_scaling,
    security_group_rules_unique,
    version_one_step,
)
from hardened_eks.controls.security_groups import described
from hardened_eks.controls.stack import no_secrets, required_tags
from hardened_eks.evidence import Assembly, Template, left_open
from hardened_eks.evidence.graph import Graph
from hardened_eks.evidence.outputs import Outputs
from hardened_eks.judging.evaluation import INCOMPLETE, Outcome, evaluate
from hardened_eks.reports import Report, render

FREE = {"Type": "String"}
DAY = date(2026, 11, 21)


def judge(*controls: Any, parameters: Any = None, fail_on: str = "low", **resources: Any) -> Outcome:
    body = {"Parameters": parameters or {"V": FREE}, "Resources": resources}
    return evaluate(Assembly([Template("S", body)]), controls, fail_on=fail_on, today=DAY)


def cluster(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::EKS::Cluster", "Properties": properties}


def group(low: Any, high: Any) -> dict[str, Any]:
    sizes = {"MinSize": low, "MaxSize": high, "DesiredSize": low}
    return {"Type": "AWS::EKS::Nodegroup", "Properties": {"ScalingConfig": sizes}}


def role(*statements: Any) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}


V = {"Ref": "V"}


def test_a_version_behind_a_parameter_is_not_examined() -> None:
    outcome = judge(kubernetes_version_exists, C=cluster(Version=V))
    (one,) = outcome.unseen
    assert one.problem.message == "Version depends on V, a parameter with a value that is given at deployment"
    assert (one.problem.path, one.problem.openings, one.subject.id) == (
        "Version",
        (left_open.Opening("parameter", "V"),),
        "S/C",
    )
    assert (outcome.verdict, outcome.examined[kubernetes_version_exists], outcome.fails) == ("incomplete", 0, False)
    assert judge(kubernetes_version_exists, C=cluster(Version=V), fail_on=INCOMPLETE).fails


@pytest.mark.parametrize(
    "parameter",
    [{"Type": "String", "Default": "1.36"}, {"Type": "String", "AllowedValues": ["1.36", "1.35"]},
     {"Type": "String", "AllowedValues": ["1.36"]}],
)  # fmt: skip
def test_a_parameter_with_a_default_or_a_list_is_judged(parameter: Any) -> None:
    outcome = judge(kubernetes_version_exists, parameters={"V": parameter}, C=cluster(Version=V))
    assert (outcome.unseen, outcome.verdict) == ((), "pass")
    bad = {**parameter, **{key: ["1.20"] for key in parameter if key == "AllowedValues"}}
    bad = {**bad, **{key: "1.20" for key in parameter if key == "Default"}}
    assert judge(kubernetes_version_exists, parameters={"V": bad}, C=cluster(Version=V)).findings


def test_a_value_that_is_given_is_judged() -> None:
    body = {"Parameters": {"V": FREE}, "Resources": {"C": cluster(Version=V)}}
    for value, verdict in {"1.36": "pass", "1.20": "fail"}.items():
        assembly = Assembly([Template("S", body, parameters={"V": value})])
        assert evaluate(assembly, [kubernetes_version_exists], today=DAY).verdict == verdict


def test_what_decides_security_and_is_left_open_fails() -> None:
    body = role({"Effect": "Allow", "Action": "s3:GetObject", "Resource": V})
    outcome = judge(no_wildcards, P=body)
    assert (outcome.verdict, outcome.examined[no_wildcards], outcome.fails) == ("incomplete", 0, True)
    assert not judge(no_wildcards, P=body, fail_on="critical").fails


@pytest.mark.parametrize(
    ("control", "resources"),
    [
        (nodegroup_scaling, {"G": group(3, 1)}),
        (kubernetes_version_exists, {"C": cluster(Version="1.20", Name=V)}),
    ],
)
def test_a_finding_says_enough(control: Any, resources: Any) -> None:
    outcome = judge(control, **resources)
    assert (len(outcome.findings) > 0, outcome.unseen) == (True, ())


@pytest.mark.parametrize(
    ("control", "resources"),
    [
        pytest.param(names_unique, {"C": cluster(Name=V)}, id="a lone name"),
        pytest.param(
            security_group_rules_unique,
            {"G": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"SecurityGroupIngress": [{"CidrIp": V}]}}},
            id="a lone rule",
        ),
        pytest.param(version_one_step, {"C": cluster(Version=V)}, id="nothing that is deployed now"),
        pytest.param(no_secrets, {"C": cluster(Name=V)}, id="a secret that no template has"),
        pytest.param(
            required_tags,
            {"C": {"Type": "AWS::EC2::VPC", "Properties": {"Tags": [{"Key": "Name", "Value": V}]}}},
            id="the value of a tag",
        ),
        pytest.param(
            condition_keys_offered,
            {
                "P": role(
                    {
                        "Effect": "Allow",
                        "Action": "s3:GetObject",
                        "Resource": "*",
                        "Condition": {"StringEquals": {"aws:PrincipalOrgID": V}},
                    }
                )
            },
            id="the value of a condition",
        ),
        pytest.param(access_entries, {"C": cluster(Name=V, AccessConfig={"AuthenticationMode": "API"})}, id="others"),
    ],
)
def test_what_the_answer_does_not_need_is_seen(control: Any, resources: Any) -> None:
    outcome = judge(control, **resources)
    assert outcome.unseen == ()
    assert outcome.examined[control] == 1


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (V, ("V",)),
        ({"Fn::Sub": "${V}"}, ("V",)),
        ({"Fn::Sub": ["${x}", {"x": V}]}, ("V",)),
        ({"Fn::Join": ["-", [V, {"Ref": "W"}]]}, ("V", "W")),
        ({"Fn::Select": [0, {"Ref": "L"}]}, ("L",)),
        ({"Fn::If": ["C", "1.36", V]}, ("V",)),
        ({"Fn::Base64": V}, ("V",)),
        ({"Fn::Sub": "a-${V}"}, ()),
        ({"Fn::Join": ["", ["a", V]]}, ()),
        ({"Fn::If": ["C", "a", {"Ref": "AWS::Region"}]}, ()),
        ({"Ref": "AWS::Region"}, ()),
        ({"Fn::GetAtt": ["R", "Arn"]}, ()),
        ({"Ref": "R"}, ()),
        ({"Ref": "Vpc"}, ()),
        ({"Ref": "Subnets"}, ()),
        ({"Ref": "Zone"}, ("Zone",)),
        ({"Ref": "Told"}, ()),
        ({"Ref": "Missing"}, ()),
        ({"Ref": ["x"]}, ()),
        ({"Fn::If": "C"}, ()),
        ({"Fn::Join": ["", "x"]}, ()),
        ({"Fn::Sub": 1}, ()),
    ],
)
def test_which_values_are_left_open(written: Any, names: tuple[str, ...]) -> None:
    parameters = {
        "V": FREE,
        "W": FREE,
        "L": {"Type": "CommaDelimitedList"},
        "Told": FREE,
        "Vpc": {"Type": "AWS::EC2::VPC::Id"},
        "Subnets": {"Type": "List<AWS::EC2::Subnet::Id>"},
        "Zone": {"Type": "AWS::EC2::AvailabilityZone::Name"},
    }
    body = {"Parameters": parameters, "Conditions": {"C": {"Fn::Equals": [V, "x"]}}, "Resources": {"R": cluster()}}
    template = Template("S", body, parameters={"Told": "x"})
    assert left_open.openings_of(written, template) == tuple(left_open.Opening("parameter", name) for name in names)


def test_a_nested_stack_leaves_open_what_its_parent_does() -> None:
    parent = Template("P", {"Parameters": {"Outer": FREE}, "Resources": {}})
    body = {"Parameters": {"V": {**FREE, "Default": "1.36"}}, "Resources": {"C": cluster(Version=V)}}
    for passed, verdict in (({"Ref": "Outer"}, "incomplete"), ("1.36", "pass"), ("1.20", "fail")):
        child = Template("C", body, parent=(parent, {"V": passed}))
        outcome = evaluate(Assembly([parent, child]), [kubernetes_version_exists], today=DAY)
        assert outcome.verdict == verdict
        assert [one.problem.openings for one in outcome.unseen] == (
            [(left_open.Opening("parameter", "Outer"),)] if verdict == "incomplete" else []
        )


MANY: dict[str, Any] = {
    "C": cluster(Name=V, Version=V, RoleArn={"Fn::GetAtt": ["R", "Arn"]}, EncryptionConfig=[{"Resources": [V]}]),
    "D": cluster(Name=V, Version=V, ResourcesVpcConfig={"SubnetIds": [V], "PublicAccessCidrs": [V]}),
    "G": group(V, V),
    "P": role({"Effect": "Allow", "Action": V, "Resource": ["*"]}, {"Effect": V, "Action": "s3:*", "Resource": [V]}),
    "R": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": V,
            "AssumeRolePolicyDocument": {
                "Statement": [{"Effect": "Allow", "Principal": {"Service": V}, "Action": ["sts:AssumeRole"]}]
            },
        },
    },
    "Key": {
        "Type": "AWS::KMS::Key",
        "Properties": {"KeyPolicy": {"Statement": [{"Effect": "Allow", "Principal": {"AWS": V}, "Action": [V]}]}},
    },
}


def test_who_asks_first_makes_no_difference() -> None:
    """What is worked out once for many controls is read by each of them."""
    together = judge(*CATALOGUE, **MANY)
    alone = {one: judge(one, **MANY) for one in CATALOGUE}
    for control_, outcome in alone.items():
        assert outcome.examined[control_] == together.examined[control_], control_.id
        mine = [(u.subject.id, u.problem.path) for u in together.unseen if u.control is control_]
        assert mine == [(u.subject.id, u.problem.path) for u in outcome.unseen], control_.id
    assert len({one.control for one in together.unseen}) > 20


def test_reports_print_one_line_for_a_parameter() -> None:
    outcome = judge(kubernetes_version_exists, secrets_encrypted, nodegroup_scaling, C=MANY["C"], D=MANY["D"],
                    G=group(1, {"Ref": "W"}), parameters={"V": FREE, "W": FREE})  # fmt: skip
    report = Report(outcome=outcome, day=DAY, stacks=1)
    assert report.not_seen == (
        "S/Parameters/V: its value is given at deployment, so CP-06, DP-16 cannot evaluate 2 resources; "
        "set it with --parameters V=VALUE",
        "S/Parameters/W: its value is given at deployment, so DP-04 cannot evaluate S/G; set it with --parameters W=VALUE",
    )
    assert report.summary.startswith("incomplete: 0 findings, 5 not seen, ")
    for format_ in ("text", "json", "sarif", "junit", "github", "markdown", "html"):
        text = render(report, format_)
        assert "S/Parameters/V: its value is given at deployment" in text, format_
        assert "passed: 0 findings" not in text, format_


@pytest.mark.parametrize(
    ("parameter", "verdict"),
    [
        ({"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/eks/version"}, "incomplete"),
        ({"Type": "AWS::SSM::Parameter::Value<List<String>>"}, "incomplete"),
        ({"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "Default": "/image"}, "pass"),
        ({"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/hnb659fds/version"}, "pass"),
    ],
)
def test_parameter_store_has_a_value_that_no_template_has(parameter: Any, verdict: str) -> None:
    body = {"Parameters": {"V": parameter}, "Resources": {"C": cluster(Version=V)}}
    outcome = evaluate(Assembly([Template("S", body)]), [kubernetes_version_exists], today=DAY)
    assert outcome.verdict == verdict
    openings = [one for unseen in outcome.unseen for one in unseen.problem.openings]
    assert openings == [left_open.Opening("stored parameter", "V")] * (verdict == "incomplete")
    assert not any("--parameters" in one.way_out for one in openings), "only its name can be set"


IMPORT = {"Fn::ImportValue": "eks-version"}
STACK = {"Fn::GetStackOutput": {"StackName": "Keys", "OutputName": "Version"}}
ANSWER = {"Fn::GetAtt": ["Lookup", "Version"]}
DYNAMIC = "{{resolve:ssm:/eks/version}}"
EXPORT = left_open.Opening("export", "eks-version")
OUTPUT = left_open.Opening("stack output", "Keys.Version")
ATTRIBUTE = left_open.Opening("attribute", "Lookup.Version")
REFERENCE = left_open.Opening("dynamic reference", DYNAMIC)
OTHERS: dict[str, Any] = {
    "Lookup": {"Type": "Custom::Lookup"},
    "Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://example.com/x.json"}},
    "Theirs": {"Type": "Initech::EKS::Version"},
    "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
    "Claims": {"Type": left_open.CFN_JSON, "Properties": {"Value": {"Fn::Join": ["", ['{"', ANSWER, ':sub": "a"}']]}}},
    "Copied": {"Type": left_open.CFN_JSON, "Properties": {"Value": ANSWER}},
    "Broken": {"Type": left_open.CFN_JSON, "Properties": []},
}


@pytest.mark.parametrize(
    ("written", "openings"),
    [
        (IMPORT, (EXPORT,)),
        ({"Fn::ImportValue": {"Fn::Sub": "${V}-version"}}, (left_open.Opening("export", "${V}-version"),)),
        (STACK, (OUTPUT,)),
        (ANSWER, (ATTRIBUTE,)),
        ({"Fn::GetAtt": "Lookup.Version"}, (ATTRIBUTE,)),
        ({"Fn::Sub": "${Lookup.Version}"}, (ATTRIBUTE,)),
        ({"Fn::GetAtt": ["Nested", "Outputs.V"]}, (left_open.Opening("attribute", "Nested.Outputs.V"),)),
        ({"Fn::GetAtt": ["Theirs", "Latest"]}, (left_open.Opening("attribute", "Theirs.Latest"),)),
        (DYNAMIC, (REFERENCE,)),
        ({"Fn::Join": ["", ["{{resolve:ssm:/", {"Ref": "Theirs"}, "}}"]]},
         (left_open.Opening("dynamic reference", "{{resolve:ssm:/${Theirs}}}"),)),
        ({"Fn::Join": [",", [IMPORT, DYNAMIC, V]]}, (EXPORT, REFERENCE, left_open.Opening("parameter", "V"))),
        ({"Fn::Select": [0, {"Fn::Split": [",", IMPORT]}]}, (EXPORT,)),
        ({"Fn::If": ["C", "1.36", STACK]}, (OUTPUT,)),
        (f"v{DYNAMIC}", ()),
        ({"Fn::Sub": "a-${Lookup.Version}"}, ()),
        ({"Ref": "Lookup"}, ()),
        ({"Fn::GetAtt": ["Key", "Arn"]}, ()),
        ({"Fn::GetAtt": ["Claims", "Value"]}, ()),
        ({"Fn::GetAtt": ["Copied", "Value"]}, (ATTRIBUTE,)),
        ({"Fn::GetAtt": ["Broken", "Value"]}, ()),
        ({"Fn::GetAtt": ["Missing", "Arn"]}, ()),
        ({"Fn::GetAtt": []}, ()),
        ({"Fn::GetStackOutput": 1}, ()),
    ],
)  # fmt: skip
def test_what_is_read_at_deployment_leaves_a_value_open(written: Any, openings: Any) -> None:
    resources = {**OTHERS, "C": cluster(Version=written)}
    template = Template("S", {"Parameters": {"V": FREE}, "Resources": resources})
    Assembly([template])
    assert left_open.openings_of(written, template) == openings
    alone = Template("S", {"Resources": resources})
    Assembly([alone])
    if openings and not any(one.kind == "parameter" for one in openings):
        assert left_open.has_any(alone)


@pytest.mark.parametrize(
    ("written", "opening", "line"),
    [
        (IMPORT, EXPORT, "S: the export eks-version belongs to a template that was not given, so DP-16 cannot evaluate S/C; "
         "check that template together with this one"),
        (STACK, OUTPUT, "S: the output Keys.Version belongs to a template that was not given, so DP-16 cannot evaluate S/C; "
         "check that template together with this one"),
        (ANSWER, ATTRIBUTE, "S/Lookup.Version: its value is returned at deployment, so DP-16 cannot evaluate S/C; "
         "hardened-eks audit evaluates what is deployed"),
        (DYNAMIC, REFERENCE, "S: {{resolve:ssm:/eks/version}} is read at deployment, so DP-16 cannot evaluate S/C; "
         "hardened-eks audit evaluates what is deployed"),
    ],
)  # fmt: skip
def test_a_version_that_is_read_at_deployment_is_not_examined(written: Any, opening: Any, line: str) -> None:
    body = {"Resources": {"Lookup": OTHERS["Lookup"], "C": cluster(Version=written)}}
    outcome = evaluate(Assembly([Template("S", body)]), [kubernetes_version_exists], today=DAY)
    assert [one.problem.openings for one in outcome.unseen] == [(opening,)]
    assert (outcome.verdict, outcome.examined[kubernetes_version_exists], outcome.fails) == ("incomplete", 0, False)
    assert Report(outcome=outcome, day=DAY, stacks=1).not_seen == (line,)


def test_an_output_of_a_template_that_is_given_is_judged() -> None:
    for version, verdict in {"1.36": "pass", "1.20": "fail"}.items():
        outputs = {"Version": {"Value": version, "Export": {"Name": "eks-version"}}}
        keys = Template("Keys", {"Outputs": outputs, "Resources": {}})
        for written in (IMPORT, STACK):
            user = Template("S", {"Resources": {"C": cluster(Version=written)}})
            assert evaluate(Assembly([keys, user]), [kubernetes_version_exists], today=DAY).verdict == verdict


@pytest.mark.parametrize("written", [IMPORT, STACK, ANSWER, DYNAMIC])
def test_an_id_of_something_that_exists_says_as_little_when_it_is_written(written: Any) -> None:
    resource = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "x", "VpcId": written}}
    outcome = evaluate(
        Assembly([Template("S", {"Resources": {"Lookup": OTHERS["Lookup"], "G": resource}})]), [described], today=DAY
    )
    assert (outcome.verdict, outcome.unseen) == ("pass", ())


def test_references_are_indexed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What notes the reads of open values shares the indexes of the assembly, whoever asks first."""
    indexed: list[str] = []
    for class_ in (Graph, Outputs):
        monkeypatch.setattr(class_, "__init__", counting(class_.__init__, class_.__name__, indexed))
    body = {
        "Parameters": {"V": FREE},
        "Resources": {"C": cluster(Version=V), "G": {"Type": "AWS::EKS::Nodegroup", "Properties": {"ClusterName": {"Ref": "C"}}}},
        "Outputs": {"Name": {"Value": {"Ref": "C"}, "Export": {"Name": "the-cluster"}}},
    }  # fmt: skip
    imported = {"Type": "AWS::EKS::Nodegroup", "Properties": {"ClusterName": {"Fn::ImportValue": "the-cluster"}}}
    other = Template("Nodes", {"Resources": {"N": imported}})
    assert evaluate(Assembly([Template("S", body), other]), CATALOGUE, today=DAY, scope="eks").unseen
    assert sorted(indexed) == ["Graph", "Outputs"]


def counting(init: Any, name: str, into: list[str]) -> Any:
    def counted(self: Any, *args: Any) -> None:
        into.append(name)
        init(self, *args)

    return counted
