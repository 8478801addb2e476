"""OSCAL documents by the whole models of compliance-trestle, where its environment can be made."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.reports.oscal.conftest import BODY, report_on, written
from tools import oscal


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        oscal.python()
    except oscal.UnavailableError as error:
        pytest.skip(f"`make oscal` cannot run here: {error}")
    home = tmp_path_factory.mktemp("oscal")
    for framework in ("nist-800-53-r5", "cis-eks"):
        for name, text in written(report_on(BODY), framework).items():
            if name.startswith("oscal/"):
                path = home / framework / Path(name).name
                path.parent.mkdir(exist_ok=True)
                path.write_text(text)
    return home


def test_valid(folder: Path) -> None:
    assert oscal.validate([folder / "nist-800-53-r5", folder / "cis-eks"]) == []


def test_it_finds_mistakes(folder: Path, tmp_path: Path) -> None:
    document: dict[str, Any] = json.loads((folder / "cis-eks" / "assessment-results.json").read_text())
    (result,) = document["assessment-results"]["results"]
    result["findings"][0]["target"]["status"]["state"] = "fine"
    (tmp_path / "assessment-results.json").write_text(json.dumps(document))
    plan = json.loads((folder / "cis-eks" / "system-security-plan.json").read_text())
    components = plan["system-security-plan"]["system-implementation"]["components"]
    components[1]["uuid"] = components[0]["uuid"]
    (tmp_path / "system-security-plan.json").write_text(json.dumps(plan))
    state, twice = oscal.validate([tmp_path])
    assert "assessment-results.json" in state
    assert "state" in state
    assert "system-security-plan.json: refused by DuplicatesValidator" in twice


def test_no_network_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX", "PIP_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(
        oscal.UnavailableError, match=r"compliance-trestle==[\d.]+ cannot be installed from PyPI: ERROR: "
    ):
        oscal.python(tmp_path / "venv")
    assert not (tmp_path / "venv" / "ready").exists()
