"""Several accounts and Regions in one outcome: nothing of one is said of another."""

from datetime import date
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.evidence import Assembly, Template, Waiver
from hardened_eks.judging.environments import evaluate_each
from hardened_eks.judging.waivers import WaiverStatus

DAY = date(2026, 11, 29)
KY = [control for control in CATALOGUE if control.id == "KY-01"]


def account(id: str, *, rotates: bool, region: str = "eu-west-1") -> Assembly:
    key: dict[str, Any] = {"Type": "AWS::KMS::Key", "Properties": {"KeyId": "same", "EnableKeyRotation": rotates}}
    path = f"aws://{id}/{region}"
    template = Template("Stack", {"Resources": {"Key": key}}, path=path, account=id, region=region)
    return Assembly([template], regions=[region])


def waiver(**more: Any) -> Waiver:
    return Waiver(
        "KY-01", "Stack/Key", "a reason", **{"until": date(2027, 6, 30), "approver": "", "by": "resource", **more}
    )


def test_each_is_judged_alone_and_counted_together() -> None:
    outcome = evaluate_each([account("1" * 12, rotates=True), account("2" * 12, rotates=False)], KY, today=DAY)
    assert [finding.subject.file for finding in outcome.findings] == ["aws://222222222222/eu-west-1"]
    assert (outcome.resources, outcome.examined[KY[0]]) == (2, 2)


def test_no_account_is_no_pass() -> None:
    outcome = evaluate_each([], KY, today=DAY)
    assert outcome.verdict == "nothing examined"


@pytest.mark.parametrize(
    ("rotating", "until", "status", "lifted"),
    [
        ((True, False), date(2027, 6, 30), WaiverStatus.ACTIVE, 1),
        ((False, False), date(2027, 6, 30), WaiverStatus.ACTIVE, 2),
        ((True, True), date(2027, 6, 30), WaiverStatus.UNMATCHED, 0),
        ((True, False), date(2026, 12, 1), WaiverStatus.EXPIRING, 1),
        ((True, False), date(2026, 11, 1), WaiverStatus.EXPIRED, 1),
    ],
)
def test_a_waiver_is_judged_over_all_of_them(
    rotating: tuple[bool, bool], until: date, status: WaiverStatus, lifted: int
) -> None:
    accounts = [account(str(n) * 12, rotates=rotates) for n, rotates in enumerate(rotating, 1)]
    outcome = evaluate_each(accounts, KY, waivers=[waiver(until=until)], today=DAY)
    (state,) = outcome.waivers
    assert (state.status, state.lifted) == (status, lifted)
    told = [
        finding.control.id for finding in (*outcome.findings, *outcome.warnings) if finding.control.area == "waivers"
    ]
    expected = {WaiverStatus.ACTIVE: [], WaiverStatus.UNMATCHED: ["WV-02"], WaiverStatus.EXPIRING: ["WV-03"],
                WaiverStatus.EXPIRED: ["WV-01"]}  # fmt: skip
    assert told == expected[status]


def test_what_was_worked_out_is_forgotten_and_the_evidence_kept() -> None:
    one, other = account("1" * 12, rotates=False), account("2" * 12, rotates=False)
    outcome = evaluate_each([one, other], KY, today=DAY)
    assert not one._memo
    assert [finding.resource.get("KeyId") for finding in outcome.findings if finding.resource] == ["same", "same"]
