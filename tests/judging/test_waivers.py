"""What a waiver covers, and how it is itself judged."""

import dataclasses
from datetime import date, timedelta

import pytest

from hardened_eks.controls.control_plane import private_endpoint
from hardened_eks.errors import UnusableInputError
from hardened_eks.judging.evaluation import Outcome, evaluate
from hardened_eks.evidence import Assembly, Subject, Template
from hardened_eks.controls.model import Severity
from hardened_eks.judging.waivers import EXPIRED, EXPIRING, UNMATCHED, Waiver, WaiverStatus

TODAY = date(2026, 11, 21)
BODY = {
    "Resources": {
        "Public": {"Type": "AWS::EKS::Cluster", "Metadata": {"aws:cdk:path": "Payments/Cluster/Resource"}},
        "Private": {"Type": "AWS::EKS::Cluster", "Properties": {"ResourcesVpcConfig": {"EndpointPublicAccess": False}}},
    }
}


def waiver(scope: str = "Payments/Cluster", days: int = 100, **kwargs: str) -> Waiver:
    return Waiver(private_endpoint.id, scope, "the VPN is late", TODAY + timedelta(days), **kwargs)


def outcome(*waivers: Waiver, **kwargs: Severity) -> Outcome:
    return evaluate(Assembly([Template("Payments", BODY)]), [private_endpoint], waivers=waivers, today=TODAY, **kwargs)


def status(found: Outcome) -> list[WaiverStatus]:
    return [state.status for state in found.waivers]


@pytest.mark.parametrize(("scope", "by", "covered"), [
    ("Payments", "construct", True),
    ("Payments/Cluster", "construct", True),
    ("Payments/Cluster/Resource", "construct", True),
    ("Payments/Clus", "construct", False),
    ("Payments/*", "construct", False),
    ("Payments/Public", "resource", True),
    ("Payments/P*", "resource", True),
    ("*", "resource", True),
    ("Public", "resource", True),
    ("Pub*", "resource", False),
    ("Payments/Clus*", "path", True),
    ("*/Cluster", "path", True),
    ("Cluster", "path", False),
    ("Payments/Public", "path", False),
    ("Payments/P*", "subject", True),
    ("Public", "subject", False),
])  # fmt: skip
def test_scope(scope: str, by: str, covered: bool) -> None:
    template = Template("Payments", BODY)
    subject = Subject.of_resource(template.resources["Public"])
    assert waiver(scope, by=by).covers(subject) is covered


def test_in_force_it_lifts_the_finding_and_keeps_it() -> None:
    found = outcome(waiver())
    assert (found.findings, found.warnings, status(found)) == ((), (), [WaiverStatus.ACTIVE])
    assert [(f.resource.logical_id, f.waiver.reason if f.waiver else "") for f in found.waived] == [
        ("Public", "the VPN is late")
    ]
    assert found.verdict == "pass"


@pytest.mark.parametrize(
    ("days", "expected", "message"),
    [
        (0, WaiverStatus.EXPIRING, "the waiver expires today, on 2026-11-21"),
        (1, WaiverStatus.EXPIRING, "the waiver expires in 1 day, on 2026-11-22"),
        (30, WaiverStatus.EXPIRING, "the waiver expires in 30 days, on 2026-12-21"),
        (31, WaiverStatus.ACTIVE, ""),
    ],
)
def test_in_its_last_30_days_it_warns(days: int, expected: WaiverStatus, message: str) -> None:
    found = outcome(waiver(days=days))
    assert (found.findings, status(found), len(found.waived)) == ((), [expected], 1)
    assert [(f.control, f.problem.message) for f in found.warnings] == ([(EXPIRING, message)] if message else [])


def test_expired_it_is_a_finding_and_lifts_nothing() -> None:
    found = outcome(waiver(days=-1, file="w.yaml", line=3))
    assert [f.control for f in found.findings] == [private_endpoint, EXPIRED]
    assert found.findings[1].problem.message == "the waiver expired on 2026-11-20, 1 finding counts again"
    assert (found.findings[1].subject.file, found.findings[1].subject.line()) == ("w.yaml", 3)
    assert (status(found), found.waived) == ([WaiverStatus.EXPIRED], ())


