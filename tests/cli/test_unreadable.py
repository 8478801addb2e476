"""A file that cannot be read: the others are reported, the report names it, and the exit code is 2."""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from hardened_eks.reports import FORMATS, OF_ACCOUNTS
from tests.cli.test_check import run
from tests.sources.assembly import CLUSTER, PUBLIC, manifest, stack, waiver, write

OF_TEMPLATES = [format_ for format_ in FORMATS if format_ not in OF_ACCOUNTS]

ONLY = ("-c", "CP-01", "--today", "2026-11-21")


@pytest.fixture(autouse=True)
def _templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "safe.json", {"Resources": {"C": CLUSTER}})
    write(tmp_path / "open.json", {"Resources": {"C": PUBLIC}})


def loop(folder: Path) -> str:
    (folder / "loop.json").symlink_to("loop.json")
    return "Too many levels of symbolic links"


def pipe(folder: Path) -> str:
    os.mkfifo(folder / "pipe.json")
    return "it is a named pipe; write its contents to a file first"


def endless(folder: Path) -> str:
    (folder / "endless.json").symlink_to("/dev/zero")
    return "more than 32 MiB; a template can have at most 1 MiB"


def huge(folder: Path) -> str:
    with (folder / "huge.json").open("wb") as file:
        file.truncate(10 * 2**40)
    return "more than 32 MiB; a template can have at most 1 MiB"


def binary(folder: Path) -> str:
    (folder / "binary.json").write_bytes(b"\xff\xfe")
    return "not UTF-8 text"


def missing(_folder: Path) -> str:
    return "no such file or directory"


def no_folder(folder: Path) -> str:
    (folder / "no_folder.json").mkdir()
    return "no manifest.json: not a cdk.out directory"


@pytest.mark.parametrize("make", [loop, pipe, endless, huge, binary, missing, no_folder])
def test_the_others_are_reported(make: Any, tmp_path: Path) -> None:
    reason, name = make(tmp_path), f"{make.__name__}.json"
    alone = run("check", name, *ONLY)
    assert (alone.exit_code, alone.stdout) == (2, "")
    assert reason in alone.stderr
    result = run("check", name, "open.json", *ONLY)
    assert result.exit_code == 2
    assert "FAIL CP-01" in result.stdout
    assert f"not seen: not read: {name}: " in result.stdout.replace(f"{name}:1:", f"{name}:")
    assert "failed: 1 finding, 1 input not read, examined 1 resource" in result.stdout
    assert result.stderr == alone.stderr


def test_what_passes_is_incomplete() -> None:
    result = run("check", "safe.json", "missing.json", *ONLY)
    assert (result.exit_code, "passed" in result.stdout) == (2, False)
    assert "incomplete: 0 findings, 1 input not read, examined 1 resource" in result.stdout
    report = json.loads(run("check", "safe.json", "missing.json", *ONLY, "-f", "json").stdout)
    assert (report["verdict"], report["notSeen"]) == (
        "incomplete",
        ["not read: missing.json: no such file or directory"],
    )


@pytest.mark.parametrize("format_", OF_TEMPLATES)
def test_every_format_names_it(format_: str) -> None:
    result = run("check", "safe.json", "missing.json", *ONLY, "-f", format_)
    assert result.exit_code == 2
    assert "missing" in result.stdout
    assert "no such file or directory" in result.stdout
    if format_ == "junit":
        suite = ET.fromstring(result.stdout)
        assert (suite.get("tests"), suite.get("errors"), suite.get("failures")) == ("2", "1", "0")
        assert len(suite.findall(".//testcase/error")) == 1
    if format_ == "sarif":
        assert json.loads(result.stdout)["runs"][0]["invocations"][0]["executionSuccessful"] is False


def test_output_files_are_written_all_the_same(tmp_path: Path) -> None:
    result = run("check", "safe.json", "missing.json", *ONLY, "-o", "report.txt")
    assert result.exit_code == 2
    assert (tmp_path / "report.txt").read_text().splitlines()[-1].startswith("incomplete: 0 findings")


def test_other_mistakes_still_refuse_everything() -> None:
    for wrong in (("-w", "none.yaml"), ("--against", "none.json"), ("-p", "x"), ("-c", "CP-99x")):
        result = run("check", "safe.json", "missing.json", *wrong)
        assert (result.exit_code, result.stdout) == (2, "")
        assert len(result.stderr.splitlines()) == 2


