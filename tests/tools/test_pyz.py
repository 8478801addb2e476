"""The checker as one file: no other package is there, and it says what the installed program says."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hardened_eks import __version__
from hardened_eks.cli import COMMANDS
from hardened_eks.reports import FORMATS, OF_ACCOUNTS
from tools import pyz

HERE = "{}.{}".format(*sys.version_info[:2])
TEMPLATE = {
    "Resources": {
        "Cluster": {"Type": "AWS::EKS::Cluster", "Properties": {"RoleArn": "arn:aws:iam::111122223333:role/eks"}},
        "Bucket": {"Type": "AWS::S3::Bucket"},
    }
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dist") / "hardened-eks.pyz"
    assert pyz.build(path, pythons=(HERE,)) == [HERE]
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "t.json").write_text(json.dumps(TEMPLATE))
    (folder / "t.yaml").write_text(json.dumps(TEMPLATE))  # JSON is YAML
    return folder


def run(archive: Path, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run it as on a machine with nothing but Python: -I and -S leave out every installed package."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(archive), *arguments], capture_output=True, text=True, cwd=folder, check=False
    )


def findings(text: str) -> list[Any]:
    return json.loads(text)["findings"]


def test_it_is_small_and_holds_no_cdk(archive: Path) -> None:
    entries = zipfile.ZipFile(archive).infolist()
    tree = sum(one.compress_size + 2 * len(one.filename) + 100 for one in entries if one.filename.startswith("py"))
    assert archive.stat().st_size + (pyz.MOST - 1) * tree < 10_000_000
    names = [one.filename for one in entries]
    assert {name.split("/")[0] for name in names} == {"LICENSE", "__main__.py", "src", f"py{HERE.replace('.', '')}"}
    assert {Path(name).suffix for name in names if name.startswith("py")} & {".py", ".so"} == set()
    assert not [name for name in names if "/aws_cdk/" in name or "/boto" in name or "/jsii" in name]
    assert [name for name in names if name.endswith("frameworks/requirements.json")]


def test_the_same_files_give_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    pyz.build(tmp_path / "again.pyz", pythons=(HERE,))
    assert (tmp_path / "again.pyz").read_bytes() == archive.read_bytes()


def test_it_has_bytecode_for_the_newest_pythons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyz, "_compile", lambda *_: True)
    monkeypatch.setattr(pyz, "_own_files", lambda: [])
    assert pyz.build(tmp_path / "x.pyz") == ["3.14", "3.13", "3.12"]


def test_its_version_is_that_of_the_package(archive: Path) -> None:
    assert run(archive, "--version").stdout == f"hardened-eks, version {__version__}\n"


@pytest.mark.parametrize("file", ["t.json", "t.yaml"])
def test_it_says_what_the_program_says(archive: Path, folder: Path, file: str) -> None:
    ours = run(archive, "check", file, "-f", "json", folder=folder)
    command = [sys.executable, "-m", "hardened_eks.cli", "check", file, "-f", "json"]
    theirs = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    assert (ours.returncode, theirs.returncode) == (1, 1)
    assert findings(ours.stdout) == findings(theirs.stdout) != []


@pytest.mark.parametrize("format_", [one for one in FORMATS if one not in OF_ACCOUNTS])
def test_every_format_works(archive: Path, folder: Path, format_: str) -> None:
    found = run(archive, "check", "t.json", "-f", format_, folder=folder)
    assert (found.returncode, found.stderr) == (1, "")
    assert found.stdout


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_there(archive: Path, command: str) -> None:
    assert run(archive, command, "--help").returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("controls", "list"),
        ("controls", "show", "CP-01"),
        ("controls", "coverage"),
        ("controls", "oscal"),
        ("controls", "config-pack", "--region", "eu-west-1"),
        ("detections",),
        ("evidence", "t.json", "--output", "evidence", "--system", "Payments"),
    ],
    ids=" ".join,
)
def test_commands_that_need_no_aws_work(archive: Path, folder: Path, arguments: tuple[str, ...]) -> None:
    found = run(archive, *arguments, folder=folder)
    assert found.returncode in {0, 1}, found.stderr
    assert "error:" not in found.stderr


@pytest.mark.parametrize(
    "arguments",
    [("audit",), ("data", "refresh", "--output", "."), ("image-gate", f"payments@sha256:{'a' * 64}")],
    ids=lambda arguments: arguments[0],
)
def test_commands_that_ask_aws_say_what_they_need(archive: Path, folder: Path, arguments: tuple[str, ...]) -> None:
    found = run(archive, *arguments, folder=folder)
    assert found.returncode == 2
    assert found.stderr == "error: boto3 is not installed: pip install 'boto3>=1.43'\n"


def test_another_python_reads_the_sources(tmp_path: Path) -> None:
    path = tmp_path / "sources.pyz"
    assert pyz.build(path, pythons=()) == []
    assert run(path, "--version").stdout == f"hardened-eks, version {__version__}\n"


def test_it_cannot_write_what_it_does_not_hold(archive: Path, folder: Path) -> None:
    found = run(archive, "hook", "package", folder=folder)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith("error: the single-file program has no sources")


def test_its_data_is_read_without_listing_it_again(archive: Path, folder: Path) -> None:
    """To list an archive takes some 15 ms, which `importlib.resources` would need for each data file."""
    (folder / "nodes.json").write_text(
        json.dumps(
            {"Resources": {"Nodes": {"Type": "AWS::EKS::Nodegroup", "Properties": {"InstanceTypes": ["m7g.large"]}}}}
        )
    )
    main = (
        "import runpy, sys, zipfile\n"
        "listed, read = [], zipfile.ZipFile._RealGetContents\n"
        "zipfile.ZipFile._RealGetContents = lambda self: (listed.append(1), read(self))\n"
        f"sys.argv = [{str(archive)!r}, 'check', 'nodes.json']\n"
        "try:\n"
        f"    runpy.run_path({str(archive)!r}, run_name='__main__')\n"
        "finally:\n"
        "    print('listed', len(listed), 'times')\n"
    )
    command = [sys.executable, "-I", "-S", "-c", main]
    found = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    assert found.returncode == 1, found.stderr
    assert found.stdout.splitlines()[-1] in {"listed 0 times", "listed 1 times"}


def test_an_older_python_is_no_finding() -> None:
    main = pyz.MAIN.replace("__TREES__", "()").replace("sys.version_info", "(3, 10, 1)")
    found = subprocess.run([sys.executable, "-c", main], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr == "error: hardened-eks needs Python 3.11 or newer, this is 3.10\n"


def test_a_damaged_archive_is_no_finding(tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text(pyz.MAIN.replace("__TREES__", "()"))
    (tmp_path / "src" / "hardened_eks").mkdir(parents=True)
    (tmp_path / "src" / "hardened_eks" / "cli.py").write_text("raise ImportError('damaged')")
    found = run(tmp_path, "check", "t.json")
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.endswith("ImportError: damaged\n")
