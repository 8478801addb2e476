"""The tutorial says what its commands print."""

import re
from pathlib import Path

from click.testing import CliRunner

from hardened_eks.cli import group

PAGE = (Path(__file__).parents[2] / "docs/tutorial/open-a-namespace.md").read_text()


def test_the_tutorial_says_what_its_commands_print(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in re.findall(r"```yaml\n# (\S+)\n(.*?)```", PAGE, re.S):
        Path(name).write_text(text)
    written = (
        CliRunner()
        .invoke(group, ["manifests", "baseline.yaml", "--format", "kustomize", "--output", "baseline"])
        .stderr
    )
    assert re.fullmatch(r"baseline: \d+ files\n", written)
    assert f"--output baseline\n{written}" in PAGE
    assert [file.name for file in Path("baseline/namespaces").iterdir()] == ["payments.yaml"]
    checked = CliRunner().invoke(group, ["check", "baseline", "web.yaml"])
    found = set(re.findall(r"at +\S+, (\S+):\d+", checked.output))
    assert (checked.exit_code, found) == (1, {"web.yaml"})
    assert re.findall(r"^failed: \d+ findings", checked.output, re.M) == re.findall(r"^failed: .*", PAGE, re.M)
