"""Reading AWS's list of managed rules: sentences about regions, parameters, and what is not understood."""

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tools import config_rules

NAMES = {"Europe (Paris)": "eu-west-3", "US East (N. Virginia)": "us-east-1", "AWS GovCloud (US-West)": "us-gov-west-1"}


@pytest.mark.parametrize(("prose", "expected"), [
    ("All supported AWS regions", {}),
    ("All supported AWS regions except Europe (Paris) Region", {"without": ["eu-west-3"]}),
    ("All supported AWS regions except US East (N. Virginia), AWS GovCloud (US-West), Europe (Paris) Region",
     {"without": ["eu-west-3", "us-east-1", "us-gov-west-1"]}),
    ("Only available in Europe (Paris), US East (N. Virginia) Region", {"only": ["eu-west-3", "us-east-1"]}),
])  # fmt: skip
def test_regions(prose: str, expected: dict[str, list[str]]) -> None:
    assert config_rules.regions(prose, NAMES) == expected


@pytest.mark.parametrize("prose", [
    "", "Most AWS regions", "All supported AWS regions except Mars (North) Region",
    "All supported AWS regions except Europe (Paris) and US East (N. Virginia) Region",
])  # fmt: skip
def test_fails_on_what_it_does_not_understand(prose: str) -> None:
    with pytest.raises(ValueError, match="not understood"):
        config_rules.regions(prose, NAMES)


def test_rule() -> None:
    entry: dict[str, Any] = {
        "AWS Region": "All supported AWS regions", "Trigger type": "Periodic", "Resource Types": "x",
        "Parameters": [{"Name": "a", "Optional": False, "Type": "int"}, {"Name": "b", "Optional": True, "Default": "9"}],
    }  # fmt: skip
    assert config_rules.rule(entry, NAMES) == {
        "trigger": "periodic", "parameters": {"a": {"required": True}, "b": {"required": False, "default": "9"}},
    }  # fmt: skip


def test_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"AWS Region": "All supported AWS regions", "Trigger type": "Periodic", "Parameters": []}
    listed = {"ManagedRules": {"EKS_SECRETS_ENCRYPTED": entry, "OF_NO_REQUIREMENT": entry}}
    wheel = tmp_path / "moto-9.8.7-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(config_rules.MEMBER, gzip.compress(json.dumps(listed).encode()))
    monkeypatch.setattr(config_rules, "TARGET", tmp_path / "config_rules.json")
    monkeypatch.setattr("sys.argv", ["config_rules", str(wheel), "2027-01-02"])
    config_rules.main()
    written = json.loads((tmp_path / "config_rules.json").read_text())
    assert written["identifiers"] == ["EKS_SECRETS_ENCRYPTED", "OF_NO_REQUIREMENT"]
    assert written["rules"] == {"EKS_SECRETS_ENCRYPTED": {"trigger": "periodic"}}
    assert "moto 9.8.7" in written["source"]
    assert written["read"] == "2027-01-02"
