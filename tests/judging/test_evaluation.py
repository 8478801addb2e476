"""What was found, and what was looked at."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.control_plane import private_endpoint
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.evidence import Assembly, Resource, Subject, Template
from hardened_eks.controls.model import Control, Family, Problem, Severity, control
from hardened_eks.judging.selection import find, nearest, select
from hardened_eks.reports import FORMATS, Report, render


def rule(id: str, *types: str, severity: Severity = Severity.HIGH, **more: Any) -> Control:
    @control(id=id, title="t", types=types, severity=severity, why="w", fix="f", source="https://example.com", **more)
    def broken(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
        yield Problem("first")
        raise KeyError("Nope")

    return broken


def assembly(**types: str) -> Assembly:
    return Assembly([Template("S", {"Resources": {name: {"Type": type_} for name, type_ in types.items()}})])


def test_counts_what_each_control_examined_and_each_resource_once() -> None:
    one, two, none, every = rule("A-1", "T::A"), rule("A-2", "T::A", "T::B"), rule("A-3", "T::C"), rule("A-4", "*")
    found = evaluate(assembly(a="T::A", b="T::B", d="T::D"), [one, two, none])
    assert dict(found.examined) == {one: 1, two: 2, none: 0}
    assert found.resources == 2
    assert evaluate(assembly(a="T::A", b="T::B", d="T::D"), [every]).resources == 3


def test_what_only_a_template_shows_is_not_judged_in_an_account() -> None:
    one, both = rule("A-1", "T::A", evidence="template"), rule("A-2", "T::B")
    account = Assembly([Template("S", {"Resources": {"a": {"Type": "T::A"}, "b": {"Type": "T::B"}}})], regions=["r"])
    found = evaluate(account, [one, both])
    assert ({f.control for f in found.findings}, dict(found.examined), found.resources) == (
        {both},
        {one: 0, both: 1},
        1,
    )
    assert evaluate(assembly(a="T::A"), [one]).examined == {one: 1}


def own(check: Any) -> Control:
    return control(
        id="A-1", title="t", types=["*"], severity=Severity.LOW, why="w", fix="f", source="https://example.com"
    )(check)


def test_a_problem_of_the_assembly_is_reported_once() -> None:
    @own
    def whole(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
        yield Problem("something is missing", subject=Subject.of_assembly(assembly))
        yield Problem("of the template", "a.b", Subject.of_entry(resource.template, "Metadata", "M"))
        yield Problem("of the template", "a.c", Subject.of_entry(resource.template, "Metadata", "M"))
        yield Problem("its own")

    found = evaluate(assembly(a="T::A", b="T::B"), [whole]).findings
    assert [(f.subject.id, f.problem.path) for f in found] == [
        ("assembly", ""), ("S/Metadata/M", "a.b"), ("S/Metadata/M", "a.c"), ("S/a", ""), ("S/b", ""),
    ]  # fmt: skip
    assert [f.resource.logical_id if f.resource else None for f in found] == [None, None, None, "a", "b"]


def test_a_problem_can_be_about_another_resource() -> None:
    @own
    def pointing(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
        yield Problem("bad", "Tags", Subject.of_resource(resource.template.resources["b"]))

    (finding,) = evaluate(assembly(a="T::A", b="T::B"), [pointing]).findings
    assert (finding.subject.id, finding.subject.type) == ("S/b", "T::B")


@pytest.mark.parametrize("section", ["Parameters", "Outputs", "Mappings", "Metadata", "Conditions", "Resources"])
@pytest.mark.parametrize(
    "value", [None, 7, "text", [1, {"a": []}], {"A": None}, {"A": [{"Ref": "A"}]}, {"A": {"Value": {}}}]
)
def test_never_raises_on_a_malformed_section(section: str, value: Any) -> None:
    body = {
        "Parameters": {"Secret": {"Type": "String", "NoEcho": True, "Default": "correct-horse"}},
        "Resources": {"A": {"Type": "AWS::EKS::Cluster"}},
        section: value,
    }
    outcome = evaluate(Assembly([Template("S", body)], complete=["*"]), CATALOGUE)
    report = Report(outcome, date(2026, 11, 21))
    for format_ in FORMATS:
        assert render(report, format_)


@pytest.mark.parametrize("value", ["a string", Problem("bad", subject="S/a")])  # type: ignore[arg-type]
def test_a_check_that_yields_no_problem_is_a_finding(value: Any) -> None:
    @own
    def wrong(resource: Resource, assembly: Assembly) -> Iterator[Any]:
        yield value

    (finding,) = evaluate(assembly(a="T::A"), [wrong]).findings
    assert (
        finding.problem.message
        == f"cannot be evaluated, the control yielded {value!r}, not a Problem with a message and a path"
    )
    assert finding.subject.id == "S/a"


def test_nothing_examined_is_not_a_pass() -> None:
    assert evaluate(assembly(a="T::A"), [private_endpoint]).verdict == "nothing examined"
    assert evaluate(assembly(), CATALOGUE).verdict == "nothing examined"
    assert evaluate(Assembly([]), CATALOGUE).verdict == "nothing examined"


def test_a_check_that_breaks_is_a_finding() -> None:
    found = evaluate(assembly(a="T::A"), [rule("A-1", "T::A")])
    assert found.verdict == "fail"
    messages = [f.problem.message for f in found.findings]
    assert messages == ["cannot be evaluated, the control raised an exception (KeyError: 'Nope')"]


def test_severity_below_the_threshold_does_not_fail() -> None:
    low, high = rule("A-1", "T::A", severity=Severity.LOW), rule("A-2", "T::A", severity=Severity.HIGH)
    found = evaluate(assembly(a="T::A"), [low, high], fail_on=Severity.HIGH)
    assert [f.control for f in found.findings] == [high]
    assert [f.control for f in found.warnings] == [low]


def test_find_by_id_name_or_object() -> None:
    assert find("cp-01", CATALOGUE) is find("private_endpoint", CATALOGUE) is find(private_endpoint, CATALOGUE)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("CP-1", "unknown control 'CP-1': did you mean CP-01"),
        ("private_endpoints", "unknown control 'private_endpoints': did you mean private_endpoint"),
        ("zzz", "unknown control 'zzz': `hardened-eks controls list` lists them all"),
        (7, "a control needs to be an ID such as CP-01 or a control object, got 7"),
    ],
)
def test_fails_with_what_is_near(wanted: str, expected: str) -> None:
    assert str(find(wanted, CATALOGUE)).startswith(expected)


def test_select() -> None:
    own = rule("XX-1", "T::A", severity=Severity.LOW)
    assert select(CATALOGUE) == (CATALOGUE, [])
    assert select(CATALOGUE, only=["CP-01", own]) == ((private_endpoint, own), [])
    assert private_endpoint not in select(CATALOGUE, exclude=[private_endpoint])[0]
    assert {c.family for c in select(CATALOGUE, families=[Family.HARDENING])[0]} == {Family.HARDENING}
    assert {c.severity for c in select([*CATALOGUE, own], severity=Severity.HIGH)[0]} <= {
        Severity.HIGH,
        Severity.CRITICAL,
    }


def test_fails_when_nothing_is_left_to_judge_by() -> None:
    assert select(CATALOGUE, only=["CP-01"], exclude=["CP-01"]) == (
        (),
        ["no control is left after --control, --exclude, --family and --severity"],
    )
    assert len(select(CATALOGUE, only=["nope"], exclude=["neither"])[1]) == 2


def test_nearest_is_not_case_sensitive() -> None:
    assert nearest("cp-1", ["CP-01", "ND-22"]) == "did you mean CP-01"


@pytest.mark.parametrize(
    ("version", "today", "found"),
    [
        ("1.34", date(2026, 12, 2), {"CP-09"}),
        ("1.34", date(2026, 12, 3), {"CP-08", "CP-09"}),
        ("1.35", date(2026, 12, 2), set()),
        ("1.35", date(2026, 12, 3), {"CP-09"}),
        ("1.36", date(2027, 8, 2), {"CP-09"}),
        ("1.36", date(2027, 8, 3), {"CP-08", "CP-09"}),
        ("1.36", date(2028, 8, 3), {"CP-08", "CP-09", "DP-16"}),
        ("1.37", date(2026, 12, 3), set()),
        ("1.37", date(2035, 1, 1), set()),  # the newest that this release knows: a caution, no finding
        ("1.38", date(2026, 12, 3), {"CP-08"}),  # not known, which is not a pass, and not "too old"
    ],
)
def test_versions_are_judged_on_the_day_of_the_check(version: str, today: date, found: set[str]) -> None:
    body = {"Resources": {"C": {"Type": "AWS::EKS::Cluster", "Properties": {"Version": version}}}}
    controls = select(CATALOGUE, only=["CP-08", "CP-09", "DP-16"])[0]
    outcome = evaluate(Assembly([Template("S", body)]), controls, today=today)
    assert {finding.control.id for finding in outcome.findings} == found


def test_the_newest_runtime_on_record_is_judged_by_no_date() -> None:
    body = {
        "Resources": {
            name: {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": runtime}}
            for name, runtime in (("Old", "python3.13"), ("New", "python3.14"), ("Newer", "python3.15"))
        }
    }
    controls = select(CATALOGUE, only=["FN-02"])[0]
    outcome = evaluate(Assembly([Template("S", body)]), controls, today=date(2029, 7, 1))
    assert [finding.resource.logical_id for finding in outcome.findings] == ["Old"]
