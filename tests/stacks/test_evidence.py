"""The evidence of the reference app: nothing fails, and each of its resources is in the inventory."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from hardened_eks.cli import group
from tests.reports.oscal.schema import errors
from tests.stacks.conftest import Synthesized

pytestmark = pytest.mark.xdist_group("stacks")


def test_the_reference_app_has_evidence_and_no_finding(isolated: Synthesized, tmp_path: Path) -> None:
    command = ["evidence", str(isolated.directory), "--output", str(tmp_path)]
    result = CliRunner().invoke(group, command, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    documents = {path.stem: json.loads(path.read_text()) for path in (tmp_path / "oscal").glob("*.json")}
    assert [error for document in documents.values() for error in errors(document)] == []
    (results,) = documents["assessment-results"]["assessment-results"]["results"]
    states = [finding["target"]["status"]["state"] for finding in results["findings"]]
    assert set(states) == {"satisfied"}
    assert len(states) > 100
    plan = documents["system-security-plan"]["system-security-plan"]
    items = {item["description"] for item in plan["system-implementation"]["inventory-items"]}
    clusters = [name for name in items if name.startswith("AWS::EKS::Cluster ")]
    assert len(clusters) == 1
