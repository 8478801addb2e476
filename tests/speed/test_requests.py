"""What costs time, counted: no clock can be trusted on a machine that does other things as well."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE

# Requests to Node by type. Lower them freely; to raise one, say in docs/explanation/speed.md what it buys.
FIRST = {"Create": 116, "Get": 43, "Invoke": 26, "Set": 1, "StaticGet": 5, "StaticInvoke": 39}
FURTHER = {"Create": 116, "Get": 43, "Invoke": 26, "Set": 1, "StaticInvoke": 18}
DETECTION = {"Create": 109, "Get": 18, "Invoke": 8, "Set": 4, "StaticInvoke": 7}
LOADED = [
    # asked for
    "aws_cloudwatch", "aws_ec2", "aws_ecr", "aws_eks", "aws_events", "aws_iam", "aws_kms", "aws_lambda", "aws_logs",
    "aws_route53resolver", "aws_sns", "aws_sqs",
    # brought along by those
    "aws_applicationautoscaling", "aws_autoscaling", "aws_codestarnotifications", "aws_ecr_assets",
    "aws_elasticloadbalancing", "aws_elasticloadbalancingv2", "aws_s3_assets",
]  # fmt: skip

# Modules of this library that the reference cluster imports: no other compute, channels or controllers.
CONSTRUCTS = 115

# Modules that Checks() imports beside the controls: each takes about 0.2 ms of every synth.
MODULES = 130


@pytest.fixture(scope="module")
def probe() -> dict[str, Any]:
    script = Path(__file__).with_name("probe.py")
    run = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_requests_of_the_reference_cluster(probe: dict[str, Any]) -> None:
    assert probe["counts"][0] == FIRST


def test_requests_of_each_further_cluster(probe: dict[str, Any]) -> None:
    assert probe["counts"][1:] == [FURTHER, FURTHER]


def test_nothing_is_loaded_that_is_not_used(probe: dict[str, Any]) -> None:
    assert probe["loaded"] == sorted(LOADED)
    assert probe["foreign"] == []


def test_a_cluster_imports_only_the_constructs_that_it_has(probe: dict[str, Any]) -> None:
    assert probe["constructs"] <= CONSTRUCTS


def test_checks_read_the_controls_whose_types_occur_and_no_others(probe: dict[str, Any]) -> None:
    """What keeps the cost of `Checks()` from growing with the catalog."""
    occur = {"*", *probe["types"]}
    wanted = {control for control in CATALOGUE if not occur.isdisjoint(control.types)}
    assert len(wanted) < 0.65 * len(CATALOGUE)
    assert set(probe["read"]) == {f"hardened_eks.controls.{one.area}.{one.name}" for one in wanted}


def test_modules_of_the_checks(probe: dict[str, Any]) -> None:
    assert probe["checks"] - len(probe["read"]) <= MODULES


def test_requests_of_a_detection(probe: dict[str, Any]) -> None:
    """Rules and alarms have names, so that each is one request: fewer for each resource than a cluster's parts."""
    command = [sys.executable, "-m", "tests.speed.probe_detection"]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert found["asked"] == DETECTION
    assert found["resources"] >= 90
    assert sum(found["asked"].values()) / found["resources"] < 1.45
    assert {"aws_stepfunctions", "aws_cloudtrail"} <= set(found["loaded"])
    assert not {"aws_accessanalyzer", "aws_glue", "aws_guardduty", "aws_securityhub", "aws_ssm"} & set(found["loaded"])