def test_one_stack_of_an_assembly(tmp_path: Path) -> None:
    out = tmp_path / "out"
    artifacts = {id_: stack(out, id_, {"Resources": {"C": PUBLIC}}) for id_ in ("A", "B", "C", "D")}
    (out / "B.template.json").unlink()
    artifacts["C"]["properties"]["templateFile"] = "a\0b.json"
    (out / "D.metadata.json").symlink_to("D.metadata.json")
    artifacts["D"]["additionalMetadataFile"] = "D.metadata.json"
    result = run("check", manifest(out, artifacts), *ONLY)
    assert result.exit_code == 2
    assert "A/C  AWS::EKS::Cluster" in result.stdout
    lines = result.stderr.splitlines()
    assert lines[:2] == [
        f"error: {out}/B.template.json: no such file or directory",
        f"error: {out}/a\\x00b.json: cannot be read: its name contains a NUL character",
    ]


def forbid(monkeypatch: pytest.MonkeyPatch, name: str, *functions: str) -> None:
    """Refuse what the system refuses to everybody but root: `functions` on a path with `name` in it."""
    for function in functions:
        original = getattr(os, function) if function == "stat" else Path.open

        def refused(path: Any, *arguments: Any, _original: Any = original, **options: Any) -> Any:
            if f"/{name}" in os.path.abspath(path):
                raise PermissionError(13, "Permission denied", str(path))
            return _original(path, *arguments, **options)

        monkeypatch.setattr(os if function == "stat" else Path, function, refused)


def test_a_directory_and_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "shut" / "t.json", {"Resources": {"C": CLUSTER}})
    forbid(monkeypatch, "shut", "stat", "open")
    result = run("check", "shut", "shut/t.json", "open.json", *ONLY)
    assert result.exit_code == 2
    assert "FAIL CP-01" in result.stdout
    assert result.stderr.splitlines() == [
        "error: shut: cannot be read: Permission denied",
        "error: shut/t.json: cannot be read: Permission denied",
    ]


def test_metadata_without_permission_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    metadata = {"/A/C": [{"type": "aws:cdk:logicalId", "data": "C"}, waiver()]}
    manifest(out, {"A": stack(out, "A", {"Resources": {"C": PUBLIC}}, metadata=metadata)})
    forbid(monkeypatch, "out/A.metadata.json", "open")
    result = run("check", out, *ONLY)
    assert result.exit_code == 2
    assert f"error: {out}/A.metadata.json: cannot be read: Permission denied\n" in result.stderr
    assert "FAIL CP-01" in result.stdout


def test_broken_metadata_without_waivers_costs_the_construct_paths_only(tmp_path: Path) -> None:
    out = tmp_path / "out"
    artifact = stack(out, "A", {"Resources": {"C": PUBLIC}}, metadata={})
    write(out / "A.metadata.json", "{")
    result = run("check", manifest(out, {"A": artifact}), *ONLY)
    assert (result.exit_code, "FAIL CP-01" in result.stdout) == (1, True)


def test_a_name_that_is_too_long() -> None:
    result = run("check", "x" * 300, "open.json", *ONLY)
    assert result.exit_code == 2
    assert "File name too long" in result.stderr


def test_an_assembly_that_contains_itself_is_read_once(tmp_path: Path) -> None:
    out = tmp_path / "out"
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}
    result = run("check", manifest(out, {"A": stack(out, "A", {"Resources": {"C": PUBLIC}}), "S": stage}), *ONLY)
    assert (result.exit_code, result.stdout.count("FAIL CP-01")) == (1, 1)


@pytest.mark.parametrize("name", ["x" * 300 + "/a", "x" * 300, "", "loop/a"])
def test_an_output_that_cannot_be_written(name: str, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    result = run("check", "safe.json", *ONLY, "-o", f"text={name}")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "cannot be written: " in result.stderr


def test_process_substitution_and_a_pipe_on_the_standard_input() -> None:
    script = '"$0" -m hardened_eks.cli check <(cat open.json) -c CP-01; cat open.json | "$0" -m hardened_eks.cli check - -c CP-01'
    done = subprocess.run(
        ["bash", "-c", script, sys.executable], check=False, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.count("FAIL CP-01") == 2


def test_a_closed_standard_input() -> None:
    command = [
        "/bin/sh",
        "-c",
        'unset LD_PRELOAD; exec "$@" <&-',
        "sh",
        sys.executable,
        "-m",
        "hardened_eks.cli",
        "check",
        "-",
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (2, "error: <stdin>: cannot be read: the standard input is closed\n")
