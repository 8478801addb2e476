"""A control that cannot work is refused when it is made, with every mistake at once."""

from collections.abc import Iterator
from functools import partial, wraps
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE, _mistakes
from hardened_eks.controls.model import Control, Family, Problem, Severity, control
from hardened_eks.errors import ConfigurationError

FIELDS: dict[str, Any] = {
    "id": "ORG-01",
    "title": "Node groups name their team",
    "types": ["AWS::EKS::Nodegroup"],
    "severity": Severity.MEDIUM,
    "why": "Costs are charged to teams.",
    "fix": "Set the label 'team'.",
    "source": "https://wiki.example.com/teams",
}


def team_label(group: Any, assembly: Any) -> Iterator[Problem]:
    yield Problem("no label")


def make(check: Any = team_label, **fields: Any) -> Control:
    return control(**{**FIELDS, **fields})(check)


def mistakes(check: Any = team_label, **fields: Any) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        make(check, **fields)
    return caught.value.problems


def test_a_control_of_ones_own() -> None:
    own = make()
    assert (own.id, own.name, own.area, own.family) == ("ORG-01", "team_label", "own", Family.HARDENING)
    assert own.types == ("AWS::EKS::Nodegroup",)
    assert list(own(None, None)) == [Problem("no label")]  # type: ignore[arg-type]


def test_types_may_be_a_generator() -> None:
    assert make(types=(f"AWS::EKS::{name}" for name in ("Cluster", "Addon"))).types == (
        "AWS::EKS::Cluster",
        "AWS::EKS::Addon",
    )


def test_every_resource_is_a_type() -> None:
    assert make(types=["*"]).types == ("*",)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("types", "AWS::EKS::Cluster", "types needs a list of CloudFormation types"),
        ("types", [7], "types needs a list of CloudFormation types"),
        ("types", ["AWS:EKS:Cluster"], "types needs a list of CloudFormation types"),
        ("types", None, "types needs a list of CloudFormation types"),
        ("types", [], "types needs at least one CloudFormation type"),
        ("severity", "high", "severity needs one of Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW"),
        ("family", "hardening", "family needs one of Family.HARDENING, Family.DEPLOYABLE, got 'hardening'"),
        ("title", " ", "title needs a string that is not empty, got ' '"),
        ("why", None, "why needs a string that is not empty, got None"),
        ("source", "", "source needs a string that is not empty"),
        ("id", "", "id needs a string that is not empty"),
        ("id", "ORG 01", "id needs letters, digits, '-', '_' and '.', such as ORG-01, got 'ORG 01'"),
        ("id", "CP-01", "CP-01 team_label is taken by CP-01 private_endpoint of hardened-eks: choose another"),
        ("id", "cp-01", "cp-01 team_label is taken by CP-01 private_endpoint"),
        ("id", "WV-09", "ids that start with WV- are those of the controls of waivers, got WV-09"),
        ("requirement", "eks.nonsense", "requirement 'eks.nonsense' is unknown, docs/reference/coverage.md lists them"),
    ],
)
def test_fails_when_a_part_is_wrong(field: str, value: object, message: str) -> None:
    (mistake,) = mistakes(**{field: value})
    assert mistake.startswith(message)


def test_a_known_requirement_is_taken() -> None:
    assert make(requirement="eks.endpoint.private_only").requirements == ("eks.endpoint.private_only",)


def test_fails_with_all_mistakes_at_once() -> None:
    assert len(mistakes(id="", types="AWS::EKS::Cluster", severity="high", fix="", requirement="x")) == 5


def forgotten(group: Any, assembly: Any) -> Iterator[Problem]:
    return iter([Problem("no label")])


def no_assembly(group: Any) -> Iterator[Problem]:
    yield Problem("no label")


def private_endpoint(group: Any, assembly: Any) -> Iterator[Problem]:
    yield Problem("no label")


class Callable_:
    def __call__(self, group: Any, assembly: Any) -> Iterator[Problem]:
        yield Problem("no label")


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (forgotten, "the check never yields: write `yield Problem(message, path)`"),
        (no_assembly, "the check is called with a resource and an assembly, no_assembly(group: Any)"),
        (private_endpoint, "ORG-01 private_endpoint is taken by CP-01 private_endpoint of hardened-eks"),
        (Callable_(), "the check needs to be a function, got a Callable_ object"),
        (partial(team_label, None), "the check needs to be a function, got functools.partial"),
        (None, "the check needs to be a function, got None"),
    ],
)
def test_fails_when_the_function_cannot_judge(check: Any, message: str) -> None:
    (mistake,) = mistakes(check)
    assert mistake.startswith(message)


def test_a_wrapped_generator_function_is_taken() -> None:
    @wraps(team_label)
    def wrapped(*arguments: Any) -> Iterator[Problem]:
        return team_label(*arguments)

    assert make(wrapped).name == "team_label"


def test_the_controls_of_this_library_have_no_mistake() -> None:
    """They are not validated when they are imported, for which every synth would pay."""
    found: list[str] = []
    for one in CATALOGUE:
        texts = {"title": one.title, "why": one.why, "fix": one.fix, "source": one.source}
        found += _mistakes.of_parts(one.id, one.types, one.severity, one.family, **texts)
        found += _mistakes.of_evidence(one.needs, one.evidence, one.absence, one.types)
        found += _mistakes.of_function(one.check)
    assert found == []
