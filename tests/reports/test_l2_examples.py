"""An app of the CDK's own cluster reads as a page of causes, not as a list of its resources."""

from collections import Counter
from pathlib import Path

import aws_cdk as cdk

from benchmarks.apps import l2_examples
from hardened_eks.controls import CATALOGUE
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.reports import Report
from hardened_eks.reports.causes import by_cause
from hardened_eks.severity import Severity
from hardened_eks.sources import load
from tests.reports.test_causes import DAY


def test_no_cause_is_told_for_each_resource(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path / "cdk.out"))
    l2_examples.v1_default(cdk.Stack(app, "Default"))
    app.synth()
    report = Report(outcome=evaluate(load([tmp_path / "cdk.out"]).assembly, CATALOGUE, today=DAY), day=DAY)
    groups = by_cause(report.failing)
    assert len(report.failing) > 2 * len(groups) > 50
    told = Counter((g.ids, g.lead.message, g.lead.stack) for g in groups if g.lead.severity is Severity.LOW)
    assert told
    assert set(told.values()) == {1}
    tags = [g for g in groups if "CF-07" in g.ids]
    assert len(tags) == len({g.lead.stack for g in tags}) == 3, "the stack and its two nested ones"
