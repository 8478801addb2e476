"""The fix texts about tags are right in an app with stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
import pytest
from aws_cdk import aws_eks as eks

from hardened_eks.controls import CATALOGUE
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources import load

if TYPE_CHECKING:
    from pathlib import Path

TAGS = [control for control in CATALOGUE if control.id in {"CF-03", "CF-04", "CF-05", "CF-06", "CF-07"}]


def untagged(folder: Path, tag: str) -> set[str]:
    """Return the ids of the controls that fail on a cluster in a Stage."""
    app = cdk.App(outdir=str(folder))
    stage = cdk.Stage(app, "Prod")
    stack = cdk.Stack(stage, "Eks")
    eks.CfnCluster(stack, "Cluster", role_arn="arn", resources_vpc_config={"subnetIds": ["subnet-1"]})
    cdk.Tags.of({"app": app, "stage": stage, "stack": stack}[tag]).add("application", "payments")
    app.synth()
    return {finding.control.id for finding in evaluate(load([str(folder)]).assembly, TAGS).findings}


@pytest.mark.parametrize(("tag", "found"), [("stack", set()), ("stage", set()), ("app", {"CF-03"})])
def test_tags_of_an_app_do_not_reach_a_stage(tag: str, found: set[str], tmp_path: Path) -> None:
    assert untagged(tmp_path, tag) == found


def test_the_fix_says_so() -> None:
    assert len(TAGS) == 5
    for control in TAGS:
        assert "cdk.Tags.of(stack)" in control.fix
        assert "Tags.of(app) does not reach the stacks of a Stage" in control.fix
