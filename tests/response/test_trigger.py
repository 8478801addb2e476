"""What starts a response is what its detection sees, of this cluster, and nothing that a response does."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from hardened_eks import response
from hardened_eks.response._trigger import pattern
from tests.detections import events
from tests.detections.cases import BUS
from tests.detections.run import event_matches
from tests.detections.test_events import CASES

ACTIONS = (
    response.CloseEndpoint, response.RestoreLogging, response.QuarantineNode, response.RevokeSessions,
    response.QuarantineImage,
)  # fmt: skip
ANSWERED = sorted({detection for action in ACTIONS for detection in action.answers})
OWN = [f"arn:aws:iam::{events.ACCOUNT}:role/{name}" for name in ("response-one", "response-two")]
TRUSTED = [events.CREATOR, f"arn:aws:iam::{events.ACCOUNT}:role/ledger-pipeline"]


def found(detection: str) -> dict[str, Any]:
    return pattern(detection, cluster=events.CLUSTER, trusted=TRUSTED, own=OWN)


def of_cluster(event: dict[str, Any], name: str) -> dict[str, Any]:
    changed = copy.deepcopy(event)
    changed["detail"].setdefault("requestParameters", {})["name"] = name
    return changed


@pytest.mark.parametrize("detection", ANSWERED)
def test_it_is_what_the_detection_sees(detection: str) -> None:
    case, seen = CASES[detection, BUS], found(detection)
    for event in case.fires:
        assert event_matches(seen, of_cluster(event, events.CLUSTER) if seen["source"] == ["aws.eks"] else event)
    for event in case.silent:
        assert not event_matches(seen, event)


@pytest.mark.parametrize("detection", [one for one in ANSWERED if one.startswith("eks-")])
def test_of_this_cluster_only_and_not_its_own(detection: str) -> None:
    case, seen = CASES[detection, BUS], found(detection)
    for event in case.fires:
        ours = of_cluster(event, events.CLUSTER)
        assert not event_matches(seen, of_cluster(event, "ledger-2"))
        for arn in OWN:
            for via in ("", "states.amazonaws.com", "cloudformation.amazonaws.com"):
                assert not event_matches(seen, events.made_by(ours, events.role(arn, via=via)))
        for by in events.STRANGERS:
            assert event_matches(seen, events.made_by(ours, by)), by
        assert not event_matches(seen, events.made_by(ours, events.TRUSTED))


def test_without_trusted_roles() -> None:
    seen = pattern("eks-endpoint-public", cluster=events.CLUSTER, trusted=(), own=OWN)
    event = of_cluster(CASES["eks-endpoint-public", BUS].fires[0], events.CLUSTER)
    assert event_matches(seen, events.made_by(event, events.TRUSTED))
    assert not event_matches(seen, events.made_by(event, events.role(OWN[0], via=events.CLOUDFORMATION)))


def test_answers_have_patterns() -> None:
    assert len(ANSWERED) == 9
    with pytest.raises(TypeError, match="k8s-forbidden has no event pattern"):
        found("k8s-forbidden")
