"""What a project needs besides code: workflows that call what is there, a lock that knows every dependency."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


def commands(file: Path) -> list[str]:
    jobs = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].values()
    return [step["run"] for job in jobs for step in job["steps"] if "run" in step]


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


def test_a_release_is_published_without_a_secret() -> None:
    (file,) = [file for file in WORKFLOWS if file.stem == "release"]
    assert "secrets." not in file.read_text(encoding="utf-8")
    assert workflow(file)["jobs"]["publish"]["permissions"]["id-token"] == "write"


def test_the_lock_knows_every_dependency_by_hash_and_no_host() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {normal(re.split(r"[<>= ]", name.partition("[")[0])[0]) for name in wanted}
    pinned = {normal(name) for name in re.findall(r"^([A-Za-z0-9._-]+)\S*==", text, re.M)}
    assert names <= pinned, "run `make lock`"
    assert text.count("--hash=sha256:") > len(pinned)
    assert "http" not in text


def normal(name: str) -> str:
    return re.sub(r"[._-]+", "-", name).lower()


def test_the_version_has_one_home() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "version" not in project and project["dynamic"] == ["version"]
