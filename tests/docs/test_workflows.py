"""The workflows in the docs work in a repository that has nothing but what they say."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

FILES = sorted((Path(__file__).parents[2] / "docs" / "examples").glob("*.yml"))
# A file of the repository that a step cannot do without -> what the workflow's first line says of the repository.
CDK_APP = "in a CDK app of yours"


def steps(file: Path) -> list[dict[str, Any]]:
    (job,) = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].values()
    return list(job["steps"])


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_cache_of_packages_is_keyed_by_a_file_that_is_there(file: Path) -> None:
    first = file.read_text(encoding="utf-8").splitlines()[0]
    saved = re.search(r"\.github/workflows/[\w-]+\.yml", first)
    assert saved is not None
    for step in steps(file):
        if "cache" in step.get("with", {}) and "setup-" in step["uses"] and CDK_APP not in first:
            assert step["with"]["cache-dependency-path"] == saved[0]


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_the_check_names_no_file_that_nobody_has(file: Path) -> None:
    checks = [step["run"] for step in steps(file) if "hardened-eks check" in step.get("run", "")]
    checks += [step["with"]["arguments"] for step in steps(file) if "hardened_eks@" in step.get("uses", "")]
    assert checks
    for command in checks:
        assert "--waivers" not in command
