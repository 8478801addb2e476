"""What others copy: the pre-commit hooks, the GitHub Actions example, the reference page."""

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from docs.cli import page
from hardened_eks.cli import group

ROOT = Path(__file__).parents[2]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
WORKFLOW = yaml.safe_load((ROOT / "docs" / "examples" / "github-actions.yml").read_text())
CDK_WORKFLOW = yaml.safe_load((ROOT / "docs" / "examples" / "github-actions-cdk.yml").read_text())
HOW_TOS = [*(ROOT / "docs" / "how-to").glob("*.md"), ROOT / "README.md"]


def parses(command: str) -> None:
    """Fail unless click takes the command line (without running it)."""
    words = shlex.split(command, comments=True)
    assert words[0] == "hardened-eks"
    context: click.Context = group.make_context("hardened-eks", words[1:], resilient_parsing=False)
    name, command_, rest = group.resolve_command(context, words[1:])
    assert command_ is not None
    command_.make_context(name, rest)


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_hooks(hook: dict[str, str]) -> None:
    assert {"id", "name", "entry", "language"} <= set(hook)
    parses(hook["entry"] if "cdk.out" in hook["entry"] else f"{hook['entry']} a.template.json b.template.yaml")


def test_hook_takes_cdk_templates_and_yaml() -> None:
    files = re.compile(HOOKS[0]["files"])
    assert all(files.search(name) for name in ("cdk.out/A.template.json", "x/b.template.yaml", "c.template.yml"))
    assert not any(files.search(name) for name in ("package.json", "values.yaml", "a.template.json.bak"))


def test_workflow() -> None:
    (job,) = WORKFLOW["jobs"].values()
    commands = [step["run"] for step in job["steps"] if step.get("run", "").startswith("hardened-eks")]
    assert len(commands) == 1
    parses(commands[0])
    outputs = dict(re.findall(r"--output (\w+)=(\S+)", commands[0]))
    used = str(job["steps"])
    assert all(file in used.replace(commands[0], "") for file in outputs.values())
    assert WORKFLOW["permissions"]["security-events"] == "write"


def test_workflow_of_a_cdk_app_follows_fast_synth() -> None:
    (job,) = CDK_WORKFLOW["jobs"].values()
    commands = [step["run"] for step in job["steps"] if "run" in step]
    parses(next(command for command in commands if command.startswith("hardened-eks")))
    assert any(command.startswith("npx cdk synth") and "--no-lookups" in command for command in commands)
    with_ = {step["uses"].partition("@")[0]: step.get("with", {}) for step in job["steps"] if "uses" in step}
    assert with_["actions/setup-node"]["node-version"] == "24"
    assert {".venv", "~/.cache/aws/jsii"} <= set(with_["actions/cache"]["path"].split())


def test_commands_in_the_docs_are_taken() -> None:
    found = [
        line
        for path in HOW_TOS
        for line in path.read_text().splitlines()
        if re.match(r"hardened-eks (check|controls)", line)
    ]
    assert len(found) >= 5
    for command in found:
        parses(command)


def test_reference_page_is_not_stale() -> None:
    assert (ROOT / "docs" / "reference" / "cli.md").read_text() == page(), (
        "run `python -c 'from docs.cli import page ...'`"
    )
