"""What a finding is about: its name, its place, its line."""

from datetime import date

import pytest

from hardened_eks.evidence import Assembly, Kind, Subject, Template, Waiver

BODY = {
    "Parameters": {"Password": {"Type": "String", "Default": "x"}},
    "Metadata": {"Notes": {"a": 1}},
    "Resources": {
        "Bucket": {
            "Type": "AWS::S3::Bucket",
            "DeletionPolicy": "Delete",
            "Metadata": {"aws:cdk:path": "App/Bucket/Resource", "Key": "x"},
            "Properties": {"Tags": []},
        },
        "Odd": {"Type": "My::Own::Type", "Properties": {"Metadata": {"Key": "x"}}},
    },
}
LINES = {
    ("Parameters",): 1, ("Parameters", "Password"): 2, ("Parameters", "Password", "Default"): 3,
    ("Metadata",): 4, ("Metadata", "Notes"): 5,
    ("Resources",): 10, ("Resources", "Bucket"): 11, ("Resources", "Bucket", "DeletionPolicy"): 12,
    ("Resources", "Bucket", "Metadata"): 13, ("Resources", "Bucket", "Metadata", "Key"): 14,
    ("Resources", "Bucket", "Properties"): 15, ("Resources", "Bucket", "Properties", "Tags"): 16,
    ("Resources", "Odd"): 20, ("Resources", "Odd", "Properties", "Metadata", "Key"): 21,
}  # fmt: skip
TEMPLATE = Template("Payments", BODY, path="t.json", lines=LINES, construct_paths={"Password": "App/Password"})


@pytest.mark.parametrize(("name", "path", "place", "line"), [
    ("Bucket", "", "", 11),
    ("Bucket", "Tags.0.Key", "Properties.Tags.0.Key", 16),
    ("Bucket", "DeletionPolicy", "DeletionPolicy", 12),
    ("Bucket", "Metadata.Key", "Metadata.Key", 14),
    ("Bucket", "BucketName", "Properties.BucketName", 15),
    ("Odd", "Metadata.Key", "Properties.Metadata.Key", 21),
])  # fmt: skip
def test_a_resource(name: str, path: str, place: str, line: int) -> None:
    subject = Subject.of_resource(TEMPLATE.resources[name])
    assert (subject.kind, subject.id, subject.stack, subject.file) == (
        Kind.RESOURCE, f"Payments/{name}", "Payments", "t.json",
    )  # fmt: skip
    assert (subject.place(path), subject.line(path)) == (place, line)


def test_an_entry_has_its_own_line_and_construct_path() -> None:
    subject = Subject.of_entry(TEMPLATE, "Parameters", "Password")
    assert (subject.kind, subject.id, subject.type, subject.name) == (
        Kind.ENTRY, "Payments/Parameters/Password", "parameter", "Password",
    )  # fmt: skip
    assert (subject.construct_path, subject.resource) == ("App/Password", None)
    assert (subject.line(), subject.line("Default"), subject.place("Default")) == (2, 3, "Default")
    notes = Subject.of_entry(TEMPLATE, "Metadata", "Notes")
    assert (notes.construct_path, notes.type, notes.line()) == ("Payments/Metadata/Notes", "metadata", 5)
    assert Subject.of_entry(TEMPLATE, "Outputs", "Url").line() is None


def test_an_assembly_has_a_file_where_there_is_one_only() -> None:
    one, two = (Template(name, {}, path=f"{name}.json") for name in ("one", "two"))
    assert Subject.of_assembly(Assembly([one])).file == "one.json"
    both = Subject.of_assembly(Assembly([one, two]), "eu-west-1")
    assert (both.kind, both.id, both.file, both.line("a.b")) == (Kind.ASSEMBLY, "assembly", "", None)


def test_an_account_is_named_by_its_region() -> None:
    account = Assembly([], regions=["eu-west-1", "eu-west-2"])
    assert Subject.of_assembly(account, "eu-west-2").id == "account:eu-west-2"
    assert Subject.of_assembly(account).id == "account:eu-west-1"
    assert Subject.of_assembly(account).kind is Kind.ACCOUNT


def test_a_waiver() -> None:
    waiver = Waiver("CP-01", "Payments/Cluster", "r", date(2027, 1, 1), file="w.yaml", line=3)
    subject = waiver.subject
    assert (subject.kind, subject.id, subject.construct_path) == (
        Kind.WAIVER, "CP-01 on Payments/Cluster", "Payments/Cluster",
    )  # fmt: skip
    assert (subject.file, subject.line()) == ("w.yaml", 3)


def test_equal_by_kind_and_id() -> None:
    again = Template("Payments", BODY)
    assert Subject.of_entry(TEMPLATE, "Outputs", "A") == Subject.of_entry(again, "Outputs", "A")
    assert Subject.of_resource(TEMPLATE.resources["Odd"]) != Subject.of_resource(TEMPLATE.resources["Bucket"])


@pytest.mark.parametrize("body", [
    {"Resources": {"A": {"Type": "A::B::C", "Metadata": [1], "Properties": [1]}}},
    {"Resources": {"A": {"Type": "A::B::C", "Metadata": {"aws:cdk:path": {"Ref": "A"}}, "Properties": "x"}}},
    {"Resources": {"A": {"Type": "A::B::C", "DeletionPolicy": {"a": []}, "Properties": None}}, "Parameters": [2]},
])  # fmt: skip
def test_never_raises_on_a_malformed_resource(body: dict[str, object]) -> None:
    template = Template("T", body)
    for path in ("", ".", "..", "Metadata.a", "DeletionPolicy.0", "Tags.0"):
        subject = Subject.of_resource(template.resources["A"])
        assert (subject.line(path), subject.construct_path) == (None, "T/A")
        assert path in subject.place(path)
        assert Subject.of_entry(template, "Parameters", "P").line(path) is None
