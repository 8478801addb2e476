"""Waiver files, and every mistake in them with its line."""

from datetime import date, datetime
from pathlib import Path

import pytest

from hardened_eks.sources import UnusableInputError
from hardened_eks.sources.waivers import parse_day, read_waivers
from tests.sources.assembly import write

GOOD = """
waivers:
  - control: CP-01
    resource: Payments/Cluster*
    reason: the VPN is late
    until: 2027-01-31
    approver: jane@example.com
  - control: private_endpoint
    path: "*/Cluster"
    reason: the VPN is late
    until: "2027-02-28"
  - control: team_rule
    subject: Payments/Parameters/*
    reason: the VPN is late
    until: 2027-03-31
"""


def test_a_file_of_waivers(tmp_path: Path) -> None:
    path = write(tmp_path / "w.yaml", GOOD)
    one, two, three = read_waivers([path])
    assert (one.control, one.scope, one.by, one.until) == (
        "CP-01",
        "Payments/Cluster*",
        "resource",
        date(2027, 1, 31),
    )
    assert (one.reason, one.approver, one.origin) == ("the VPN is late", "jane@example.com", f"{path}:3")
    assert (two.control, two.scope, two.by, two.origin) == ("private_endpoint", "*/Cluster", "path", f"{path}:8")
    assert (three.control, three.scope, three.by) == ("team_rule", "Payments/Parameters/*", "subject")


def test_json_will_do(tmp_path: Path) -> None:
    path = write(
        tmp_path / "w.json", {"waivers": [{"control": "CP-01", "resource": "a", "reason": "r", "until": "2027-01-31"}]}
    )
    assert len(read_waivers([path])) == 1


def test_no_waivers_are_fine(tmp_path: Path) -> None:
    assert read_waivers([write(tmp_path / "w.yaml", "waivers: []\n")]) == ()


ENTRY = "waivers:\n- control: CP-01\n  resource: a\n  reason: r\n  until: 2027-01-31\n"


@pytest.mark.parametrize(("text", "expected"), [
    ("[]", ["1: not a waiver file: it holds one list, `waivers:`"]),
    ("a: 1", ["1: not a waiver file: it holds one list, `waivers:`"]),
    ("waivers: []\nwaiver: 1", ["2: not a waiver file: it holds one list, `waivers:`"]),
    ("waivers: 1", ["1: not a waiver file: it holds one list, `waivers:`"]),
    ("waivers:\n- 1", ["2: a waiver is a mapping with control, resource, path, subject, reason, until, approver, got 1"]),
    (ENTRY.replace("CP-01", "12"), ["2: control is a string, got 12", "2: a waiver names the control it waives"]),
    (ENTRY.replace("resource: a", "resorce: a"), ["3: unknown key 'resorce', did you mean resource",
                                                  "2: a waiver names one of `resource` (Stack/LogicalId), `path`"]),
    (ENTRY.replace("resource: a", "resource: a\n  path: b"), ["3: a waiver names one of `resource` (Stack/LogicalId),"]),
    (ENTRY.replace("reason: r", "reason: ' '"), ["4: a waiver needs a reason that a reviewer would accept"]),
    (ENTRY.replace("  reason: r\n", ""), ["2: a waiver needs a reason that a reviewer would accept"]),
    (ENTRY.replace("2027-01-31", "2027-02-31"), ["5: until is a day of the calendar as YYYY-MM-DD, got '2027-02-31'"]),
    (ENTRY.replace("2027-01-31", "31.1.2027"), ["5: until is a day as YYYY-MM-DD, got '31.1.2027'"]),
    (ENTRY.replace("  until: 2027-01-31\n", ""), ["2: a waiver needs `until`, its last day, as YYYY-MM-DD"]),
    (ENTRY + "  control: CP-01\n", ["6: duplicate key 'control', it is first on line 2"]),
    ("", ["the file is empty"]),
])  # fmt: skip
def test_fails_with_path_and_line(tmp_path: Path, text: str, expected: list[str]) -> None:
    path = write(tmp_path / "w.yaml", text)
    with pytest.raises(UnusableInputError) as caught:
        read_waivers([path])
    found = [str(problem).removeprefix(f"{path}:").strip() for problem in caught.value.problems]
    assert [f[: len(e)] for f, e in zip(found, expected, strict=True)] == expected


def test_fails_with_the_mistakes_of_all_files(tmp_path: Path) -> None:
    one = write(tmp_path / "one.yaml", "a: 1")
    with pytest.raises(UnusableInputError) as caught:
        read_waivers([one, tmp_path / "two.yaml"])
    assert [problem.path for problem in caught.value.problems] == [str(one), str(tmp_path / "two.yaml")]


def test_days() -> None:
    assert parse_day(date(2027, 1, 1)) == date(2027, 1, 1)
    assert parse_day(datetime(2027, 1, 1, 12)) == date(2027, 1, 1)
    assert isinstance(parse_day(20270101), str)  # type: ignore[arg-type]
