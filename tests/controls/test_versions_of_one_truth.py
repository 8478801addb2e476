"""A version that one control tells people to use passes the others, on any day that the data knows."""

import re
from datetime import date, timedelta

import pytest

from hardened_eks.controls.control_plane import version_not_oldest, version_supported
from hardened_eks.data.kubernetes import VERSIONS
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate
from tests.controls.cases import template

CONTROLS = (version_supported, version_not_oldest)
ENDS = sorted({end for version in VERSIONS.values() if (end := version.end_of_standard_support) is not None})
DAYS = [end + timedelta(days=days) for end in ENDS[-4:] for days in (0, 1)]


def messages(version: str, day: date) -> list[str]:
    body = template({"Cluster": ("AWS::EKS::Cluster", {"Version": version})})
    return [f.problem.message for f in evaluate(Assembly([Template("T", body)]), CONTROLS, today=day).findings]


@pytest.mark.parametrize("day", DAYS, ids=map(str, DAYS))
def test_the_versions_of_the_message_pass(day: date) -> None:
    (told,) = [one for one in messages("1.23", day) if "not in standard support" in one]
    named = re.findall(r"\d\.\d\d", told.partition("use ")[2])
    assert named
    assert [messages(version, day) for version in named] == [[]] * len(named)
