"""The ID of a finding in Security Hub and OCSF: it stays the same as long as the finding does."""

from dataclasses import replace

import pytest

from hardened_eks.controls.control_plane import public_cidrs
from hardened_eks.reports import Report
from hardened_eks.reports.environments import stable_id
from hardened_eks.reports.model import Entry


@pytest.fixture
def entry(everything: Report) -> Entry:
    return next(one for one in everything.entries if one.message)


@pytest.mark.parametrize("part", ["message", "property_path", "subject", "file", "arn"])
def test_a_finding_that_differs_in_one_part_is_another(entry: Entry, part: str) -> None:
    assert stable_id(replace(entry, **{part: "another"})) != stable_id(entry)


def test_another_control_is_another_finding(entry: Entry) -> None:
    assert stable_id(replace(entry, control=public_cidrs)) != stable_id(entry)


def test_a_waiver_a_line_or_a_severity_make_no_new_finding(entry: Entry) -> None:
    same = replace(entry, line=(entry.line or 0) + 1, waiver_reason="accepted", severity=entry.control.severity)
    assert stable_id(same) == stable_id(entry)


def test_the_arn_tells_a_resource_that_moved_to_another_stack(entry: Entry) -> None:
    found = replace(entry, arn="arn:aws:eks:eu-west-1:123456789012:cluster/payments")
    assert stable_id(replace(found, subject="Other/Cluster")) == stable_id(found)
