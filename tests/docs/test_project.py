"""What a project needs besides code: workflows that call what is there, a lock that knows every dependency."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from tools import dist

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


def commands(file: Path) -> list[str]:
    jobs = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].values()
    return [step["run"] for job in jobs for step in job.get("steps", ()) if "run" in step]


def workflow(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_workflows_call_targets_that_exist(file: Path) -> None:
    called = [command.split()[-1] for command in commands(file) if "make " in command]
    assert set(called) <= TARGETS
    assert any(
        ".ci/run" in command or command in {f"make {target}" for target in TARGETS} for command in commands(file)
    )


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_workflows_may_read_and_no_more_unless_a_job_says_so(file: Path) -> None:
    assert workflow(file)["permissions"] == {"contents": "read"}
    for command in commands(file):
        assert "${{" not in command, "what somebody else wrote must not become a part of a script"


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_an_action_is_a_commit_and_names_its_version(file: Path) -> None:
    used = re.findall(r"uses: (.*)", file.read_text(encoding="utf-8"))
    assert used
    own = {f"./{one.relative_to(ROOT)}" for one in WORKFLOWS}  # of the same commit
    assert [
        line
        for line in used
        if line not in own and not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+( .*)?", line)
    ] == []


def test_each_python_that_the_package_names_is_tested() -> None:
    of = {file.stem: workflow(file)["jobs"] for file in WORKFLOWS}
    (gate,) = [step["with"] for step in of["ci"]["gate"]["steps"] if "setup-python" in step.get("uses", "")]
    tested = [gate["python-version"], *of["matrix"]["pythons"]["strategy"]["matrix"]["python"]]
    named = [line.rpartition(" ")[2] for line in PROJECT["project"]["classifiers"] if re.search(r":: 3\.\d+$", line)]
    assert named == tested
    stability = (ROOT / "docs" / "explanation" / "stability.md").read_text(encoding="utf-8")
    assert f"Python {tested[0]} to {tested[-1]}." in stability


def test_each_change_and_each_release_run_the_versions_that_the_package_supports() -> None:
    of = {file.stem: workflow(file)["jobs"] for file in WORKFLOWS}
    assert {job: of[job]["matrix"] for job in ("ci", "release")} == {
        job: {"uses": "./.github/workflows/matrix.yml"} for job in ("ci", "release")
    }
    assert "matrix" in of["release"]["publish"]["needs"]
    assert of["matrix"]["cdk"]["strategy"]["matrix"]["cdk"] == ["oldest", "newest"]


def test_the_gate_installs_its_tools_as_root(tmp_path: Path) -> None:
    """A hosted runner has another user, who may use sudo, and no faketime."""
    (tmp_path / "bin").mkdir()
    for name, does in {
        "sudo": 'exec env AS_ROOT=1 "$@"',
        "apt-get": '[ "${AS_ROOT:-}" ]',
        "make": "",
        "id": "echo 1001",
    }.items():
        stub = tmp_path / "bin" / name
        stub.write_text(f'#!/bin/bash\necho "${{0##*/}} $*" >> {tmp_path}/called\n{does}\n')
        stub.chmod(0o755)
    for name in ("bash", "dirname", "env"):
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
    path = {"PATH": str(tmp_path / "bin")}
    subprocess.run([ROOT / ".ci" / "run"], env=path, check=True, capture_output=True)
    assert "apt-get install -y -qq --no-install-recommends chromium faketime" in (tmp_path / "called").read_text()


def test_a_release_is_published_without_a_secret() -> None:
    (file,) = [file for file in WORKFLOWS if file.stem == "release"]
    assert "secrets." not in file.read_text(encoding="utf-8")
    assert workflow(file)["jobs"]["publish"]["permissions"]["id-token"] == "write"


def test_the_publishing_action_accepts_the_metadata_that_the_build_writes() -> None:
    """Hatchling writes core metadata 2.5 since 1.32. Twine reads it since version 7, which the action has since v1.14.2."""
    (file,) = [file for file in WORKFLOWS if file.stem == "release"]
    (version,) = re.findall(r"pypi-publish@\w+ # v([\d.]+)", file.read_text(encoding="utf-8"))
    assert tuple(map(int, version.split("."))) >= (1, 14, 2)
    (twine,) = [Requirement(tool) for tool in dist.TOOLS if tool.startswith("twine")]
    assert not twine.specifier.contains("6.2.0")


def test_the_lock_knows_every_dependency_by_hash_and_no_host() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    names = {normal(re.split(r"[<>= ]", name.partition("[")[0])[0]) for name in wanted}
    pinned = {normal(name) for name in re.findall(r"^([A-Za-z0-9._-]+)\S*==", text, re.M)}
    assert names <= pinned, "run `make lock`"
    assert text.count("--hash=sha256:") > len(pinned)
    assert "http" not in text


def test_only_the_assets_of_a_release_may_be_written_and_each_job_publishes_to_one_place() -> None:
    (file,) = [file for file in WORKFLOWS if file.stem == "release"]
    jobs = workflow(file)["jobs"]
    assert set(jobs["publish"]["permissions"]) == {"id-token", "attestations"}
    assert jobs["assets"]["permissions"] == {"contents": "write"}
    places = ("gh release", "gh-action-pypi-publish", "git push")
    steps = {
        name: [str(step.get("run", step.get("uses"))) for step in job.get("steps", ())] for name, job in jobs.items()
    }
    found = {name: [place for place in places if any(place in step for step in of)] for name, of in steps.items()}
    assert sorted(map(len, found.values())) == [0, 0, 0, 0, 0, 1, 1, 1], found


def test_a_release_runs_what_the_gate_leaves_out() -> None:
    (file,) = [file for file in WORKFLOWS if file.stem == "release"]
    longer = {
        "test-later",
        "walk",
        "guides",
        "dist",
        "compute",
        "blueprints",
        "test-policy-mutants",
        "test-policy-engine",
    }
    assert {f"make {target}" for target in (*longer, "bench")} <= set(commands(file))
    jobs = workflow(file)["jobs"]
    needed = {"build", *jobs["publish"]["needs"]}
    ran = {step.get("run") for name in needed for step in jobs[name].get("steps", ())}
    assert {f"make {target}" for target in longer} <= ran


def test_a_tag_needs_its_version_and_its_changelog(tmp_path: Path) -> None:
    (file,) = [file for file in WORKFLOWS if file.stem == "release"]
    (step,) = [step for step in workflow(file)["jobs"]["build"]["steps"] if "TAG" in step.get("env", {})]
    (tmp_path / "hardened_eks").mkdir()

    def accepted(tag: str, version: str, changelog: str) -> bool:
        (tmp_path / "hardened_eks" / "__init__.py").write_text(f'__all__ = []\n__version__ = "{version}"\n')
        (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{changelog}\n")
        run = subprocess.run(
            ["bash", "-e", "-c", step["run"]], cwd=tmp_path, env={"TAG": tag, "PATH": "/usr/bin:/bin"}, check=False
        )
        return run.returncode == 0

    assert accepted("v1.2.0", "1.2.0", "## 1.2.0 (2030-01-02)")
    assert not accepted("v1.2.0", "1.1.0", "## 1.2.0 (2030-01-02)")
    assert not accepted("v1.2.0", "1.2.0", "## 1.1.0 (2030-01-02)")
    assert not accepted("v1.2.0", "1.2.01", "## 1.2.0 (2030-01-02)")
    assert re.search(
        r'^__version__ = "[^"]+"$', (ROOT / "hardened_eks" / "__init__.py").read_text(encoding="utf-8"), re.M
    )


def test_each_dependency_has_its_reason() -> None:
    page = (ROOT / "docs" / "explanation" / "dependencies.md").read_text(encoding="utf-8")
    rows = " ".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| "))
    explained = {normal(name) for name in re.findall(r"[@\w./-]+", rows)}
    groups = [text for group in PROJECT["dependency-groups"].values() for text in group if isinstance(text, str)]
    npm = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    used = [Requirement(text).name for text in (*PROJECT["project"]["dependencies"], *groups, *dist.TOOLS)]
    assert sorted({normal(name) for name in (*used, *npm, "uv")} - explained) == []


def outdated(requirements: list[str], lock: str) -> list[str]:
    """Return the requirements that a lock does not meet: Dependabot changes pyproject.toml, and cannot write locks."""
    pinned: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)\S*?==([^\s;]+)", lock, re.M):
        pinned.setdefault(normal(name), []).append(version)
    wanted = [Requirement(text) for text in requirements]
    return [
        f"{one}: {version}"
        for one in wanted
        for version in pinned.get(normal(one.name), ["missing"])
        if version == "missing" or not one.specifier.contains(version, prereleases=True)
    ]


def test_the_locks_meet_each_requirement() -> None:
    groups = PROJECT["dependency-groups"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    checker = (ROOT / "requirements-checker.lock").read_text(encoding="utf-8")
    assert outdated([*PROJECT["project"]["dependencies"], *groups["dev"]], lock) == [], "run `make lock`"
    assert outdated(groups["checker"], checker) == [], "run `make lock`"


def test_an_old_lock_is_found() -> None:
    lock = (
        "cfn-lint==1.58.0 \\\n    --hash=sha256:00\nnetworkx==3.6.1 ; x < '3.12' \\\nnetworkx==3.7 ; x >= '3.12' \\\n"
    )
    assert outdated(["cfn_lint>=1.58,<2", "networkx>=3.6"], lock) == []
    assert outdated(["cfn-lint==1.59.0", "networkx>=3.7"], lock) == ["cfn-lint==1.59.0: 1.58.0", "networkx>=3.7: 3.6.1"]
    assert outdated(["new>=1"], lock) == ["new>=1: missing"]


def normal(name: str) -> str:
    return re.sub(r"[._-]+", "-", name).lower()


def test_the_version_has_one_home() -> None:
    project = PROJECT["project"]
    assert "version" not in project and project["dynamic"] == ["version"]


KINDS = {kind["directory"] for kind in PROJECT["tool"]["towncrier"]["type"]}


def mistakes_in(file: Path) -> list[str]:
    slug, _, kind = file.name.removesuffix(".md").rpartition(".")
    text = file.read_text(encoding="utf-8").strip()
    wrong = {
        "name it +what-it-is.KIND.md": not re.fullmatch(r"\+[a-z0-9-]+", slug) or kind not in KINDS,
        "write whole sentences": not text.endswith("."),
        "the changelog makes the list": text.startswith(("-", "*", "#")),
    }
    return [f"{file.name}: {what}" for what, is_so in wrong.items() if is_so]


def test_a_change_says_what_kind_it_is_in_whole_sentences(tmp_path: Path) -> None:
    fragments = [file for file in sorted((ROOT / "changes").iterdir()) if file.name != "README.md"]
    assert [mistake for file in fragments for mistake in mistakes_in(file)] == []
    for name, text in (("+gate.new.md", "It opens."), ("gate.added.md", "It opens."), ("+gate.added.md", "- It opens")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert mistakes_in(tmp_path / name) != [], name


def test_a_release_moves_the_changes_into_the_changelog(tmp_path: Path) -> None:
    for name in ("CHANGELOG.md", "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes" / "+gate.added.md").write_text("`gate` opens. Nothing to do.\n", encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)  # towncrier stages what it writes
    command = [sys.executable, "-m", "towncrier", "build", "--yes", "--version", "9.8.7", "--date", "2030-01-02"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    made = (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## 9.8.7 (2030-01-02)\n\n### Added\n\n- `gate` opens. Nothing to do.\n" in made
    assert made.index("## 9.8.7") < made.index("## Unreleased")


def test_a_release_without_changes_is_refused(tmp_path: Path) -> None:
    shutil.copyfile(ROOT / "Makefile", tmp_path / "Makefile")
    for name in ("pyproject.toml", "changes/README.md", ".venv/ready"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    done = subprocess.run(
        ["make", "changelog", "VERSION=9.8.7"], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "changes/ has no fragments, so the section of 9.8.7 would be empty" in done.stdout
    assert not (tmp_path / "CHANGELOG.md").exists()


def test_clean_removes_what_git_ignores_and_only_that(tmp_path: Path) -> None:
    shutil.copyfile(ROOT / "Makefile", tmp_path / "Makefile")
    created = {
        ".checker", ".hypothesis", ".import_linter_cache", ".mypy_cache", ".ruff_cache", ".venv", "cdk.out", "dist",
        "node_modules", "site", "__pycache__", "hardened_eks/data/__pycache__", "benchmarks/peers/node24/node_modules",
        "benchmarks/peers/checkov/.venv", "benchmarks/peers/cfnguard/.unpacked",
    }  # fmt: skip
    kept = {
        "cdk.context.json",
        "docs/site/a.md",
        "hardened_eks/data/a.json",
        "benchmarks/peers/node24/package.json",
        ".git/config",
    }
    for name in (*kept, *(f"{folder}/file" for folder in created)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    subprocess.run(["make", "clean"], cwd=tmp_path, check=True, capture_output=True)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {*kept, "Makefile"}
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    known = {name.rpartition("/")[2] for name in created}
    forgotten = {line.strip("/").rpartition("/")[2] for line in ignored} - known
    assert forgotten == {"*.egg-info", ".pytest_cache", "build", "cdk.context.json"}  # which no target creates


def test_files_that_pages_name_exist() -> None:
    invented = {
        "benchmarks/results/latest.md",
        "hardened_eks/controls/nodes/no_swap.py",
        "tests/controls/nodes/no_swap.py",
    }
    pages = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
    folders = ("tests", "hardened_eks", "tools", "docs", "stacks", "examples", "benchmarks")
    named = {
        path
        for page in (*pages, *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md"))
        for path in re.findall(rf"`((?:{'|'.join(folders)})/[\w./-]+)`", page.read_text(encoding="utf-8"))
    }
    assert "tests/public_names.txt" in named
    assert sorted(path for path in named - invented if not (ROOT / path).exists()) == []
