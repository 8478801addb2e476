"""An account of which something may be missing: what a control may still say."""

from collections.abc import Iterator
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.model import Control, Problem
from hardened_eks.evidence import Assembly, Resource, Template
from hardened_eks.evidence.resource import NOT_SEEN
from hardened_eks.judging.evaluation import Outcome, evaluate

VPC = {"Type": "AWS::EC2::VPC", "Properties": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}}
LOG = {"Type": "AWS::EC2::FlowLog", "Properties": {
    "ResourceId": "vpc-1", "ResourceType": "VPC", "TrafficType": "ALL", "LogDestinationType": "s3",
    "LogDestination": "arn:aws:s3:::flows"}}  # fmt: skip
KEY = {"Type": "AWS::KMS::Key", "Properties": {"KeyId": "k", "EnableKeyRotation": True}}


def named(id: str) -> Control:
    return next(control for control in CATALOGUE if control.id == id)


def judged(resources: dict[str, Any], *controls: Control, hidden: tuple[str, ...] = ()) -> Outcome:
    template = Template("111122223333:eu-west-1", {"Resources": resources}, account="111122223333", region="eu-west-1")
    return evaluate(Assembly([template], regions=["eu-west-1"], hidden=hidden), controls)


def test_what_is_missing_is_a_finding_where_everything_was_seen() -> None:
    outcome = judged({"Vpc": VPC}, named("NW-01"))
    assert [finding.control.id for finding in outcome.findings] == ["NW-01"]
    assert outcome.unseen == ()


def test_what_is_missing_is_not_seen_where_it_may_not_be_listed() -> None:
    outcome = judged({"Vpc": VPC}, named("NW-01"), hidden=("AWS::EC2::FlowLog",))
    assert outcome.findings == ()
    assert [finding.problem.message for finding in outcome.unseen] == ["resources of AWS::EC2::FlowLog may be missing"]
    assert outcome.examined[named("NW-01")] == 0
    assert outcome.verdict == "incomplete"


def test_what_is_well_is_not_known_to_be_where_more_may_be_there() -> None:
    """It asked for flow logs, and one may be there that it has not seen: it says nothing, it does not pass."""
    outcome = judged({"Vpc": VPC, "Log": LOG}, named("NW-01"), hidden=("AWS::EC2::FlowLog",))
    assert outcome.findings == ()
    assert outcome.examined[named("NW-01")] == 0


def test_a_type_that_nobody_asked_for_hides_nothing() -> None:
    outcome = judged({"Key": KEY}, named("KY-01"), hidden=("AWS::EC2::FlowLog",))
    assert (outcome.findings, outcome.unseen, outcome.examined[named("KY-01")]) == ((), (), 1)


def test_the_account_says_which_resources_of_a_controls_own_types_may_be_missing() -> None:
    outcome = judged({"Key": KEY}, named("KY-01"), hidden=("AWS::KMS::Key",))
    assert [(one.subject.id, one.problem.message) for one in outcome.unseen] == [
        ("account:eu-west-1", "resources of AWS::KMS::Key may be missing")
    ]


@pytest.mark.parametrize("id", ["KY-01", "KY-02"])
def test_a_property_that_nobody_may_read_is_not_seen(id: str) -> None:
    reason = {NOT_SEEN: "kms:GetKeyPolicy of k failed (AccessDenied)"}
    hidden = {"Type": "AWS::KMS::Key", "Properties": {"KeyId": "k", "EnableKeyRotation": reason, "KeyPolicy": reason}}
    outcome = judged({"Key": hidden}, named(id))
    assert outcome.findings == ()
    (one,) = outcome.unseen
    assert one.problem.message == "it cannot be read: kms:GetKeyPolicy of k failed (AccessDenied)"


def test_a_control_that_passes_what_it_does_not_know_passes_nothing_that_is_not_seen() -> None:
    """IM-08 is content with any lifecycle policy, one that is known only at deployment too."""
    repository = {"Type": "AWS::ECR::Repository", "Properties": {
        "RepositoryName": "r", "LifecyclePolicy": {NOT_SEEN: "ecr:GetLifecyclePolicy of r failed (AccessDenied)"}}}  # fmt: skip
    outcome = judged({"Repository": repository}, named("IM-08"))
    assert (outcome.findings, outcome.examined[named("IM-08")]) == ((), 0)
    assert len(outcome.unseen) == 1


def test_what_was_worked_out_once_hides_for_every_control_that_asks_for_it() -> None:
    def shared(resource: Resource, assembly: Assembly) -> list[Resource]:
        return assembly.once("shared", lambda: assembly.of("AWS::EC2::FlowLog"))

    def check(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
        if not shared(resource, assembly):
            yield Problem("it has none")

    from dataclasses import replace

    controls = [replace(named("NW-01"), id=id, check=check) for id in ("XX-01", "XX-02")]
    outcome = judged({"Vpc": VPC}, *controls, hidden=("AWS::EC2::FlowLog",))
    assert outcome.findings == ()
    assert [one.control.id for one in outcome.unseen] == ["XX-01", "XX-02"]


def test_a_written_property_that_is_wrong_stays_a_finding() -> None:
    entry = {"Type": "AWS::EC2::FlowLog", "Properties": {**LOG["Properties"], "TrafficType": "REJECT"}}
    with_path = [one for one in CATALOGUE if "AWS::EC2::FlowLog" in one.types]
    before = {f.control.id for f in judged({"Vpc": VPC, "Log": entry}, *with_path).findings if f.problem.path}
    after = {f.control.id for f in judged({"Vpc": VPC, "Log": entry}, *with_path, hidden=("AWS::EC2::VPC",)).findings}
    assert before
    assert before <= after


def test_templates_are_judged_as_ever() -> None:
    assembly = Assembly([Template("S", {"Resources": {"Vpc": VPC}})])
    assert [finding.control.id for finding in evaluate(assembly, [named("NW-01")]).findings] == ["NW-01"]
