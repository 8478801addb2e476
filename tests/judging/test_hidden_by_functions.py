"""A setting behind a default, a macro or a mapping does not pass."""

from typing import Any

import pytest

from hardened_eks.controls.control_plane import entries_for_roles, private_endpoint, roles_of_own_account
from hardened_eks.controls.network import flow_logs
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import Outcome, evaluate

USER = "arn:aws:iam::111122223333:user/ana"
ROLE = "arn:aws:iam::111122223333:role/team"
FOREIGN = "arn:aws:iam::999988887777:role/other"
MAPPINGS = {"M": {"a": {"foreign": FOREIGN, "own": ROLE}}}


def judge(control: Any, type_: str, properties: Any, beside: Any = None, **sections: Any) -> Outcome:
    resource = {"Type": type_, "Properties": properties, **(beside or {})}
    body = {"Resources": {"X": resource}, **sections}
    return evaluate(Assembly([Template("S", body, account="111122223333")]), [control])


def entry(arn: Any, **sections: Any) -> Outcome:
    return judge(entries_for_roles, "AWS::EKS::AccessEntry", {"ClusterName": "c", "PrincipalArn": arn}, **sections)


def cluster(arn: Any, **sections: Any) -> Outcome:
    return judge(roles_of_own_account, "AWS::EKS::Cluster", {"RoleArn": arn}, **sections)


def said(outcome: Outcome) -> list[str]:
    return [one.problem.message for one in outcome.findings]


def unseen(outcome: Outcome) -> list[str]:
    return [one.problem.message for one in outcome.unseen]


def test_a_default_is_judged_where_a_value_that_is_not_known_would_pass() -> None:
    parameters = {"P": {"Type": "String", "Default": USER}}
    assert said(entry({"Ref": "P"}, Parameters=parameters)) == [
        f"{USER} is an IAM user (with the parameters' defaults)"
    ]
    parameters["P"]["Default"] = ROLE
    assert entry({"Ref": "P"}, Parameters=parameters).verdict == "pass"


