"""The page about checking manifests shows what the command prints."""

from pathlib import Path

from click.testing import CliRunner

from hardened_eks.cli import group

PAGE = Path(__file__).parents[2] / "docs/how-to/check-manifests.md"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: web
          image: docker.io/library/nginx:1.27.1
"""
ALLOWED = "registries: [docker.io/library]\n"


def check(*arguments: str) -> str:
    return CliRunner().invoke(group, ["check", *arguments, "-c", "KB-01"]).output


def test_the_finding_is_what_the_command_prints(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("web.yaml").write_text(DEPLOYMENT)
    printed = check("web.yaml")
    assert "no EKS resource" not in printed
    finding = printed.split("\n\n", 1)[0]
    assert finding in PAGE.read_text(), finding


def test_the_policies_of_the_team_judge(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("web.yaml").write_text(DEPLOYMENT)
    Path("settings.yaml").write_text(ALLOWED)
    rendered = CliRunner().invoke(group, ["manifests", "settings.yaml", "--format", "one"])
    Path("baseline.yaml").write_text(rendered.stdout)
    assert "FAIL KB-01" in check("web.yaml")
    assert "FAIL" not in check("baseline.yaml", "web.yaml")
