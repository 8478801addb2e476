"""Detections that share a rule: it matches what one of them does, and nothing else."""

import json
from collections import Counter

import pytest

from hardened_eks.detections import DETECTIONS, Detection, EventPattern, Parameters, Source
from hardened_eks.detections.grouping import Group, grouped, merged
from tests.detections.run import event_matches, parameters
from tests.detections.test_events import CASES

TOLD = {
    level: [d for d in DETECTIONS if not d.digest and (d.default or level == "full")] for level in ("default", "full")
}
GROUPS = {level: grouped(chosen, parameters()) for level, chosen in TOLD.items()}
ALL = [group for groups in GROUPS.values() for group in groups]
EVENTS = [
    event
    for (_, source), case in CASES.items()
    if source == Source.EVENTBRIDGE
    for event in (*case.fires, *case.silent)
]


@pytest.mark.parametrize("level", GROUPS)
def test_every_expression_is_in_one_rule(level: str) -> None:
    found = Counter(d.id for group in GROUPS[level] for d in group.detections)
    assert found == Counter(d.id for d in TOLD[level] for e in d.expressions if isinstance(e, EventPattern))


def test_the_default_set_needs_few_rules() -> None:
    assert len(GROUPS["default"]) <= 16
    assert len(GROUPS["full"]) <= 24


@pytest.mark.parametrize("group", ALL, ids=lambda group: group.name)
def test_a_rule_fires_if_and_only_if_one_of_its_detections_does(group: Group) -> None:
    patterns = [e.filled(parameters()) for d in group.detections for e in d.expressions if isinstance(e, EventPattern)]
    sources = {source for p in patterns for source in p.get("source", ())}
    # An event of another service matches no branch: a sample of them shows that the rule asks for the source at all.
    near = [event for number, event in enumerate(EVENTS) if event["source"] in sources or number % 25 == 0]
    for event in near:
        assert event_matches(dict(group.pattern), event) is any(event_matches(p, event) for p in patterns)


@pytest.mark.parametrize("group", ALL, ids=lambda group: group.name)
def test_a_rule_fits_and_has_one_severity_and_state(group: Group) -> None:
    assert len(json.dumps(group.pattern, separators=(",", ":"))) <= 2048
    assert {d.severity for d in group.detections} == {group.severity}
    states = {e.read_only_events for d in group.detections for e in d.expressions if isinstance(e, EventPattern)}
    assert states == {group.read_only_events}


def test_names_are_unique() -> None:
    for groups in GROUPS.values():
        assert len({group.name for group in groups}) == len(groups)


def test_values_of_later_take_the_room_that_they_may_need() -> None:
    """A token is short, and the ARN that it becomes is not."""
    short = parameters()
    tokens = tuple(f"${{Token[TOKEN.{number}]}}" for number in range(4))
    long = Parameters(
        {**{"cluster": "payments", "account": "1" * 12, "region": "eu-west-1"}, "trusted_automation": tokens}
    )
    eks = [d for d in TOLD["default"] if d.id.startswith("eks-")]
    assert len(grouped(eks, long)) > len(grouped(eks, short))
    assert len(grouped(eks, long, dict.fromkeys(tokens, 1))) <= len(grouped(eks, long))


class TestMerged:
    def test_one_alone_is_as_it_is(self) -> None:
        assert merged([{"a": [1]}, {"a": [1]}]) == {"a": [1]}

    def test_what_asks_for_less_makes_the_rest_idle(self) -> None:
        assert merged([{"a": [1]}, {"a": [1], "b": [2]}]) == {"a": [1]}

    def test_branches_of_its_own_stay_in_their_branch(self) -> None:
        either = [{"b": [1]}, {"c": [1]}]
        assert merged([{"a": [1], "$or": either}, {"a": [1], "d": [1]}]) == {
            "a": [1],
            "$or": [{"$or": either}, {"d": [1]}],
        }

    def test_common_parts_of_nested_objects_are_shared(self) -> None:
        assert merged([{"d": {"x": [1], "y": [1]}}, {"d": {"x": [1], "z": [1]}}]) == {
            "d": {"x": [1], "$or": [{"y": [1]}, {"z": [1]}]}
        }


def test_a_detection_without_an_event_pattern_needs_no_rule() -> None:
    (silent,) = [d for d in DETECTIONS if d.id == "audit-silent"]
    assert isinstance(silent, Detection)
    assert grouped([silent], parameters()) == ()
