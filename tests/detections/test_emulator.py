"""The emulator's EventBridge takes every pattern and answers as its engine does when it is called directly."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from hardened_eks.detections import DETECTIONS, EventPattern
from tests.detections.run import fires, parameters
from tests.detections.cases import BUS
from tests.detections.test_events import CASES
from tests.emulator.service import REGION, serving

pytestmark = pytest.mark.emulator


@pytest.fixture(scope="module")
def events() -> Iterator[Any]:
    with serving() as url:
        yield boto3.client(
            "events", endpoint_url=url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
        )


def test_rules_and_verdicts(events: Any) -> None:
    for detection in DETECTIONS:
        for expression in detection.expressions:
            if isinstance(expression, EventPattern):
                filled = expression.filled(parameters())
                text, case = json.dumps(filled), CASES[detection.id, BUS]
                assert events.put_rule(Name=detection.id, EventPattern=text)["RuleArn"]
                for event in (case.fires[0], case.fires[-1], case.silent[0], case.silent[-1]):
                    answer = events.test_event_pattern(EventPattern=text, Event=json.dumps(event))["Result"]
                    assert answer is fires(filled, event), detection.id
