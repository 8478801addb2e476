"""An option that has no effect beside the others is refused by name, all of them at once."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from hardened_eks.cli import group
from hardened_eks.sources import saved

ACCOUNT = "is about templates, and 'live.json' contains an account"
WHO = "has no effect with --who"
CASES: list[tuple[list[str], list[str]]] = [
    (
        ["check", "live.json", "-p", "Public=false", "--complete", "all", "--scope", "eks"],
        [f"--parameters: {ACCOUNT}", f"--complete: {ACCOUNT}", f"--scope: {ACCOUNT}"],
    ),
    (["check", "live.json", "-c", "CP-99", "--scope", "all"],
     ["unknown control 'CP-99'", f"--scope: {ACCOUNT}"]),
    (["check", "open.json", "-p", "Public=true", "-p", "Public=false"],
     ["--parameters: Public has two values, 'true' and 'false'"]),
    (["check", "open.json", "-o", "json=report", "-o", "sarif=report"],
     ["report: named by two --output options: name two files"]),
    (["audit", "--print-policy", "--organization", "--kubeconfig", "config"],
     ["--organization-role: --organization needs the name of a role", "--kubeconfig: needs --kubernetes"]),
    (["guardrails", "--who", "open.json", "--type", "scp", "-o", "out", "--organization-id", "o-exampleorg1",
      "--deployer-role", "landing-zone", "--account", "111122223333", "--oldest-version", "1.36", "--boundary", "limits"],
     [f"{option}: {WHO}" for option in ("--type", "--output", "--organization-id", "--deployer-role", "--account",
                                        "--oldest-version", "--boundary")]),
    (["guardrails", "-f", "text", "-o", "out"], ["--format: has no effect with --output"]),
    (["guardrails", "open.json", "--partner", "111122223333", "-o", "out", "-f", "json"],
     ["--partner needs --organization-id", "--format: has no effect with --output", "PATHS need --who, got open.json"]),
    (["manifests", "settings.yaml", "--schema", "-f", "json", "-o", "out", "--bootstrap", "--helm-values", "istio"],
     [f"{option}: has no effect with --schema" for option in
      ("SETTINGS", "--format", "--output", "--bootstrap", "--helm-values")]),
    (["manifests", "settings.yaml", "--helm-values", "istio", "-o", "out"],
     [f"{option}: has no effect with --helm-values" for option in ("SETTINGS", "--output")]),
    (["diagram", "open.json", "-f", "json", "--theme", "auto"], ["--theme: has no effect with --format json"]),
    (["upgrade", "--to", "1.37", "--cluster", "payments", "--addon-versions", "versions.json"],
     ["--addon-versions: has no effect with --cluster"]),
    (["upgrade", "--to", "1.37", "--from", "1.36", "-p", "Version=1.36"],
     ["--parameters: needs a template in PATHS"]),
    (["upgrade", "live.json", "--to", "1.37", "-p", "Version=1.36"], ["--parameters: needs a template in PATHS"]),
    (["controls", "config-pack", "--region", "eu-west-1", "-p", "A_RULE.name=1", "-p", "A_RULE.name=2"],
     ["--parameters: A_RULE.name has two values, '1' and '2'"]),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "expected"), CASES, ids=[" ".join(arguments[:4]) for arguments, _ in CASES])
def test_options_without_effect_are_refused(
    arguments: list[str], expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one = saved.Environment("123456789012", "eu-west-1")
    Path("live.json").write_text(saved.text([one], day="2026-11-29", version="0"))
    Path("open.json").write_text('{"Parameters": {"Public": {"Type": "String"}}, "Resources": {}}')
    result = CliRunner().invoke(group, arguments, catch_exceptions=False)
    lines = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(lines) == len(expected), result.stderr
    for line, words in zip(lines, expected, strict=True):
        assert line.startswith(f"error: {words}"), result.stderr
    assert {file.name for file in tmp_path.iterdir()} == {"live.json", "open.json"}
