"""What an event asks, of each target; and events that are none."""

from typing import Any

import pytest

from hardened_eks.hook.function.requests import EventError, Request, Target, token_of
from tests.hook import events


def test_a_stack() -> None:
    found = Request.of(events.stack("UPDATE", name="Payments"))
    assert found == Request(
        target=Target.STACK, action="UPDATE", stack="Payments", account=events.ACCOUNT, region=events.REGION,
        url=events.URL,
    )  # fmt: skip
    assert found.target.whole


def test_a_change_set_is_of_the_stack_that_it_changes() -> None:
    found = Request.of(events.change_set())
    assert (found.target, found.stack, found.url) == (Target.CHANGE_SET, "Payments", events.URL)
    assert found.target.whole


def test_a_change_set_without_a_stack_has_no_name() -> None:
    found = Request.of(events.change_set(stackId=None))
    assert (found.stack, found.region) == ("resource", events.REGION)


def test_a_resource() -> None:
    found = Request.of(events.resource("AWS::EKS::Cluster", {"Name": "b"}, previous={"Name": "a"}, action="UPDATE"))
    assert found == Request(
        target=Target.RESOURCE, action="UPDATE", stack="Payments", account=events.ACCOUNT, region=events.REGION,
        type="AWS::EKS::Cluster", logical_id="Cluster", properties={"Name": "b"}, previous={"Name": "a"},
    )  # fmt: skip
    assert not found.target.whole


def test_what_cloud_control_creates_has_no_stack() -> None:
    found = Request.of(events.cloud_control("AWS::EKS::Cluster", {"Name": "a"}))
    assert (found.target, found.stack, found.logical_id) == (Target.CLOUD_CONTROL, "resource", "Cluster")


def test_a_target_type_that_says_cloud_control_counts() -> None:
    event = events.resource("AWS::EKS::Cluster", {})
    event["requestData"]["targetType"] = "CLOUD_CONTROL"
    assert Request.of(event).target is Target.CLOUD_CONTROL
    assert Request.of(event).type == "AWS::EKS::Cluster"


def test_a_deletion_needs_no_template_and_no_properties() -> None:
    event = events.stack("DELETE")
    del event["requestData"]["payload"]
    assert Request.of(event).action == "DELETE"
    assert Request.of(events.resource("AWS::EKS::Cluster", None, action="DELETE")).properties == {}


@pytest.mark.parametrize("spelling", ["clientRequestToken", "clientRequesttoken", "ClientRequestToken"])
def test_the_token_in_each_spelling(spelling: str) -> None:
    assert token_of({spelling: "t-1"}) == "t-1"


@pytest.mark.parametrize("event", [None, [], "x", {}, {"clientRequestToken": 5}])
def test_without_a_token(event: Any) -> None:
    assert token_of(event) == ""


def changed(event: dict[str, Any], *keys: str, value: Any = None) -> dict[str, Any]:
    inner = event
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    return event


@pytest.mark.parametrize(("event", "words"), [
    (None, "the event is a mapping, got NoneType"),
    ([], "got list"),
    ({}, "no requestData"),
    ({"requestData": []}, "no requestData"),
    (changed(events.stack(), "actionInvocationPoint", value="READ"), "'READ'"),
    (changed(events.stack(), "actionInvocationPoint"), "None"),
    (changed(events.stack(), "requestData", "payload"), "no payload"),
    (changed(events.change_set(), "requestData", "payload", value=5), "no payload"),
    (changed(changed(events.stack(), "requestData", "targetName"), "requestData", "targetType"), "targetName is None"),
    (changed(events.resource("A::B::C", {}), "requestData", "targetModel"), "no resourceProperties"),
    (events.resource("A::B::C", None), "no resourceProperties"),
    ({**events.stack(), "requestData": {"targetName": "CLOUD_CONTROL"}}, "not the type of a resource"),
    ({"RequestType": "Create", "ResponseURL": "https://x", "ResourceType": "Custom::A"}, "no requestData"),
])  # fmt: skip
def test_fails(event: Any, words: str) -> None:
    with pytest.raises(EventError) as caught:
        Request.of(event)
    assert words in str(caught.value)
