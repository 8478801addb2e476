"""A normal deployment matches no rule of the default set that tells somebody."""

from __future__ import annotations

import pytest

from hardened_eks.detections import DETECTIONS
from hardened_eks.detections.grouping import Group, grouped
from tests.detections.run import event_matches, parameters
from tests.detections.test_normal_deployment import DEPLOYED

DEFAULT = grouped([d for d in DETECTIONS if d.default and not d.digest], parameters())


@pytest.mark.parametrize("group", DEFAULT, ids=lambda group: group.name)
def test_a_normal_deployment_matches_no_rule_that_pages(group: Group) -> None:
    assert [event for event in DEPLOYED if event_matches(dict(group.pattern), event)] == []
