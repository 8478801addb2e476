"""The template before a change set, rebuilt from what the change set says."""

import json
from typing import Any

import pytest

from hardened_eks.hook.function.changes import LATER, before

CLUSTER = {
    "Type": "AWS::EKS::Cluster",
    "Properties": {"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}, "Version": "1.37", "Name": {"Ref": "Name"}},
}


def change(name: str, action: str, old: Any = None, new: Any = None, **more: Any) -> dict[str, Any]:
    found = {"logicalResourceId": name, "resourceType": "AWS::EKS::Cluster", "action": action, "lineNumber": 3, **more}
    for key, value in (("beforeContext", old), ("afterContext", new)):
        if value is not None:
            found[key] = json.dumps({"Properties": value})
    return found


def was(changes: Any, **resources: Any) -> dict[str, Any]:
    body, notes = before({"Resources": resources or {"Cluster": CLUSTER}}, changes)
    assert notes == () and body is not None
    found: dict[str, Any] = body["Resources"]
    return found


def test_what_does_not_change_stays_as_it_is_written() -> None:
    old = {"RoleArn": "arn:role/a", "Version": "1.36", "Name": "prod"}
    found = was([change("Cluster", "Modify", old, {**old, "Version": "1.37"})])
    assert found["Cluster"] == {**CLUSTER, "Properties": {**CLUSTER["Properties"], "Version": "1.36"}}


def test_what_changes_has_the_value_that_it_had() -> None:
    old = {"RoleArn": "arn:role/a", "Version": "1.37", "Name": "prod"}
    found = was([change("Cluster", "UPDATE", old, {**old, "Name": "other"})])
    assert found["Cluster"]["Properties"]["Name"] == "prod"


OLD = {"RoleArn": "arn:role/a", "Version": "1.37", "Name": "prod"}
UNKNOWN = change("Cluster", "Modify", OLD, {**OLD, "RoleArn": LATER})


@pytest.mark.parametrize(
    "written",
    [
        {"Fn::GetAtt": ["Role", "Arn"]},
        {"Fn::GetAtt": "Role.Arn"},
        {"Fn::Sub": "arn:${AWS::Partition}:iam::1:role/${Role}"},
        {"Fn::Sub": ["${Role.Arn}", {"X": "1"}]},
        {"Fn::Join": ["", ["arn:role/", {"Ref": "Role"}]]},
    ],
)
def test_a_value_of_a_modified_resource_may_stay_and_is_named(written: Any) -> None:
    """A new policy of the role makes CloudFormation show no value for its ARN, which never changes."""
    entry = {**CLUSTER, "Properties": {**CLUSTER["Properties"], "RoleArn": written}}
    body, notes = before({"Resources": {"Cluster": entry}}, [change("Role", "Modify", {}, {"Policies": []}), UNKNOWN])
    assert body is not None and body["Resources"]["Cluster"] == entry
    assert notes == (
        "Cluster.RoleArn: the change set does not know whether the value changes, so no control evaluates its change",
    )


def keys(*arns: str, resources: str = "secrets") -> dict[str, Any]:
    return {**OLD, "EncryptionConfig": [{"Resources": [resources], "Provider": {"KeyArn": arn}} for arn in arns]}


@pytest.mark.parametrize(
    ("new", "stays"),
    [
        (keys(LATER), True),
        (keys(f"arn:{LATER}"), True),
        (keys(LATER, LATER), False),
        (keys(LATER, resources="others"), False),
        (keys("arn:key/b"), False),
    ],
)
def test_a_part_of_a_list_may_stay_too(new: dict[str, Any], stays: bool) -> None:
    """As after a change of the key's policy."""
    written = [{"Resources": ["secrets"], "Provider": {"KeyArn": {"Fn::GetAtt": ["Key", "Arn"]}}}]
    entry = {**CLUSTER, "Properties": {**CLUSTER["Properties"], "EncryptionConfig": written}}
    old = keys("arn:key/a")
    body, notes = before({"Resources": {"Cluster": entry}}, [
        change("Key", "Modify", {}, {}), change("Cluster", "Modify", old, new)])  # fmt: skip
    assert body is not None
    was_ = body["Resources"]["Cluster"]["Properties"]["EncryptionConfig"]
    assert was_ == (written if stays else old["EncryptionConfig"])
    assert len(notes) == stays


@pytest.mark.parametrize("others", [[], [change("Role", "Add", None, {})], [change("Other", "Modify", {}, {})]])
def test_a_value_of_a_new_resource_changes(others: list[Any]) -> None:
    found = was([*others, UNKNOWN], Cluster=CLUSTER, Other=CLUSTER)
    assert found["Cluster"]["Properties"]["RoleArn"] == "arn:role/a"


def test_a_property_that_comes_was_not_there_and_one_that_goes_was() -> None:
    found = was(
        [change("Cluster", "Modify", {"RoleArn": "r", "Logging": {"a": 1}}, {"RoleArn": "r", "Version": "1.37"})]
    )
    assert set(found["Cluster"]["Properties"]) == {"RoleArn", "Logging", "Name"}  # the name is in neither context


def test_a_change_deep_inside_leaves_what_is_beside_it() -> None:
    entry = {"Type": "T::T::T", "Properties": {"A": {"B": {"Ref": "X"}, "C": 2}}}
    found = was([change("T", "Modify", {"A": {"B": "x", "C": 1}}, {"A": {"B": "x", "C": 2}})], T=entry)
    assert found["T"]["Properties"] == {"A": {"B": {"Ref": "X"}, "C": 1}}


def test_what_is_added_was_not_there_and_what_is_removed_was() -> None:
    found = was([change("New", "Add", None, {}), change("Old", "Remove", {"Name": "a"})], New=CLUSTER, Cluster=CLUSTER)
    assert found == {"Cluster": CLUSTER, "Old": {"Type": "AWS::EKS::Cluster", "Properties": {"Name": "a"}}}


def test_contexts_may_be_data_and_hold_properties_alone() -> None:
    one = {"logicalResourceId": "Cluster", "action": "Modify", "beforeContext": {"Version": "1.36"}}
    assert was([{**one, "afterContext": {"Version": "1.37"}}])["Cluster"]["Properties"]["Version"] == "1.36"


def test_a_first_change_set_has_nothing_before_it() -> None:
    assert before({"Resources": {"Cluster": CLUSTER}}, [change("Cluster", "Add", None, {})]) == (None, ())


def test_a_change_without_what_was_is_said() -> None:
    body, notes = before({"Resources": {"Cluster": CLUSTER}}, [change("Cluster", "Modify")])
    assert body is not None and body["Resources"] == {"Cluster": CLUSTER}
    assert notes == ("Cluster: the change set lacks its previous state, so no control evaluates its change",)


def test_what_is_no_change_is_passed_over() -> None:
    for changes in (None, "x", [None, {}, {"logicalResourceId": 5}], [{"logicalResourceId": "Cluster", "action": "Modify",
                    "beforeContext": "{"}]):  # fmt: skip
        body, _ = before({"Resources": {"Cluster": CLUSTER}}, changes)
        assert body == {"Resources": {"Cluster": CLUSTER}}
    assert before({"Resources": []}, None) == (None, ())
