"""`hardened-eks controls audit-manager`: files, and commands that AWS's model knows."""

import json
import shlex
from pathlib import Path

import botocore.session
from botocore import xform_name
from click.testing import CliRunner, Result

from hardened_eks.cli import group
from hardened_eks.data.audit_manager import CONTROLS


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["controls", "audit-manager", *arguments], catch_exceptions=False)


def test_it_prints_the_controls_and_says_that_the_service_is_closed() -> None:
    done = run()
    assert json.loads(done.stdout) == list(CONTROLS)
    assert "has accepted no new customers since 2026-04-30" in done.stderr


def test_each_command_takes_a_file_that_is_there(tmp_path: Path) -> None:
    done = run("--output", str(tmp_path / "made here"))
    commands = [shlex.split(line) for line in done.stdout.splitlines()]
    model = botocore.session.get_session().get_service_model("auditmanager")
    known = {xform_name(name, "-") for name in model.operation_names}
    assert len(commands) == len(CONTROLS) == len(list((tmp_path / "made here").iterdir()))
    for command, control in zip(commands, CONTROLS, strict=True):
        assert command[:2] == ["aws", "auditmanager"] and command[2] in known
        assert command[3] == "--cli-input-json"
        assert json.loads(Path(command[4].removeprefix("file://")).read_text()) == control
        assert command[5:] == ["--query", "control.id", "--output", "text"]
    answer = model.operation_model("CreateControl").output_shape
    assert "id" in answer.members["control"].members
    assert "control_sets={'PCI DSS 1.3': [...]}" in done.stderr


def test_fails_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = CliRunner().invoke(group, ["controls", "audit-manager", "-o", str(tmp_path / "file")])
    assert done.exit_code == 2
    assert "cannot be written" in done.output
