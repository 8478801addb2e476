"""Every requirement of the source documents is answered, and outdated advice names what replaced it."""

import re

import pytest

from docs.sources import AREAS, answers, asked, page
from hardened_eks.reports.matrix import Line

PAGE = page("")
LINES = asked()


@pytest.mark.parametrize("line", LINES, ids=[line.requirement.key for line in LINES])
def test_a_requirement_is_answered(line: Line) -> None:
    assert answers(line), line.requirement.key


@pytest.mark.parametrize("source", [
    "docker-bench", "kubeaudit", "security-bulletins", "image-signing", "tls-ingress-to-pod", "oidc-identity",
    "audit-creator-role", "pipeline-vulnerability-report",
])  # fmt: skip
def test_a_line_of_the_sources_has_a_requirement(source: str) -> None:
    assert [line for line in LINES if source in line.requirement.references["seed"]]


@pytest.mark.parametrize("advice", [
    "Docker Bench", "kubeaudit", "aws-auth", "PodSecurityPolicy", "App Mesh", "Amazon Linux 2", "Audit Manager",
])  # fmt: skip
def test_outdated_advice_names_what_replaced_it(advice: str) -> None:
    _, _, section = PAGE.partition("## Outdated recommendations")
    (row,) = [row for row in section.splitlines() if advice in row]
    assert re.search(r"replaces? |kube-bench", row.split(" | ")[2])


def test_only_sources_are_listed_and_each_once() -> None:
    table = PAGE.partition("## Outdated recommendations")[0]
    titles = [row.split(" | ")[1] for row in re.findall(r"^\| (?!source).*$", table, re.MULTILINE)]
    assert sorted(titles) == sorted(line.requirement.title for line in LINES)


def test_each_area_has_a_section() -> None:
    assert re.findall(r"^## (.*)$", PAGE, re.MULTILINE) == [*dict.fromkeys(AREAS.values()), "Outdated recommendations"]
