"""Each control says how much it needs to see, and whether only a template can show it: neither too much nor too little."""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.model import Control, Problem, Severity, control
from hardened_eks.controls.network import network_acl_no_open_admin
from hardened_eks.evidence import Assembly, Resource, Subject, Template
from hardened_eks.judging.evaluation import evaluate
from tests.controls.cases import Body, Case, apply, template
from tests.controls.needs import needed, only, resources, split
from tests.controls.test_catalogue import CASES

_INSIDE = template(
    {
        "Vpc": ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
        "Entry": (
            "AWS::EC2::NetworkAclEntry",
            {"Protocol": -1, "RuleAction": "allow", "CidrBlock": {"Fn::GetAtt": ["Vpc", "CidrBlock"]}},
        ),
    }
)
FURTHER = (Case(network_acl_no_open_admin, _INSIDE, {}),)
"""Cases in which seeing less matters, for controls whose table has none."""
NAMES = {"CF-02"}
"""Controls that ask whether a name is written: in an account everything has one."""

cases: dict[Control, list[Case]] = defaultdict(list)
for case in (*CASES, *FURTHER):
    cases[case.control].append(case)
ids = [f"{c.id}-{c.name}" for c in CATALOGUE]


@pytest.mark.parametrize("control", CATALOGUE, ids=ids)
def test_the_mark_is_what_the_cases_need(control: Control) -> None:
    """One that is too narrow changes the verdict on a case; one that is too wide changes none."""
    assert f'needs="{control.needs}"' == f'needs="{needed(control, cases[control])}"'


def bodies(case: Case) -> Iterator[Body]:
    yield case.good
    yield from (apply(other, case.good) for other in case.edge.values())


def as_an_account_shows_it(body: Body) -> Body:
    """Return the resources with type and properties alone: nothing of how they were deployed."""
    bare = {
        name: {key: entry[key] for key in ("Type", "Properties") if key in entry}
        for name, entry in resources(body).items()
    }
    return {**only(body, ""), "Resources": bare}


def fails(control: Control, body: Body, previous: Body | None = None, regions: tuple[str, ...] = ()) -> bool:
    earlier = Assembly([Template("T0", previous)]) if previous else None
    assembly = Assembly([Template("T0", body)], previous=earlier, regions=regions)
    return bool(evaluate(assembly, [control]).findings)


@pytest.mark.parametrize("control", [c for c in CATALOGUE if c.evidence == "any"], ids=lambda c: f"{c.id}-{c.name}")
def test_what_passes_as_a_template_passes_as_an_account(control: Control) -> None:
    for case in cases[control]:
        for body in bodies(case):
            assert not fails(control, as_an_account_shows_it(body), regions=("eu-west-1",))


@pytest.mark.parametrize(
    "control", [c for c in CATALOGUE if c.evidence == "template"], ids=lambda c: f"{c.id}-{c.name}"
)
def test_an_account_misleads_a_control_that_needs_a_template(control: Control) -> None:
    differs = [
        fails(control, body, case.previous) != fails(control, as_an_account_shows_it(body))
        for case in cases[control]
        for body in (case.good, *(apply(other, case.good) for other in (*case.bad.values(), *case.edge.values())))
    ]
    assert any(differs) is (control.id not in NAMES)


def test_the_narrow_marks_are_used() -> None:
    assert {control.needs for control in CATALOGUE} == {"resource", "stack", "assembly"}


BUCKET, KEY = "AWS::S3::Bucket", "AWS::KMS::Key"
LINKED = template(
    {
        "Bucket": {"Type": BUCKET, "DependsOn": "Key", "Properties": {"Key": {"Ref": "Key"}}},
        "Key": (KEY, {"Enabled": True}),
    },
    Outputs={"Url": {"Value": "https://example.com"}},
)


def own(check: object) -> Control:
    return control(
        id="XX-01", title="t", types=[BUCKET], severity=Severity.LOW, why="w", fix="f", source="https://example.com",
    )(check)  # type: ignore[arg-type]  # fmt: skip


def of_the_resource(bucket: Resource, assembly: Assembly) -> Iterator[Problem]:
    if bucket.get("Key") is not None:
        yield Problem("it has a key", "Key")


def of_its_order(bucket: Resource, assembly: Assembly) -> Iterator[Problem]:
    if "Key" in bucket.template.resources and bucket.depends_on:
        yield Problem("it waits")


def of_its_outputs(bucket: Resource, assembly: Assembly) -> Iterator[Problem]:
    for name in bucket.template.section("Outputs"):
        if not name.startswith("Export"):
            yield Problem("an output", subject=Subject.of_entry(bucket.template, "Outputs", name))


def of_what_it_refers_to(bucket: Resource, assembly: Assembly) -> Iterator[Problem]:
    if assembly.target(bucket.get("Key"), KEY) is not None:
        yield Problem("it has a key of the assembly", "Key")


def of_everything(bucket: Resource, assembly: Assembly) -> Iterator[Problem]:
    if assembly.of(KEY):
        yield Problem("there is a key", subject=Subject.of_assembly(assembly))


@pytest.mark.parametrize(("check", "expected"), [
    (of_the_resource, "resource"),
    (of_its_order, "stack"),
    (of_its_outputs, "stack"),
    (of_what_it_refers_to, "assembly"),
    (of_everything, "assembly"),
])  # fmt: skip
def test_what_a_check_needs_is_found_out(check: object, expected: str) -> None:
    judged = own(check)
    assert needed(judged, [Case(judged, LINKED, {})]) == expected


@pytest.mark.parametrize("value", [
    {"Ref": "Key"},
    {"Fn::GetAtt": ["Key", "Arn"]},
    {"Fn::GetAtt": "Key.Arn"},
    {"Fn::Sub": "${Key.Arn}"},
    {"Fn::Join": ["", ["x", {"Fn::Sub": ["${A}${Key}", {"A": "b"}]}]]},
])  # fmt: skip
def test_a_split_case_keeps_its_references(value: object) -> None:
    body = template({"Bucket": (BUCKET, {"Key": value}), "Key": (KEY, {})})
    here, there = split(body, "Bucket")
    assert (list(here["Resources"]), list(there["Resources"])) == (["Bucket"], ["Key"])
    first, second = Template("A", here), Template("B", there)
    assembly = Assembly([first, second])
    assert assembly.target(first.resources["Bucket"].get("Key")) is second.resources["Key"]
    alone = Template("A", split(body, "Bucket")[0])
    assert Assembly([alone]).target(alone.resources["Bucket"].get("Key")) is None
