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
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Home\n")
    # Our configuration, on one page.
    config = tmp_path / "mkdocs.yml"
    config.write_text(f"INHERIT: {site.CONFIG}\nnav: [index.md]\nextra_css: []\nplugins: [search]\n")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "first")
    for version in ("0.1.1", "0.2.0"):
        site.publish(config, version, tmp_path)
    versions = json.loads(git(tmp_path, "show", "gh-pages:versions.json"))
    assert {one["version"]: one["aliases"] for one in versions} == {"0.2": ["latest"], "0.1": []}
    files = git(tmp_path, "ls-tree", "-r", "--name-only", "gh-pages").splitlines()
    assert {"0.1/index.html", "0.2/index.html", "index.html"} <= set(files)
    assert "url=latest/" in git(tmp_path, "show", "gh-pages:index.html").replace('"', "")
