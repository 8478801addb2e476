"""`--control-module`: a team's own controls on the command line, in every report, with its waivers."""

import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hardened_eks.judging import own_controls
from hardened_eks.reports import FORMATS, OF_ACCOUNTS
from tests.cli.test_check import run
from tests.judging.test_own_controls import SOURCE
from tests.sources.assembly import CLUSTER, manifest, stack, waiver, write

OF_TEMPLATES = [format_ for format_ in FORMATS if format_ not in OF_ACCOUNTS]

NAMED = {"Resources": {"Named": {"Type": "AWS::EKS::Cluster", "Properties": {"Name": "a"}}, "Bare": CLUSTER}}
ROOT = Path(__file__).parents[2]
TODAY = ("--today", "2026-11-21")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    write(tmp_path / "t.json", NAMED)
    write(tmp_path / "acme.py", SOURCE.format(id="ACME-01", name="named"))
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.mark.parametrize("module", ["acme", "acme.py", "./acme.py"])
def test_a_module_or_a_file_adds_its_controls(module: str) -> None:
    result = run("check", "t.json", "--control-module", module, "-c", "ACME-01", *TODAY)
    assert result.exit_code == 1
    assert "t.json/Bare  AWS::EKS::Cluster\n  FAIL ACME-01 low  Clusters are named\n" in result.stdout
    assert result.stdout.endswith("failed: 1 finding, examined 2 resources of 1 template with 1 of 1 control\n")
    everything = json.loads(run("check", "t.json", "--control-module", module, "-f", "json", *TODAY).stdout)
    assert everything["controls"][-1]["id"] == "ACME-01"
    assert everything["counts"]["controls"] > 100


def test_a_file_imports_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    write(tmp_path / "rules" / "acme_shared.py", "ID = 'ACME-09'\n")
    source = "from acme_shared import ID\n" + SOURCE.format(id="ACME-01", name="named").replace('"ACME-01"', "ID")
    write(tmp_path / "rules" / "acme_rules.py", source)
    assert "FAIL ACME-09" in run("check", "t.json", "--control-module", "rules/acme_rules.py", "-c", "acme-09").stdout


@pytest.mark.parametrize("format_", OF_TEMPLATES)
def test_every_format_reports_an_own_control(format_: str) -> None:
    result = run("check", "t.json", "--control-module", "acme.py", "-c", "ACME-01", "-f", format_, *TODAY)
    assert result.exit_code == 1
    assert "ACME-01" in result.stdout
    if format_ == "junit":
        (case,) = ET.fromstring(result.stdout).iter("testcase")
        assert (case.get("classname"), case.get("name")) == ("hardened-eks.own", "ACME-01 Clusters are named")
        assert case.find("failure") is not None


def test_waiver_files_name_own_controls(tmp_path: Path) -> None:
    text = "waivers:\n- control: ACME-01\n  resource: Bare\n  reason: late\n  until: 2027-06-30\n"
    write(tmp_path / "w.yaml", text)
    result = run("check", "t.json", "--control-module", "acme.py", "-c", "named", "-w", "w.yaml", *TODAY)
    assert (result.exit_code, "1 waived" in result.stdout) == (0, True)
    without = run("check", "t.json", "-w", "w.yaml", *TODAY)
    assert (without.exit_code, without.stderr.split(": did")[0]) == (2, "error: w.yaml:2: unknown control 'ACME-01'")


def test_waivers_in_an_assembly_name_own_controls(tmp_path: Path) -> None:
    metadata = {"/App/C": [{"type": "aws:cdk:logicalId", "data": "Bare"}, waiver(control="ACME-01", own=True)]}
    folder = tmp_path / "out"
    folder.mkdir()
    manifest(folder, {"App": stack(folder, "App", NAMED, metadata=metadata)})
    result = run("check", folder, "--control-module", "acme.py", "-c", "ACME-01", *TODAY)
    assert (result.exit_code, "1 waived" in result.stdout) == (0, True)


