"""Trusted automation: CloudFormation for a named role, and nothing less."""

import json
from typing import Any

import pytest

from hardened_eks.detections import DETECTIONS, Severity, Source, read
from tests.detections.aws_cases import alerting, flat, iam, kms, trail
from tests.detections.cases import BUS
from tests.detections.eks_cases import ADDON, entry, grant, logging, update, vpc
from tests.detections.events import (
    CREATOR,
    FOREIGN,
    PARAMETERS,
    STRANGERS,
    TRUSTED,
    USER_STACK,
    Event,
    call,
    line,
    made_by,
    role,
)
from tests.detections.run import BY_ID, expression, fires, told
from tests.detections.test_events import CASES

ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
DEPLOYMENT = [
    call("eks", "CreateCluster", {"name": "ledger", "resourcesVpcConfig": {"endpointPublicAccess": False}}),
    entry("CreateAccessEntry"),
    grant(ADMIN),
    vpc(endpointPublicAccess=True),
    update(deletionProtection=False),
    logging({"types": ["audit"], "enabled": False}),
    ADDON,
    call("eks", "DeleteCluster", {"name": "ledger"}),
    kms("PutKeyPolicy"),
    trail("UpdateTrail"),
    iam("PutRolePolicy"),
    flat("0.0.0.0/0"),
    alerting("DeleteAlarms"),
]
DIGESTS = {d.id for d in DETECTIONS if d.digest}


@pytest.mark.parametrize("event", DEPLOYMENT, ids=lambda event: event["detail"]["eventName"])
def test_what_the_creator_role_deploys_is_a_digest(event: Event) -> None:
    assert told(made_by(event, TRUSTED), BUS) <= DIGESTS


@pytest.mark.parametrize("by", STRANGERS, ids=lambda by: f"{by['type']} {by.get('invokedBy', '')}")
@pytest.mark.parametrize("event", DEPLOYMENT, ids=lambda event: event["detail"]["eventName"])
def test_everybody_else_pages_as_by_hand(event: Event, by: dict[str, Any]) -> None:
    paged = told(made_by(event, by), BUS) - DIGESTS
    assert paged
    if event["source"] == "aws.eks":
        assert "eks-changed-by-hand" in paged


def test_an_access_entry_through_cloudformation_of_a_foreign_role_pages() -> None:
    for by in (FOREIGN, USER_STACK):
        assert told(made_by(entry("CreateAccessEntry"), by), BUS) >= {"eks-access-entry-changed", "eks-changed-by-hand"}
        assert "eks-admin-granted" in told(made_by(grant(ADMIN), by), BUS)


def test_a_name_that_begins_like_a_trusted_one_is_not_trusted() -> None:
    near = role(f"{CREATOR}-2", via="cloudformation.amazonaws.com")
    assert "eks-admin-granted" in told(made_by(grant(ADMIN), near), BUS)


def test_nobody_is_trusted_where_no_role_is_named() -> None:
    parameters = read({**PARAMETERS, "trusted_automation": []})
    concerned = [d for d in DETECTIONS if "trusted_automation" in str(d.expressions)]
    assert len(concerned) > 30
    for detection in concerned:
        for one in detection.expressions:
            case = CASES[detection.id, one.source]
            filled = one.filled(parameters)
            assert [e for e in case.fires if not fires(filled, e)] == []
            if one.source == Source.EVENTBRIDGE:
                assert fires(filled, made_by(case.fires[0], TRUSTED)), detection.id


CONCERNED = [
    (d.id, e.source)
    for d in DETECTIONS
    for e in d.expressions
    if "trusted_automation" in str(e) and e.source != Source.ALARM
]


@pytest.mark.parametrize(("id_", "source"), CONCERNED)
def test_both_directions_of_every_detection(id_: str, source: Source) -> None:
    """Through CloudFormation by the creator role: silent. Any other role, any other way: as by hand."""
    filled = expression(id_, source)
    for one in CASES[id_, source].fires:
        event = {"detail": json.loads(one)} if isinstance(one, str) else one
        for by in (TRUSTED, *STRANGERS):
            changed = made_by(event, by)
            seen = line(changed["detail"]) if isinstance(one, str) else changed
            assert fires(filled, seen) is (by is not TRUSTED), (event["detail"]["eventName"], by)


def test_every_page_about_a_change_knows_trusted_automation() -> None:
    """A new detection on mutating calls is on this list by its own decision only."""
    without = {
        d.id
        for d in DETECTIONS
        for e in d.expressions
        if e.source == Source.EVENTBRIDGE
        and "AWS API Call via CloudTrail" in str(e.pattern.get("detail-type"))
        and "trusted_automation" not in str(e)
        and d.severity != Severity.LOW
    }
    assert without == {
        "eks-changed-by-root",
        "eks-changed-by-iam-user",
        "break-glass-assumed",
        "root-used",
        "node-session",
    }


def test_what_is_trusted_is_still_in_the_digest() -> None:
    assert BY_ID["eks-changed"].digest
    assert told(made_by(entry("CreateAccessEntry"), TRUSTED), BUS) == {"eks-changed"}
