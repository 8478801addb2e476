"""However a run ends: an exit code, at most one line, no traceback; an error of ours is never taken for findings."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pytest

from hardened_eks.cli._run import run
from tests.sources.assembly import CLUSTER, PUBLIC, write

COMMANDS = (["--help"], ["--version"], ["controls", "list"], ["check", "--help"], ["check", "t.json", "-c", "CP-01"])


@pytest.fixture(autouse=True)
def _template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "t.json", {"Resources": {"C": CLUSTER}})


def start(arguments: Sequence[str], *, closed: bool = False, **streams: Any) -> subprocess.CompletedProcess[str]:
    # faketime's library keeps the clock of all processes in shared memory; opened as descriptor 1, output overwrites it.
    shell = ["/bin/sh", "-c", 'unset LD_PRELOAD; exec "$@" >&-', "sh"] if closed else []
    command = [*shell, sys.executable, "-m", "hardened_eks.cli", *arguments]
    return subprocess.run(command, check=False, text=True, timeout=60, **{"stderr": subprocess.PIPE, **streams})


@pytest.fixture(params=["", "1"], ids=["buffered", "unbuffered"])
def buffered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a failed write leaves in the buffer differs."""
    monkeypatch.setenv("PYTHONUNBUFFERED", request.param)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_full_disk_is_2_with_one_line(arguments: list[str], buffered: None) -> None:
    with Path("/dev/full").open("w") as full:
        done = start(arguments, stdout=full)
    expected = "error: the standard output cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, expected)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_reader_that_is_gone_is_2_with_one_line(arguments: list[str], buffered: None) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = start(arguments, stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (2, "error: the standard output cannot be written: Broken pipe\n")


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_closed_standard_output_is_2_with_one_line(arguments: list[str]) -> None:
    done = start(arguments, closed=True)
    assert (done.returncode, done.stderr) == (2, "error: the standard output cannot be written: Bad file descriptor\n")


def test_a_closed_standard_output_that_nobody_needs_does_no_harm() -> None:
    command = ["check", "t.json", "-c", "CP-01", "--today", "2026-11-29", "-o", "report.txt"]
    done = start(command, closed=True)
    assert (done.returncode, Path("report.txt").read_text()[:6]) == (0, "passed")


def test_a_standard_error_that_takes_nothing_leaves_the_exit_code() -> None:
    write(Path("open.json"), {"Resources": {"C": PUBLIC}})
    with Path("/dev/full").open("w") as full:
        assert start(["check", "t.json"], stdout=full, stderr=full).returncode == 2
        assert start(["check", "missing.json"], stdout=subprocess.DEVNULL, stderr=full).returncode == 2
        assert start(["check", "open.json"], stdout=subprocess.DEVNULL, stderr=full).returncode == 1


def raising(error: BaseException) -> click.Command:
    @click.command()
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize("error", [KeyError("x"), RecursionError("deep"), OSError(13, "Permission denied", "file")])
def test_an_internal_error_is_2_in_one_line(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["hardened-eks"])
    assert run(raising(error), "hardened-eks") == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    kind, place = type(error).__name__, "(test_run.py:"
    assert err.startswith(f"error: internal error, which is a bug in hardened-eks: {kind}: ")
    assert place in err
    assert "report it with the output of the same command under HARDENED_EKS_DEBUG=1" in err


def test_its_traceback_is_shown_on_request(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["hardened-eks"])
    monkeypatch.setenv("HARDENED_EKS_DEBUG", "1")
    assert run(raising(KeyError("x")), "hardened-eks") == 2
    assert "Traceback (most recent call last)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (KeyboardInterrupt(), 130),
        (SystemExit(1), 1),
        (SystemExit("text"), 2),
        (SystemExit(None), 0),
        (click.ClickException("wrong"), 2),
        (click.UsageError("wrong"), 2),
        (click.exceptions.Exit(0), 0),
    ],
)
def test_other_ends(end: BaseException, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["hardened-eks"])
    assert run(raising(end), "hardened-eks") == code


def test_wrong_options_end_with_a_line_like_all_other_errors() -> None:
    """Usage comes from click, which begins its own lines with `Error:`."""
    for arguments, expected in (
        (["check", "--scope", "all"], "error: Missing argument 'PATHS...'."),
        (["check", "t.json", "--scope", "x"], "error: Invalid value for '--scope': 'x' is not one of 'eks', 'all'."),
        (["chek"], "error: unknown command 'chek': did you mean 'check'"),
    ):
        done = start(arguments)
        assert (done.returncode, done.stderr.splitlines()[-1]) == (2, expected)
    assert "error" not in start(["hook"]).stderr.lower(), "without arguments, a group shows its help"
