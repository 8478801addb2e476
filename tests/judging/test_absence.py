"""What is missing is a finding where the source has everything there is, and nowhere else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.logs import trail_multi_region
from hardened_eks.controls.model import Control, Problem, Severity, control
from hardened_eks.errors import ConfigurationError
from hardened_eks.evidence import Assembly, Kind, Resource, Template, Waiver
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.judging.selection import complete_types
from tests.conftest import TODAY

TRAIL = "AWS::CloudTrail::Trail"
MISSED = {
    *(f"LG-{n:02}" for n in (3, 4, 5, 6, 8, 9)), *(f"DT-{n:02}" for n in (5, 6, 7, 8, 9, 10, 11, 14)), "NW-05", "RC-01",
    "AC-06", "AC-07",
}  # fmt: skip
"""The controls that a complete assembly fails by having nothing: see ADR 7."""
ONLY_AN_ACCOUNT = {f"AC-{n:02}" for n in (1, 2, 3, 4, 5, 8, 9, 10, 11, 12)}
"""Those about what no template can have."""
ONE_FOR_ALL_REGIONS = {"AC-08", "AC-11", "AC-12"}


def of(*types: str, region: str = "") -> Template:
    resources = {f"R{n}": {"Type": type_} for n, type_ in enumerate(types)}
    return Template("S", {"Resources": resources}, path="s.json", region=region)


def missing(assembly: Assembly, *controls: Control) -> list[tuple[str, str]]:
    found = evaluate(assembly, controls or CATALOGUE).findings
    return [(f.control.id, f.subject.id) for f in found if f.subject.kind in {Kind.ASSEMBLY, Kind.ACCOUNT}]


def test_the_controls_that_miss_something() -> None:
    assert {control.id for control in CATALOGUE if control.absence} == MISSED | ONLY_AN_ACCOUNT


def test_a_template_without_it_is_not_examined() -> None:
    assembly = Assembly([of("AWS::S3::Bucket")])
    assert missing(assembly) == []
    assert evaluate(assembly, [trail_multi_region]).examined == {trail_multi_region: 0}


def test_a_complete_assembly_misses_everything_once() -> None:
    assembly = Assembly([of(), of("AWS::SQS::Queue")], complete=["*"])
    assert sorted(missing(assembly)) == sorted((id_, "assembly") for id_ in MISSED)


def test_only_the_complete_type_is_missed() -> None:
    found = evaluate(Assembly([of()], complete=[TRAIL]), CATALOGUE)
    assert {f.control.id for f in found.findings} == {id_ for id_ in MISSED if id_.startswith("LG")}
    assert (found.verdict, found.examined[trail_multi_region]) == ("fail", 1)
    (finding,) = (f for f in found.findings if f.control is trail_multi_region)
    assert (finding.problem.message, finding.subject.file) == (trail_multi_region.absence, "s.json")


def test_what_is_there_is_judged_as_ever() -> None:
    assert missing(Assembly([of(TRAIL)], complete=["*"]), trail_multi_region) == []
    assert evaluate(Assembly([of(TRAIL)], complete=["*"]), [trail_multi_region]).findings != ()


def test_the_first_type_is_the_one_that_is_missed() -> None:
    recorder = next(c for c in CATALOGUE if c.id == "DT-11")
    assert missing(Assembly([of(recorder.types[1])], complete=["*"]), recorder) == [("DT-11", "assembly")]
    assert missing(Assembly([of(recorder.types[1])], complete=recorder.types[1:]), recorder) == []


def test_an_account_misses_it_in_each_region() -> None:
    regions = ["eu-west-1", "eu-west-2"]
    account = Assembly([of(TRAIL, region="eu-west-1"), of(region="eu-west-2")], complete=["*"], regions=regions)
    assert missing(account, trail_multi_region) == [("LG-03", "account:eu-west-2")]


def test_an_account_misses_what_no_template_can_have_and_once_what_it_has_once() -> None:
    regions = ["eu-west-1", "eu-west-2"]
    account = Assembly([of(region=region) for region in regions], complete=["*"], regions=regions)
    found = [(id_, subject) for id_, subject in missing(account) if id_ in ONLY_AN_ACCOUNT]
    assert sorted(found) == sorted(
        (id_, f"account:{region}")
        for id_ in ONLY_AN_ACCOUNT
        for region in regions[: 1 if id_ in ONE_FOR_ALL_REGIONS else 2]
    )
    (policy,) = (c for c in CATALOGUE if c.id == "AC-11")
    there = Assembly([of(policy.types[0], region="eu-west-2")], complete=["*"], regions=regions)
    assert missing(there, policy) == []


def test_absence_is_waived_by_the_name_of_its_subject() -> None:
    def judged(scope: str, by: str) -> tuple[int, int]:
        waiver = Waiver("LG-03", scope, "the organization has one", TODAY + timedelta(100), by=by)
        account = Assembly([of()], complete=["*"], regions=["eu-west-1"])
        found = evaluate(account, [trail_multi_region], waivers=[waiver])
        return len(found.waived), len(found.findings)

    assert judged("account:eu-west-1", "subject") == (1, 0)
    assert judged("account:eu-west-2", "subject") == (0, 2)  # the absence, and the waiver that matches nothing
    assert judged("*", "resource") == (0, 2)


def own(**arguments: object) -> Control:
    @control(id="XX-01", title="t", severity=Severity.LOW, why="w", fix="f", source="https://example.com", **arguments)
    def there_is_a_thing(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
        yield Problem("bad")

    return there_is_a_thing


def test_a_control_of_ones_own_can_miss_something() -> None:
    mine = own(types=["My::Own::Thing"], absence="there is no thing")
    assert missing(Assembly([of()], complete=["My::Own::Thing"]), mine) == [("XX-01", "assembly")]
    assert missing(Assembly([of()], complete=["*"]), own(types=["My::Own::Thing"])) == []


@pytest.mark.parametrize(("arguments", "expected"), [
    ({"types": ["*"], "absence": "nothing"}, "absence needs a type that can be missing"),
    ({"types": ["A::B::C"], "absence": 7}, "absence needs a string that states what is missing, got 7"),
    ({"types": ["A::B::C"], "needs": "all"}, "needs needs one of 'resource', 'stack', 'assembly', got 'all'"),
    ({"types": ["A::B::C"], "evidence": None}, "evidence needs one of 'any', 'template', got None"),
])  # fmt: skip
def test_fails_with_what_a_control_may_say_of_its_evidence(arguments: dict[str, object], expected: str) -> None:
    with pytest.raises(ConfigurationError, match="XX-01") as caught:
        own(**arguments)
    assert any(problem.startswith(expected) for problem in caught.value.problems)


def test_complete_types() -> None:
    assert complete_types(["all", TRAIL], CATALOGUE) == (frozenset({"*", TRAIL}), [])
    assert complete_types([], CATALOGUE) == (frozenset(), [])
    _, mistakes = complete_types(["AWS::CloudTrail::Trial", "AWS::S3::Bucket"], CATALOGUE)
    assert (
        mistakes[0]
        == "no control requires a resource of type 'AWS::CloudTrail::Trial': did you mean AWS::CloudTrail::Trail"
    )
    assert mistakes[1].startswith("no control requires a resource of type 'AWS::S3::Bucket'")
    _, mistakes = complete_types(["AWS::IAM::AccountPasswordPolicy"], CATALOGUE)
    assert mistakes[0].startswith("no control requires a resource of type 'AWS::IAM::AccountPasswordPolicy'")
