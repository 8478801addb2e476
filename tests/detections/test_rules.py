"""Rules for many detections tell what these detections tell, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hardened_eks.detections import DETECTIONS, Source
from hardened_eks.detections.grouping import Group, grouped
from tests.detections.cases import BUS
from tests.detections.run import event_matches, parameters
from tests.detections.test_events import CASES
from tests.detections.test_normal_deployment import DEPLOYED

EVENTS: list[dict[str, Any]] = [
    json.loads(text)
    for text in {
        json.dumps(e) for (_, source), case in CASES.items() if source == BUS for e in (*case.fires, *case.silent)
    }
]
FULL = grouped([d for d in DETECTIONS if not d.digest], parameters())
DEFAULT = grouped([d for d in DETECTIONS if d.default and not d.digest], parameters())


@pytest.mark.parametrize("group", FULL, ids=lambda group: group.name)
def test_a_rule_matches_what_one_of_its_detections_matches(group: Group) -> None:
    alone = [d.expression(Source.EVENTBRIDGE).filled(parameters()) for d in group.detections]  # type: ignore[union-attr]
    wrong = [
        event
        for event in EVENTS
        if event_matches(dict(group.pattern), event) is not any(event_matches(pattern, event) for pattern in alone)
    ]
    assert wrong == []


def test_every_detection_is_in_one_rule_of_its_severity() -> None:
    told = [d for d in DETECTIONS if not d.digest and d.expression(Source.EVENTBRIDGE)]
    assert sorted(d.id for group in FULL for d in group.detections) == sorted(d.id for d in told)
    assert all(d.severity == group.severity for group in FULL for d in group.detections)


@pytest.mark.parametrize("group", DEFAULT, ids=lambda group: group.name)
def test_a_normal_deployment_matches_no_rule_that_pages(group: Group) -> None:
    assert [event for event in DEPLOYED if event_matches(dict(group.pattern), event)] == []
