"""Which events a pattern matches: the operators of EventBridge, and what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from hardened_eks.evidence import Template, Unknown
from hardened_eks.evidence.views.event_patterns import mismatch, pattern_of

EVENT = {
    "source": "aws.sts",
    "detail": {
        "eventName": "AssumeRole",
        "sourceIPAddress": "203.0.113.7",
        "seconds": 3600,
        "readOnly": True,
        "resources": [{"ARN": "a"}, {"ARN": "b"}],
        "tags": ["x", "y"],
    },
}
HIDDEN = Unknown({"Ref": "Who"}, Template("T", {}))


def detail(**wanted: Any) -> dict[str, Any]:
    return {"detail": wanted}


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws.sts"]},
        {"source": ["aws.iam", "aws.sts"]},
        detail(eventName=[{"prefix": "Assume"}]),
        detail(eventName=[{"prefix": {"equals-ignore-case": "assume"}}]),
        detail(eventName=[{"suffix": "Role"}]),
        detail(eventName=[{"wildcard": "*sum*Role"}]),
        detail(eventName=[{"equals-ignore-case": "assumerole"}]),
        detail(eventName=[{"anything-but": ["GetCallerIdentity"]}]),
        detail(eventName=[{"anything-but": {"prefix": "Get"}}]),
        detail(eventName=[{"exists": True}], errorCode=[{"exists": False}]),
        detail(sourceIPAddress=[{"cidr": "203.0.113.0/24"}]),
        detail(seconds=[{"numeric": [">", 0, "<=", 3600]}]),
        detail(seconds=[3600], readOnly=[True]),
        detail(resources={"ARN": ["b"]}),
        detail(tags=["y"]),
        detail(**{"$or": [{"eventName": ["x"]}, {"readOnly": [True]}]}),
        {"$or": [{"source": ["aws.sts"]}]},
    ],
)
def test_matches(pattern: dict[str, Any]) -> None:
    assert mismatch(pattern, EVENT) == ""


@pytest.mark.parametrize(
    ("pattern", "field"),
    [
        ({"source": ["aws.iam"]}, "source"),
        ({"source": "aws.sts"}, "source"),
        ({"source": []}, "source"),
        (detail(eventName=[{"prefix": "Get"}]), "detail.eventName"),
        (detail(eventName=[{"wildcard": "Assume"}]), "detail.eventName"),
        (detail(eventName=[{"anything-but": ["AssumeRole"]}]), "detail.eventName"),
        (detail(eventName=[{"anything-but": {"wildcard": "Assume*"}}]), "detail.eventName"),
        (detail(eventName=[{"anything-but": [HIDDEN]}]), "detail.eventName"),
        (detail(eventName=[{"anything-but": {"prefix": HIDDEN}}]), "detail.eventName"),
        (detail(eventName=[HIDDEN]), "detail.eventName"),
        (detail(eventName=[{"prefix": HIDDEN}]), "detail.eventName"),
        (detail(eventName=HIDDEN), "detail.eventName"),
        (detail(eventName=[{"exists": False}]), "detail.eventName"),
        (detail(eventName=[{"exists": "true"}]), "detail.eventName"),
        (detail(eventName=[{"sounds-like": "AssumeRole"}]), "detail.eventName"),
        (detail(eventName=[{"prefix": "A", "suffix": "e"}]), "detail.eventName"),
        (detail(errorCode=[{"anything-but": ["x"]}]), "detail.errorCode"),
        (detail(sourceIPAddress=[{"cidr": "198.51.100.0/24"}]), "detail.sourceIPAddress"),
        (detail(sourceIPAddress=[{"cidr": "nowhere"}]), "detail.sourceIPAddress"),
        (detail(seconds=[{"numeric": [">", 3600]}]), "detail.seconds"),
        (detail(seconds=[{"numeric": []}]), "detail.seconds"),
        (detail(readOnly=[{"numeric": ["=", 1]}]), "detail.readOnly"),
        (detail(seconds=["3600"]), "detail.seconds"),
        (detail(resources={"ARN": ["c"]}), "detail.resources.ARN"),
        (detail(userIdentity={"type": ["Root"]}), "detail.userIdentity.type"),
        (detail(**{"$or": [{"eventName": ["x"]}, {"readOnly": [False]}]}), "detail.eventName"),
        (detail(**{"$or": []}), "detail.$or"),
        ("aws.sts", "EventPattern"),
    ],
)
def test_does_not_match(pattern: Any, field: str) -> None:
    assert mismatch(pattern, EVENT) == field


def test_values_may_stand_for_others() -> None:
    assert mismatch(detail(eventName=[HIDDEN]), EVENT, lambda value: "AssumeRole" if value is HIDDEN else value) == ""


@pytest.mark.parametrize("written", [None, "", "no JSON", "[]", {}, HIDDEN, 5])
def test_there_is_no_pattern(written: Any) -> None:
    assert pattern_of(written) is None


def test_a_pattern_may_be_text() -> None:
    assert pattern_of('{"source": ["aws.sts"]}') == {"source": ["aws.sts"]}