def test_a_default_in_a_branch_is_judged() -> None:
    sections = {
        "Parameters": {"P": {"Type": "String", "Default": USER}, "Stage": {"Type": "String"}},
        "Conditions": {"C": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
    }
    assert len(said(entry({"Fn::If": ["C", {"Ref": "P"}, ROLE]}, **sections))) == 1


@pytest.mark.parametrize(
    "default", ['{"a": 1}', "[1]", "${aws:PrincipalArn}", "{ $.a == 1 }", "[ip, user", "[ip, user=x]", "{rules:[]}"]
)
def test_json_policy_variables_and_patterns_are_no_placeholders(default: str) -> None:
    from hardened_eks.judging.parameters import is_placeholder

    assert not is_placeholder(default)
    assert is_placeholder("[vpc id]")
    assert is_placeholder("${VPC_ID}")
    assert is_placeholder("{{ vpc.id }}")
    assert is_placeholder("<arn:aws:iam::...>")
    assert is_placeholder("{}")


def test_a_default_that_is_a_secret_is_not_seen() -> None:
    parameters = {"P": {"Type": "String", "Default": FOREIGN, "NoEcho": True}}
    outcome = cluster({"Ref": "P"}, Parameters=parameters)
    assert unseen(outcome) == ["RoleArn depends on P, a parameter with a value that is given at deployment"]


MACRO = {"Fn::Transform": {"Name": "Rewrite", "Parameters": {}}}


@pytest.mark.parametrize("value", [MACRO, {"Fn::Sub": ["${x}", {"x": MACRO}]}, {"Fn::Join": ["", [MACRO]]}])
def test_a_macro_is_not_seen(value: Any) -> None:
    assert unseen(cluster(value)) == ["RoleArn depends on Rewrite, a macro that is applied at deployment"]


@pytest.mark.parametrize("inside", [True, False])
def test_a_macro_beside_the_properties_is_not_seen(inside: bool) -> None:
    properties, beside = {"RoleArn": ROLE}, {}
    (properties if inside else beside).update(MACRO)
    outcome = judge(roles_of_own_account, "AWS::EKS::Cluster", properties, beside)
    assert unseen(outcome) == ["Properties depends on Rewrite, a macro that is applied at deployment"]
    closed = judge(private_endpoint, "AWS::EKS::Cluster", properties, beside)
    assert closed.verdict == "fail"


def test_a_column_of_a_mapping_that_is_given_is_not_seen() -> None:
    look = {"Fn::FindInMap": ["M", "a", {"Ref": "P"}]}
    outcome = cluster(look, Mappings=MAPPINGS, Parameters={"P": {"Type": "String"}})
    assert unseen(outcome) == ["RoleArn depends on P, a parameter with a value that is given at deployment"]
    region = {"Fn::FindInMap": ["M", "a", {"Ref": "AWS::Region"}]}
    assert unseen(cluster(region, Mappings=MAPPINGS)) == [
        "RoleArn depends on M, a mapping that is read with a key that is given at deployment"
    ]


def test_a_row_is_tried_and_a_default_beside_rows_is_not_seen() -> None:
    mappings = {"M": {"a": {"x": ROLE}, "b": {"x": ROLE + "2"}}}
    free = {"P": {"Type": "String"}}
    look = ["M", {"Ref": "P"}, "x"]
    assert cluster({"Fn::FindInMap": look}, Mappings=mappings, Parameters=free).verdict == "pass"
    spare = {"Fn::FindInMap": [*look, {"DefaultValue": FOREIGN}]}
    assert cluster(spare, Mappings=mappings, Parameters=free).verdict == "incomplete"


def test_the_condition_of_cdk_metadata_hides_no_other_resource() -> None:
    conditions = {"CDKMetadataAvailable": {"Fn::Equals": [{"Ref": "AWS::Region"}, "mars-north-1"]}}
    log = {
        "Type": "AWS::EC2::FlowLog",
        "Condition": "CDKMetadataAvailable",
        "Properties": {"ResourceId": {"Ref": "X"}, "ResourceType": "VPC", "TrafficType": "ALL"},
    }
    body = {
        "Conditions": conditions,
        "Resources": {"X": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}, "Log": log},
    }
    (found,) = evaluate(Assembly([Template("S", body)]), [flow_logs]).findings
    assert found.problem.message.endswith("(where the condition CDKMetadataAvailable is false)")


def test_the_name_of_the_function_in_a_list_is_no_macro() -> None:
    items = {"Fn::Join": ["", ["Fn::Transform", {"Ref": "P"}]]}
    outcome = cluster({"Fn::If": ["C", ["Fn::Transform"], items]}, Parameters={"P": {"Type": "String"}})
    assert all("cannot be evaluated" not in message for message in said(outcome))


ROLES = [f"{ROLE}{number}" for number in range(20)]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ({"Type": "String", "AllowedValues": [*ROLES, USER]}, {"Ref": "P"}),
        ({"Type": "CommaDelimitedList", "AllowedValues": [USER]}, {"Fn::Select": [0, {"Ref": "P"}]}),
        ({"Type": "CommaDelimitedList", "AllowedValues": [ROLE, USER]}, {"Fn::Select": [0, {"Ref": "P"}]}),
        ({"Type": "String"}, {"Fn::FindInMap": ["M", {"Ref": "P"}, "arn"]}),
    ],
)
def test_each_of_many_values_is_tried(parameter: Any, value: Any) -> None:
    mappings = {"M": {f"r{number}": {"arn": arn} for number, arn in enumerate([*ROLES, USER])}}
    (message,) = said(entry(value, Parameters={"P": parameter}, Mappings=mappings))
    assert message.startswith(f"{USER} is an IAM user")


def test_many_good_values_pass() -> None:
    parameters = {"P": {"Type": "String", "AllowedValues": ROLES}}
    assert entry({"Ref": "P"}, Parameters=parameters).verdict == "pass"
