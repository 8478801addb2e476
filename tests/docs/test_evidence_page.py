"""The page about evidence: its commands run, and the files that it lists are those that they write."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from hardened_eks.cli import group
from tests.docs.test_pages import FENCE

PAGE = Path(__file__).parents[2] / "docs/how-to/evidence.md"
TEXT = PAGE.read_text(encoding="utf-8")
CLUSTER = {"Type": "AWS::EKS::Cluster", "Properties": {"ResourcesVpcConfig": {"EndpointPublicAccess": True}}}
WAIVERS = "waivers: [{control: CP-01, resource: Payments/Cluster, reason: until March, until: 2027-03-31}]"


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run every command of the page, one after the other."""
    monkeypatch.chdir(tmp_path)
    Path("cdk.out").mkdir()
    Path("cdk.out/Payments.template.json").write_text(json.dumps({"Resources": {"Cluster": CLUSTER}}))
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Payments.template.json"}}
    Path("cdk.out/manifest.json").write_text(json.dumps({"version": "48.0.0", "artifacts": {"Payments": stack}}))
    Path("hardened-eks-waivers.yaml").write_text(WAIVERS)
    commands = [line for _, language, body in FENCE.findall(TEXT) if language == "sh" for line in body.splitlines()]
    assert len(commands) == 5
    assert commands.pop().startswith("aws s3 cp --recursive evidence ")  # to a bucket, which is not here
    for command in commands:
        if command.startswith("hardened-eks "):
            result = CliRunner().invoke(group, shlex.split(command)[1:], catch_exceptions=False)
            assert result.exit_code == 1, result.output  # the cluster is bare
        else:
            subprocess.run(["bash", "-c", command], check=True, capture_output=True)
    return tmp_path


def test_the_commands_write_the_files_of_the_table(written: Path) -> None:
    table = TEXT.split("| file |")[1].split("\n\n")[0]
    listed = set(re.findall(r"`([\w/.-]+)`", table))
    found = {path.relative_to(written / "evidence").as_posix() for path in (written / "evidence").rglob("*.*")}
    assert listed == found | {"SHA256SUMS"}
    assert (written / "evidence-pci/oscal/catalog.json").exists()


def test_the_words_of_the_table_are_those_of_the_results(written: Path) -> None:
    results = (written / "evidence/oscal/assessment-results.json").read_text()
    for word in ("deviation-approved", "open", "pass", "fail"):
        assert f"`{word}`" in TEXT
        assert f'"{word}"' in results
    assert "until March" in results
