"""Whatever comes, there is an answer that CloudFormation takes, and it is no pass by mistake."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hook import events
from tests.hook.asking import OPEN, Asked, ask

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3)
)
KEYS = st.sampled_from([
    "requestData", "actionInvocationPoint", "stackId", "awsAccountId", "changeSetId", "clientRequestToken",
])  # fmt: skip


def sound(found: Asked) -> None:
    assert found.status in {"SUCCESS", "FAILED"}
    assert 0 < len(found.message) <= 4096
    assert (found.answer.get("errorCode") in {"NonCompliant", "InternalFailure"}) is (found.status == "FAILED")
    assert isinstance(found.answer["clientRequestToken"], str)
    json.dumps(found.answer)


@settings(max_examples=40, deadline=None)
@given(JSON | st.dictionaries(KEYS, JSON, max_size=6))
def test_any_event_has_an_answer(event: Any) -> None:
    found = ask(event, {"template": "{}"})
    sound(found)
    assert found.status == "FAILED"


@settings(max_examples=15, deadline=None)
@given(KEYS, JSON)
def test_an_event_with_one_part_that_is_wrong_has_an_answer(key: str, value: Any) -> None:
    for event in (events.stack(), events.change_set(), events.resource("AWS::EKS::Cluster", OPEN["Properties"])):
        found = ask({**event, key: value}, {"template": json.dumps({"Resources": {"Cluster": OPEN}})})
        sound(found)
        assert found.status == "FAILED" or "deletions" in found.message


@settings(max_examples=25, deadline=None)
@given(JSON, JSON)
def test_any_properties_and_any_change_have_an_answer(properties: Any, other: Any) -> None:
    cluster = {"Type": "AWS::EKS::Cluster", "Properties": properties}
    change = {
        "logicalResourceId": "Cluster",
        "action": "Modify",
        "beforeContext": json.dumps(other),
        "afterContext": "{}",
    }
    for payload in ({"template": json.dumps({"Resources": {"Cluster": cluster}}), "changedResources": [change]},
                    {"template": json.dumps({"Resources": {"Cluster": cluster}}), "changedResources": other}):  # fmt: skip
        found = ask(events.change_set(), payload)
        sound(found)
        assert found.status == "FAILED"  # a cluster without its hardening, whatever else it says


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    found = ask(events.stack(), {"template": text})
    sound(found)
    assert found.status == "FAILED" or found.message.startswith("hardened-eks: no EKS here")
