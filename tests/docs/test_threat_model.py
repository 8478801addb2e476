"""What the threat model says is so: each action is decided, each control is judged on the reference app."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import hardened_eks
from hardened_eks.controls import CATALOGUE
from hardened_eks.detections import DETECTIONS
from hardened_eks.judging.evaluation import Outcome, evaluate
from hardened_eks.sources import load
from tests.docs.threat_model import AWS, PEOPLE, ROLES, THINGS, World
from tests.stacks.conftest import Synthesized, synthesize

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/threat-model.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<who>[^|`]+) \| `(?P<action>[\w-]+:\w+)` \| (?P<on>[^|]+) \| (?P<answer>yes|no) \|", re.M)
ROWS = [(row["who"], row["action"], row["on"], row["answer"]) for row in ROW.finditer(PAGE)]
CONTROLS = sorted(set(re.findall(r"\b[A-Z]{2}-\d\d\b", PAGE)))
NOTHING_TO_SEE = {
    "NW-04": "there is no route but the VPC's own",
    "NW-25": "there is no route but the VPC's own",
    "ST-01": "there is no bucket",
    "ST-02": "there is no bucket",
    "LG-10": "the audit log has no subscription and no transformer",
    "LG-03": "there is no trail: the page says so",
}


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    return synthesize(tmp_path_factory.mktemp("deployed"), "isolated")


@pytest.fixture(scope="module")
def world(deployed: Synthesized) -> World:
    return World(deployed.templates)


@pytest.fixture(scope="module")
def outcome(deployed: Synthesized) -> Outcome:
    return evaluate(load([deployed.directory]).assembly, CATALOGUE)


@pytest.mark.parametrize(("who", "action", "on", "answer"), ROWS, ids=[f"{who} {a} on {on}" for who, a, on, _ in ROWS])
def test_the_action_is_decided_so(world: World, who: str, action: str, on: str, answer: str) -> None:
    assert world.allows(who, action, on) is (answer == "yes")


def test_every_row_of_every_table_of_actions_is_read() -> None:
    tables = re.findall(r"^\| who \| action \| on \| \| because \|\n\|.*\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert len(tables) >= 8
    assert sum(table.count("\n") for table in tables) == len(ROWS) > 70
    assert {answer for *_, answer in ROWS} == {"yes", "no"}
    assert set(ROLES) | set(PEOPLE) <= {who for who, *_ in ROWS}
    assert set(THINGS) == {on for _, _, on, _ in ROWS}, "nothing is left over"


def test_what_the_texts_add_to_the_tables(world: World) -> None:
    soon = {"kms:ScheduleKeyDeletionPendingWindowInDays": "7"}
    assert not world.allows("creator role", "kms:ScheduleKeyDeletion", "a key in the stacks", **soon)
    assert world.allows("account administrator", "kms:ScheduleKeyDeletion", "the volumes key", **soon)
    assert world.allows("EBS driver", "kms:CreateGrant", "the volumes key", **{"kms:GrantIsForAWSResource": "true"})
    through = {"kms:ViaService": "ec2.eu-central-1.amazonaws.com"}
    assert world.allows("creator role", "kms:Decrypt", "a key in the stacks", **through)
    driver = {"ec2:ResourceTag/ebs.csi.aws.com/cluster": "true"}
    assert world.allows("EBS driver", "ec2:DeleteVolume", "a volume", **driver)
    assert world.allows("aws-node", "ec2:DetachNetworkInterface", "a network interface")
    assert world.allows("node", "eks:DescribeCluster", "another cluster")
    for action in ("eks:UpdateClusterConfig", "logs:PutLogGroupDeletionProtection"):
        assert world.allows("creator role", action, "the cluster" if "eks" in action else "the audit log")


@pytest.mark.parametrize("control", CONTROLS)
def test_the_control_holds_in_the_default_deployment(outcome: Outcome, control: str) -> None:
    (known,) = [one for one in CATALOGUE if one.id == control]
    assert [f for f in outcome.findings if f.control is known] == []
    assert (outcome.examined.get(known, 0) == 0) is (control in NOTHING_TO_SEE)


def test_the_constructs_exist() -> None:
    names = set(re.findall(r"`(?:hardened_eks\.)?([A-Z]\w+)(?:\([^`]*\))?`", PAGE))
    assert names >= {"Network", "Dns", "CreatorRole", "BreakGlassRole", "Repository", "Keys", "Cluster"}
    assert names <= set(hardened_eks.__all__)


# What the page says is not there; whoever adds it extends the page.
ABSENT = (
    "AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::CloudTrail::Trail", "AWS::GuardDuty::Detector",
    "AWS::Config::ConfigurationRecorder", "AWS::Backup::BackupPlan", "AWS::SNS::Subscription",
    "AWS::ECR::SigningConfiguration", "AWS::StepFunctions::Activity",
)  # fmt: skip


def kinds(world: World) -> Iterator[str]:
    yield from (body["Type"] for body in world.resources.values())


def test_what_is_said_to_be_missing_is_missing(world: World) -> None:
    assert set(kinds(world)) & set(ABSENT) == set()


def deployed_text(world: World) -> str:
    return json.dumps([body for body in world.resources.values() if body["Type"] != "AWS::CloudWatch::Dashboard"])


class TestWhatIsDetected:
    KNOWN = {detection.id: detection for detection in DETECTIONS}
    TABLE = PAGE[PAGE.index("## What is detected") : PAGE.index("Remaining risks:")]

    def test_every_detection_that_is_said_to_tell_is_deployed(self, world: World) -> None:
        told = set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", PAGE)) & self.KNOWN.keys()
        assert len(told) > 15
        text = deployed_text(world)
        assert {id_ for id_ in told if id_ not in text} == {"dns-blocked"}, "the page says that it is in the level full"
        assert not self.KNOWN["dns-blocked"].default

    def test_they_tell_and_are_no_digest(self) -> None:
        assert [
            one for one in re.findall(r"`([a-z0-9-]+)`", self.TABLE) if one in self.KNOWN and self.KNOWN[one].digest
        ] == []

    def test_only_reports_can_be_forged(self, world: World) -> None:
        rules = [b["Properties"]["EventPattern"] for b in world.resources.values() if b["Type"] == "AWS::Events::Rule"]
        sources = {source for pattern in rules for source in every_source(pattern)}
        assert {source for source in sources if not source.startswith("aws.")} == {"hardened-eks"}
        assert all(every_source(pattern) for pattern in rules), "a rule without a source hears everybody"

    def test_state_machines_can_do_no_more_than_report_and_read(self, world: World) -> None:
        policies = [
            b
            for k, b in world.resources.items()
            if k.startswith("Detection") and b["Type"] == "AWS::IAM::ManagedPolicy"
        ]
        statements = [s for b in policies for s in b["Properties"]["PolicyDocument"]["Statement"]]
        actions = {a for s in statements for a in ([s["Action"]] if isinstance(s["Action"], str) else s["Action"])}
        assert "events:PutEvents" in actions
        assert {a for a in actions if a.startswith(("eks:", "ec2:", "iam:", "autoscaling:", "ecr:"))} == set()

    def test_failed_deliveries_tell(self, world: World) -> None:
        alarms = {k: b["Properties"] for k, b in world.resources.items() if b["Type"] == "AWS::CloudWatch::Alarm"}
        watching = [p for k, p in alarms.items() if "Undelivered" in k or "FailedAlarm" in k]
        assert len(watching) > 3 and all(p["AlarmActions"] for p in watching)


def every_source(pattern: Any) -> list[str]:
    if isinstance(pattern, dict):
        own = pattern["source"] if isinstance(pattern.get("source"), list) else []
        return [*own, *(one for key, value in pattern.items() if key in ("$or",) for one in every_source(value))]
    return [one for item in pattern for one in every_source(item)] if isinstance(pattern, list) else []


def test_the_page_speaks_of_every_role_that_pods_and_nodes_can_take(world: World) -> None:
    takers = {
        name: str(body["Properties"]["AssumeRolePolicyDocument"])
        for name, body in world.resources.items()
        if body["Type"] == "AWS::IAM::Role"
    }
    inside = {name for name, trust in takers.items() if "pods.eks." in trust or "'ec2." in trust}
    assert len(inside) == 3
    assert all(any(name.startswith(start) for start in ROLES.values()) for name in inside)


def test_the_alert_listens_to_a_source_that_nobody_can_put(world: World) -> None:
    rule = world.one("ClusterBreakGlassAlarmRule", "AWS::Events::Rule")
    assert rule["EventPattern"]["source"] == ["aws.sts"]


def test_no_managed_policy_is_unknown() -> None:
    assert all(AWS.values())