def test_all_mistakes_at_once_and_nothing_is_judged(tmp_path: Path) -> None:
    write(tmp_path / "twice.py", SOURCE.format(id="ACME-01", name="named_too"))
    arguments = ("--control-module", "acme", "--control-module", "twice.py", "--control-module", "json")
    result = run("check", "t.json", *arguments, "--control-module", "acme_none", "-c", "ACME-99")
    assert (result.exit_code, result.stdout) == (2, "")
    lines = result.stderr.splitlines()
    assert lines[0] == "error: the module 'json' has neither a control at its top level nor a list CONTROLS"
    assert lines[1].startswith("error: the module 'acme_none' cannot be imported: ModuleNotFoundError")
    assert lines[2].startswith("error: ACME-01 named_too (")
    assert lines[2].endswith("has the ID or name of ACME-01 named (acme): give each control its own")
    assert lines[3].startswith("error: unknown control 'ACME-99': did you mean ACME-01")
    assert len(lines) == 4


def test_a_broken_entry_point_is_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_controls, "installed", lambda: ((), ("the entry point x cannot be loaded",)))
    for command in (("check", "t.json"), ("controls", "list"), ("controls", "show", "CP-01")):
        result = run(*command)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == "error: the entry point x cannot be loaded\n"


def test_controls_lists_explains_and_counts_own_controls(tmp_path: Path) -> None:
    source = SOURCE.format(id="ACME-01", name="named")
    wanted = '    requirement=("eks.endpoint.private_only", "k8s.netpol.monitored"),\n'
    write(tmp_path / "acme_asked.py", source.replace("    severity=", f"{wanted}    severity="))
    own: tuple[Any, ...] = ("--control-module", "acme_asked.py")
    assert "ACME-01  low       hardening   Clusters are named\n" in run("controls", "list", *own).stdout
    shown = run("controls", "show", "acme-01", *own).stdout
    assert shown.startswith("ACME-01 named: Clusters are named\n")
    assert "eks.endpoint.private_only: " in shown
    assert "ACME-01" in run("controls", "coverage", *own).stdout
    assert "ACME-01" in run("controls", "oscal", *own).stdout
    assert run("controls", "frameworks", *own).exit_code == 0
    assert "ACME-01" not in run("controls", "list").stdout


def start(*arguments: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Run a process of its own, in which nothing else has looked for entry points."""
    command = [sys.executable, "-m", "hardened_eks.cli", *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(path), str(ROOT)])}
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment)


@pytest.mark.parametrize("kind", ["folder", "zip", "egg-info"])
def test_installed_packages_are_found(kind: str, tmp_path: Path) -> None:
    site = tmp_path / "site"
    write(site / "acme_pkg.py", SOURCE.format(id="ACME-01", name="named"))
    info = site / ("acme_pkg.egg-info" if kind == "egg-info" else "acme_pkg-1.0.dist-info")
    text = "Metadata-Version: 2.1\nName: acme_pkg\nVersion: 1.0\n"
    write(info / ("PKG-INFO" if kind == "egg-info" else "METADATA"), text)
    write(info / "entry_points.txt", "[hardened_eks.controls]\nacme = acme_pkg:named\n")
    path = Path(shutil.make_archive(str(tmp_path / "acme"), "zip", site)) if kind == "zip" else site
    done = start("check", "t.json", "-c", "ACME-01", path=path)
    assert (done.returncode, "FAIL ACME-01" in done.stdout, done.stderr) == (1, True, "")
    write(info / "entry_points.txt", "[hardened_eks.controls]\nacme = acme_pkg:gone\n")
    path = Path(shutil.make_archive(str(tmp_path / "acme"), "zip", site)) if kind == "zip" else site
    done = start("check", "t.json", path=path)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert done.stderr.startswith(
        "error: the entry point acme = acme_pkg:gone of acme_pkg (hardened_eks.controls) cannot"
    )


def test_where_there_is_none_nothing_slow_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['hardened-eks', 'check', 't.json']\n"
        "from hardened_eks.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print('importlib.metadata' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment)
    assert done.stdout.splitlines()[-1] == "False"
