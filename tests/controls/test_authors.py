"""Whoever writes a control of their own needs one import."""

from collections.abc import Iterator

from hardened_eks.controls import CATALOGUE, Assembly, Control, Family, Problem, Resource, Severity, Unknown, control
from tests.controls.cases import findings, template


@control(
    id="XX-01",
    title="Topics have a display name",
    types=["AWS::SNS::Topic"],
    severity=Severity.LOW,
    family=Family.HARDENING,
    why="Whoever gets the mail sees who sent it.",
    fix="Set DisplayName.",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-create-topic.html",
)
def display_name(topic: Resource, assembly: Assembly) -> Iterator[Problem]:
    name = topic.get("DisplayName")
    if name is None or isinstance(name, Unknown):
        yield Problem("it has no display name", "DisplayName")


def test_a_control_is_written_with_the_names_of_the_package() -> None:
    assert isinstance(display_name, Control)
    assert display_name.area == "own"
    assert display_name not in CATALOGUE
    assert findings(display_name, template({"Topic": ("AWS::SNS::Topic", {"DisplayName": "payments"})})) == []
    assert findings(display_name, template({"Topic": ("AWS::SNS::Topic", {})})) == [
        "DisplayName: it has no display name"
    ]
    hidden = template(
        {"Topic": ("AWS::SNS::Topic", {"DisplayName": {"Ref": "Name"}})}, Parameters={"Name": {"Type": "String"}}
    )
    assert findings(display_name, hidden) == [
        "DisplayName: DisplayName is not known before deployment; at worst, it has no display name; "
        "Name is a parameter: set it with --parameters Name=VALUE"
    ]
