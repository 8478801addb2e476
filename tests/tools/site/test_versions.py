"""Versions of the site: each minor version is a folder of the branch gh-pages, and `latest` is the newest."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.programs import leave_out
from tools import site


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=CI", "-c", "user.email=ci@example.com")
    run = subprocess.run(["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return run.stdout


def test_each_minor_version_has_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        site.python()
    except site.UnavailableError as error:
        leave_out(str(error))
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "CI")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "ci@example.com")
    first, second = tmp_path / "first", tmp_path / "second"
    (first / "docs").mkdir(parents=True)
    (first / "docs" / "index.md").write_text("# Home\n")
    # Our configuration, on one page.
    settings = f"INHERIT: {site.CONFIG}\nnav: [index.md]\nextra_css: []\nplugins: [search]\n"
    (first / "mkdocs.yml").write_text(settings)
    git(first, "init", "--quiet")
    git(first, "add", ".")
    git(first, "commit", "--quiet", "--message", "first")
    site.publish(first / "mkdocs.yml", "0.1.1", first)
    # A release works in a fresh clone, where the branch is that of the remote.
    git(tmp_path, "clone", "--quiet", str(first), str(second))
    site.publish(second / "mkdocs.yml", "0.2.0", second)
    versions = json.loads(git(second, "show", "gh-pages:versions.json"))
    assert {one["version"]: one["aliases"] for one in versions} == {"0.2": ["latest"], "0.1": []}
    files = git(second, "ls-tree", "-r", "--name-only", "gh-pages").splitlines()
    assert {"0.1/index.html", "0.2/index.html", "index.html"} <= set(files)
    assert "url=latest/" in git(second, "show", "gh-pages:index.html").replace('"', "")
