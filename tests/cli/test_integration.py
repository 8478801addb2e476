"""What others copy: the pre-commit hooks, the GitHub Actions example, the reference page."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from docs.cli import page
from hardened_eks.cli import group
from tools import pyz

ROOT = Path(__file__).parents[2]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
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
    script, _, command = hook["entry"].partition(" ")
    assert (hook["language"], script) == ("script", "tools/checker.sh"), "a Python hook would install the CDK"
    parses(f"hardened-eks {command}" + (" a.template.json b.template.yaml" if "cdk.out" not in command else ""))


def test_hook_takes_cdk_templates_and_yaml() -> None:
    files = re.compile(HOOKS[0]["files"])
    assert all(files.search(name) for name in ("cdk.out/A.template.json", "x/b.template.yaml", "c.template.yml"))
    assert not any(files.search(name) for name in ("package.json", "values.yaml", "a.template.json.bak"))


def test_workflow() -> None:
    (job,) = WORKFLOW["jobs"].values()
    (action,) = [step for step in job["steps"] if "hardened_eks@" in step.get("uses", "")]
    assert set(action["with"]) <= set(ACTION["inputs"])
    parses(f"hardened-eks check {action['with']['paths']} {action['with'].get('arguments', '')}")
    used = str([step for step in job["steps"] if step is not action])
    written = re.findall(r"--output \w+=(\S+)", action["with"]["arguments"]) + [ACTION["inputs"]["sarif"]["default"]]
    assert [file for file in written if file not in used] == []
    assert WORKFLOW["permissions"]["security-events"] == "write"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a runner has of this repository, with the checker built already: the first call asks the package index."""
    folder = tmp_path_factory.mktemp("action")
    (folder / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "checker.sh", folder / "tools" / "checker.sh")
    pyz.build(folder / ".checker" / "hardened-eks.pyz", pythons=())
    return folder


def act(checkout: Path, folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """Run the step of the action in a folder, as a runner does."""
    (step,) = ACTION["runs"]["steps"]
    given = {"paths": "*.json", "arguments": "--fail-on high", "sarif": "eks.sarif", **given}
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "GITHUB_ACTION_PATH": str(checkout),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        **{name: given[re.sub(r"\W|inputs", "", value)] for name, value in step["env"].items()},
    }
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        env=environment, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(("template", "code", "said"), [
    ({"Cluster": {"Type": "AWS::EKS::Cluster", "Properties": {}}}, 1, "::error file=a b.json"),
    ({"Topic": {"Type": "AWS::SNS::Topic"}}, 0, ""),
])  # fmt: skip
def test_the_action_runs_as_a_runner_runs_it(
    checkout: Path, tmp_path: Path, template: dict[str, Any], code: int, said: str
) -> None:
    (tmp_path / "a b.json").write_text(json.dumps({"Resources": template}))
    done = act(checkout, tmp_path)
    assert (done.returncode, said in done.stdout) == (code, True), done.stdout + done.stderr
    assert json.loads((tmp_path / "eks.sarif").read_text())["version"] == "2.1.0"
    assert "hardened-eks" in (tmp_path / "summary.md").read_text()
    assert "${{" not in ACTION["runs"]["steps"][0]["run"]


def hostile(folder: Path) -> str:
    """Write what a pull request may contain: a template whose name is an option that runs code. Return its name."""
    (folder / "own").mkdir()
    (folder / "own" / "__init__.py").touch()
    for name in ("json", "template"):
        (folder / "own" / f"{name}.py").write_text("open('ran', 'w')")
    name = "--control-module=own.template.json"
    template = {"Resources": {"Cluster": {"Type": "AWS::EKS::Cluster", "Properties": {}}}}
    (folder / name).write_text(json.dumps(template))
    return name


def test_the_action_takes_no_file_name_for_an_option(checkout: Path, tmp_path: Path) -> None:
    name = hostile(tmp_path)
    done = act(checkout, tmp_path)
    assert not (tmp_path / "ran").exists()
    assert (done.returncode, f"::error file={name}" in done.stdout) == (1, True), done.stdout + done.stderr


@pytest.mark.parametrize("given", ["paths", "arguments", "sarif"])
def test_the_action_runs_no_input_as_a_command(checkout: Path, tmp_path: Path, given: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"Resources": {}}))
    act(checkout, tmp_path, **{given: "a.json $(touch ran) `touch ran`; touch ran\ntouch ran '\" && touch ran"})
    assert not (tmp_path / "ran").exists()


def test_a_hook_takes_no_file_name_for_an_option(checkout: Path, tmp_path: Path) -> None:
    name = hostile(tmp_path)
    hook = HOOKS[0]
    command = [str(checkout / hook["entry"].split()[0]), *hook["entry"].split()[1:], *hook.get("args", []), name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert not (tmp_path / "ran").exists()
    assert (done.returncode, name in done.stdout) == (1, True), done.stdout + done.stderr


@pytest.fixture
def unbuilt(checkout: Path, tmp_path: Path) -> Path:
    """Return a checkout whose checker is not built, and a lock that no index can answer."""
    (tmp_path / "action" / "tools").mkdir(parents=True)
    shutil.copy(checkout / "tools" / "checker.sh", tmp_path / "action" / "tools")
    (tmp_path / "action" / "requirements-checker.lock").write_text("nothing-like-it==1 --hash=sha256:0\n")
    return tmp_path / "action"


def test_a_checker_that_cannot_be_built_is_no_finding(unbuilt: Path, tmp_path: Path) -> None:
    for name in ("venv", "pip"):  # modules of the workspace that `python -m` would prefer
        (tmp_path / f"{name}.py").write_text("open('ran', 'w')")
    environment = {**os.environ, "PYTHON": sys.executable, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    done = subprocess.run(
        [unbuilt / "tools" / "checker.sh", "check", "-"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == "error: the checker cannot be built; the lines above tell why"
    assert not (tmp_path / "ran").exists()


def test_a_python_that_is_too_old_is_no_finding(unbuilt: Path, tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(
        [unbuilt / "tools" / "checker.sh", "check", "-"],
        env={**os.environ, "PYTHON": str(old)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {old} is not Python 3.11 or newer: set PYTHON to one that is\n"
    assert not (unbuilt / ".checker").exists()


def test_the_checker_needs_no_more_than_its_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert set(project["dependency-groups"]["checker"]) <= set(project["project"]["dependencies"])
    text = (ROOT / "requirements-checker.lock").read_text()
    pinned = re.findall(r"^([a-z0-9-]+)==", text, re.M)
    assert pinned == sorted(pyz.LIBRARIES), "run `make lock`"
    assert text.count("--hash=sha256:") > len(pinned)
    assert "http" not in text


@pytest.mark.parametrize("workflow", [WORKFLOW, CDK_WORKFLOW], ids=["templates", "cdk"])
def test_workflow_may_upload_from_a_private_repository(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read", "security-events": "write", "actions": "read"}


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
