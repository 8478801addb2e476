"""Each severity has its channels, and no alert gets lost between two of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sns as sns
from constructs import Construct

from hardened_eks.alerts import AlertChannel, Route, Sender, Target
from hardened_eks.errors import ConfigurationError
from hardened_eks.severity import Severity

RULE = Sender(service="events.amazonaws.com", arn="arn:aws:events:eu-west-1:123456789012:rule/r")
CRITICAL, HIGH, MEDIUM, LOW = Severity


@dataclass
class Named:
    name: str
    told: list[Sender] = field(default_factory=list)

    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        return [Target(id=self.name, arn=self.name)]


A, B, C = Named("a"), Named("b"), Named("c")


def told(route: Route, severity: Severity | None) -> list[str]:
    stack: Any = None  # nothing is made
    return [target.arn for target in route.connect(stack, replace(RULE, severity=severity))]


@pytest.mark.parametrize(
    ("given", "severity", "expected"),
    [
        ({"critical": [A], "high": [B], "medium": [C], "low": [C]}, CRITICAL, ["a"]),
        ({"critical": [A], "high": [B], "medium": [C], "low": [C]}, LOW, ["c"]),
        ({"critical": [A], "medium": [B]}, HIGH, ["b"]),
        ({"critical": [A], "medium": [B]}, LOW, ["b"]),
        ({"critical": [A]}, LOW, ["a"]),
        ({"low": [C]}, CRITICAL, ["c"]),
        ({"high": [A, B]}, CRITICAL, ["a", "b"]),
        ({"critical": [A, B], "high": [B, C]}, None, ["a", "b", "c"]),
    ],
)
def test_routes(given: dict[str, list[Named]], severity: Severity | None, expected: list[str]) -> None:
    assert told(Route(**given), severity) == expected


def test_targets_of_one_kind_differ_in_id() -> None:
    stack = cdk.Stack(cdk.App(), "Alerts")
    topics = [sns.Topic.from_topic_arn(stack, name, f"arn:aws:sns:eu-west-1:123456789012:{name}") for name in "ab"]
    route = Route(critical=topics)
    assert isinstance(route, AlertChannel)
    assert [target.id for target in route.connect(stack, replace(RULE, severity=CRITICAL))] == ["Topic", "Topic2"]


def test_fails_with_all_mistakes() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Route(critical=[Named] * 1 + [A] * 6, high="ops@example.com", medium=["x"])  # type: ignore[list-item,arg-type]
    assert [problem.split(" ", 1)[0] for problem in caught.value.problems] == ["critical", "critical", "high", "medium"]
    with pytest.raises(ConfigurationError, match="no severity has a channel: pass critical="):
        Route()
    with pytest.raises(ConfigurationError, match="no severity has a channel"):
        Route(critical=[], low=())
