"""The page about upgrades: its commands run as written, and the report that it shows is what they print."""

import json
import shlex
from glob import glob
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hardened_eks.cli import group
from tests.docs.test_pages import FENCE

TEXT = (Path(__file__).parents[2] / "docs/how-to/upgrade-kubernetes.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for _, language, body in FENCE.findall(TEXT)
    if language == "sh"
    for line in body.splitlines()
    if line.startswith("hardened-eks upgrade") and "--cluster" not in line
]
(SHOWN,) = (body for _, language, body in FENCE.findall(TEXT) if language == "text")
RESOURCES = {
    "Cluster": {"Type": "AWS::EKS::Cluster", "Properties": {"Name": "payments", "Version": "1.35"}},
    "Nodes": {"Type": "AWS::EKS::Nodegroup", "Properties": {"ClusterName": {"Ref": "Cluster"}, "Version": "1.34"}},
}
BUDGET = "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: api, namespace: shop}\n"


@pytest.fixture(autouse=True)
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("cdk.out", "manifests"):
        Path(folder).mkdir()
    Path("cdk.out/Payments.template.json").write_text(json.dumps({"Resources": RESOURCES}, indent=1))
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Payments.template.json"}}
    Path("cdk.out/manifest.json").write_text(json.dumps({"version": "48.0.0", "artifacts": {"Payments": stack}}))
    Path("manifests/api.yaml").write_text(BUDGET)


def run(command: str) -> Result:
    words = [word for part in shlex.split(command)[1:] for word in (sorted(glob(part)) if "*" in part else [part])]
    return CliRunner().invoke(group, [*words, "--today", "2026-11-29"], catch_exceptions=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_runs(command: str) -> None:
    assert run(command).exit_code == (0 if "--from" in command else 1)


def test_the_report_begins_as_the_page_shows() -> None:
    assert len(COMMANDS) == 3
    assert run(COMMANDS[0]).stdout.startswith(SHOWN)