def test_expired_and_unmatched_is_said_once() -> None:
    found = outcome(waiver("Elsewhere", days=-1))
    assert [f.control for f in found.findings] == [private_endpoint, EXPIRED]
    assert found.findings[1].problem.message.endswith("and nothing matches it")


@pytest.mark.parametrize("scope", ["Elsewhere", "Payments/Private"])
def test_unmatched_it_is_a_finding(scope: str) -> None:
    found = outcome(waiver(scope))
    assert [f.control for f in found.findings] == [private_endpoint, UNMATCHED]
    assert status(found) == [WaiverStatus.UNMATCHED]


def test_a_waiver_of_a_control_that_is_not_judged_is_left_alone() -> None:
    found = evaluate(Assembly([Template("Payments", BODY)]), [], waivers=[waiver()], today=TODAY)
    assert (found.findings, found.waivers) == ((), ())


def test_two_waivers_over_one_finding_both_match() -> None:
    found = outcome(waiver(), waiver("Payments"), waiver(days=-1))
    assert [f.control for f in found.findings] == [EXPIRED]
    assert status(found) == [WaiverStatus.ACTIVE, WaiverStatus.ACTIVE, WaiverStatus.EXPIRED]


def test_a_lesser_finding_is_a_warning_and_can_still_be_waived() -> None:
    assert [f.control for f in outcome(fail_on=Severity.CRITICAL).warnings] == [private_endpoint]
    assert outcome(waiver(), fail_on=Severity.CRITICAL).warnings == ()


PARAMETER = Subject.of_entry(
    Template("Payments", {}, construct_paths={"Password": "App/Password"}), "Parameters", "Password"
)
ASSEMBLY = Subject.of_assembly(Assembly([]))
ACCOUNT = Subject.of_assembly(Assembly([], regions=["eu-west-1"]))


@pytest.mark.parametrize(("scope", "by", "covered"), [
    ("App", "construct", [PARAMETER]),
    ("App/Pass*", "path", [PARAMETER]),
    ("Payments/Parameters/Password", "subject", [PARAMETER]),
    ("*/Parameters/*", "subject", [PARAMETER]),
    ("Password", "resource", []),
    ("*", "resource", []),
    ("assembly", "subject", [ASSEMBLY]),
    ("assembly", "construct", []),
    ("account:*", "subject", [ACCOUNT]),
    ("account:eu-west-1", "subject", [ACCOUNT]),
    ("account:eu-west-2", "subject", []),
])  # fmt: skip
def test_scope_of_what_is_not_a_resource(scope: str, by: str, covered: list[Subject]) -> None:
    assert [s for s in (PARAMETER, ASSEMBLY, ACCOUNT) if waiver(scope, by=by).covers(s)] == covered


def test_a_control_is_named_by_id_or_name() -> None:
    for name in ("cp-01", "private_endpoint"):
        found = outcome(dataclasses.replace(waiver(), control=name))
        assert [state.waiver.control for state in found.waivers] == ["CP-01"]
        assert len(found.waived) == 1


def test_fails_when_a_waiver_names_an_unknown_control() -> None:
    wrong = [dataclasses.replace(waiver(), control=name, file="w.yaml", line=7) for name in ("CP-011", "nope")]
    with pytest.raises(UnusableInputError) as caught:
        outcome(waiver(), *wrong)
    assert [str(problem) for problem in caught.value.problems] == [
        "w.yaml:7: unknown control 'CP-011': did you mean CP-01, CP-11, CP-02",
        "w.yaml:7: unknown control 'nope': did you mean no_users",
    ]
    with pytest.raises(UnusableInputError, match="the waiver of Payments/Cluster: unknown control 'CP-0'"):
        outcome(dataclasses.replace(waiver(), control="CP-0"))


def test_a_waiver_of_a_teams_own_control_is_left_alone_where_that_is_not_known() -> None:
    found = outcome(dataclasses.replace(waiver(), control="XX-01", own=True))
    assert (found.waivers, [f.control for f in found.findings]) == ((), [private_endpoint])
