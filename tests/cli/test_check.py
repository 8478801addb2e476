"""`hardened-eks check`: options, exit codes, and clear words for unusable input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hardened_eks.cli import group
from tests.sources.assembly import CLUSTER, PUBLIC, manifest, stack, waiver, write

BOTH = {"Resources": {"Open": PUBLIC, "Safe": CLUSTER}}
CONTROL = ("--control", "CP-01", "--today", "2026-11-21")


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(group, [str(a) for a in arguments], input=stdin, catch_exceptions=False)
    assert result.exit_code in {0, 1, 2}
    return result


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return write(tmp_path / "t.json", BOTH)


def test_clean_is_0(tmp_path: Path) -> None:
    result = run("check", write(tmp_path / "t.json", {"Resources": {"Safe": CLUSTER}}), *CONTROL)
    assert result.exit_code == 0
    assert result.stdout == "passed: 0 findings, examined 1 resource of 1 template with 1 of 1 control\n"


def test_findings_are_1_grouped_by_resource_with_line_and_fix(template: Path) -> None:
    result = run("check", template, *CONTROL)
    assert result.exit_code == 1
    assert (
        result.stdout
        == f"""\
{template}/Open  AWS::EKS::Cluster
  FAIL CP-01 high  The Kubernetes API endpoint is not reachable from the internet
      the public endpoint is on (EndpointPublicAccess is True)
      at   ResourcesVpcConfig.EndpointPublicAccess, {template}:7
      fix  Set ResourcesVpcConfig.EndpointPublicAccess to false and EndpointPrivateAccess to true.

failed: 1 finding, examined 2 resources of 1 template with 1 of 1 control
"""
    )


def test_nothing_examined_is_said(tmp_path: Path) -> None:
    bucket = write(tmp_path / "t.json", {"Resources": {"B": {"Type": "AWS::S3::Bucket"}}})
    result = run("check", bucket, *CONTROL)
    assert result.exit_code == 0
    assert "examined 0 resources, which is not a pass" in result.stdout
    assert "passed" not in result.stdout


LONE = {"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}


def test_a_template_without_eks_is_not_examined(tmp_path: Path) -> None:
    bucket = write(tmp_path / "t.json", LONE)
    result = run("check", bucket)
    assert result.exit_code == 0
    assert result.stdout == (
        "No resource of these templates belongs to a cluster. To evaluate them anyway, use --scope all.\n"
        "nothing examined: examined 0 resources, which is not a pass, 1 resource not examined: no EKS\n"
    )
    found = json.loads(run("check", bucket, "-f", "json").stdout)
    assert (found["verdict"], found["counts"]["outside"], found["findings"]) == ("nothing examined", 1, [])


def test_scope_all_judges_everything(tmp_path: Path) -> None:
    result = run("check", write(tmp_path / "t.json", LONE), "--scope", "all")
    assert result.exit_code == 1
    assert "no EKS resource among them" in result.stdout
    assert "not examined" not in result.stdout


def test_require_eks_fails_where_nothing_is_examined(tmp_path: Path) -> None:
    assert run("check", write(tmp_path / "t.json", LONE), "--require-eks").exit_code == 1
    cluster = write(tmp_path / "c.json", {"Resources": {"Safe": CLUSTER, **LONE["Resources"]}})
    result = run("check", cluster, "--require-eks", *CONTROL)
    assert result.exit_code == 0
    both = run("check", cluster, "--control", "CP-01", "-c", "ST-01", "--today", "2026-11-21").stdout
    assert both.endswith("with 1 of 2 controls, 1 resource not examined: no EKS\n")


def test_a_nested_stack_that_may_hide_a_cluster_is_incomplete(tmp_path: Path) -> None:
    """Nothing else is in the template, so nothing is examined either."""
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://example.com/eks.yaml"}}
    file = write(tmp_path / "root.json", {"Resources": {"Platform": stack}})
    result = run("check", file, "-f", "json")
    assert (result.exit_code, json.loads(result.stdout)["verdict"]) == (0, "incomplete")
    assert run("check", file, "--fail-on", "incomplete").exit_code == 1


def test_what_a_control_cannot_see_fails_and_is_named_in_the_line(tmp_path: Path) -> None:
    nodes = {"Type": "AWS::EKS::Nodegroup", "Properties": {"LaunchTemplate": {"Id": "lt-1"}}}
    path = write(tmp_path / "t.json", {"Resources": {"Nodes": nodes}})
    result = run("check", path, "-c", "ND-03")
    assert result.exit_code == 1
    assert f"not seen: {path}/Nodes LaunchTemplate: the launch template lt-1" in result.stdout.splitlines()[-1]
    lesser = run("check", path, "-c", "ND-03", "--fail-on", "critical")
    assert (lesser.exit_code, lesser.stdout.splitlines()[-1].split(":")[0]) == (0, "incomplete")


def test_what_aws_refuses_itself_is_named_and_fails_where_that_is_chosen(tmp_path: Path) -> None:
    cluster = {"Type": "AWS::EKS::Cluster", "Properties": {"RoleArn": {"Ref": "Role"}}}
    path = write(tmp_path / "t.json", {"Parameters": {"Role": {"Type": "String"}}, "Resources": {"C": cluster}})
    result = run("check", path, "-c", "DP-40")
    assert result.exit_code == 0
    assert "incomplete: 0 findings, 1 not seen" in result.stdout
    assert "the role ${Role} is not among the templates, so DP-40 cannot evaluate it" in result.stdout
    assert run("check", path, "-c", "DP-40", "--fail-on", "incomplete").exit_code == 1


def test_a_cluster_that_is_not_seen_is_no_pass(tmp_path: Path) -> None:
    body = {"Resources": {"C": {"Type": "AWSQS::EKS::Cluster"}, "R": {"Type": "AWS::ECR::Repository"}}}
    path = write(tmp_path / "t.json", body)
    result = run("check", path, "-c", "CF-01")
    assert result.exit_code == 0
    assert run("check", path, "-c", "CF-01", "--fail-on", "incomplete").exit_code == 1
    assert "passed" not in result.stdout
    assert result.stdout.splitlines()[-1].startswith("incomplete: 0 findings")


def test_no_eks_among_what_was_examined_is_said(tmp_path: Path) -> None:
    role = write(tmp_path / "t.json", {"Resources": {"Key": {"Type": "AWS::Logs::LogGroup"}}})
    assert "no EKS resource among them" in run("check", role, "--scope", "all").stdout


def test_unusable_input_is_2_with_all_reasons_on_the_standard_error(tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.yaml", "Resources:\n  A: {}\n")
    waivers = write(tmp_path / "w.yaml", "waivers:\n- control: CP-1\n  resource: a\n  reason: r\n  until: 2027-01-01\n")
    result = run(
        "check",
        bad,
        "missing.json",
        "-w",
        waivers,
        "-c",
        "CP-00x",
        "-p",
        "x",
        "--against",
        "old.json",
        "-o",
        "no/where.txt",
    )
    assert result.exit_code == 2
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[0].startswith("error: unknown control 'CP-00x': did you mean CP-0")
    assert "error: no/where.txt: cannot be written: the folder no does not exist" in lines
    assert "error: --parameters: needs KEY=VALUE, got 'x'" in lines
    assert f"error: {waivers}:2: unknown control 'CP-1': did you mean CP-01" in [
        line[: len(f"error: {waivers}:2: unknown control 'CP-1': did you mean CP-01")] for line in lines
    ]
    assert f"error: {bad}:2: resource 'A' has no Type" in lines
    assert "error: missing.json: no such file or directory" in lines
    assert "error: old.json: no such file or directory" in lines
    assert len(lines) == 7


def test_no_path_and_unknown_commands_are_2() -> None:
    assert run("check").exit_code == 2
    result = run("chek")
    assert (result.exit_code, "did you mean 'check'" in result.stderr) == (2, True)
    assert "available commands: audit, check" in run("zzz").stderr


def test_standard_input() -> None:
    result = run("check", "-", *CONTROL, stdin=json.dumps(BOTH))
    assert result.exit_code == 1
    assert "stdin/Open" in result.stdout
    assert "<stdin>" in result.stdout


def test_outputs(template: Path, tmp_path: Path) -> None:
    sarif, page, plain = tmp_path / "r.sarif", tmp_path / "r.html", tmp_path / "r.txt"
    result = run("check", template, *CONTROL, "-o", f"sarif={sarif}", "-o", f"html={page}")
    assert "FAIL CP-01" in result.stdout
    assert json.loads(sarif.read_text())["version"] == "2.1.0"
    assert page.read_text().startswith("<!doctype html>")
    result = run("check", template, *CONTROL, "-f", "json", "-o", plain)
    assert (result.stdout, result.stderr.split(":")[0]) == ("", "failed")
    assert json.loads(plain.read_text())["verdict"] == "fail"
    assert run("check", template, "-o", tmp_path).exit_code == 2


def test_a_file_name_with_an_equals_sign_needs_its_format(template: Path, tmp_path: Path) -> None:
    result = run("check", template, *CONTROL, "-o", f"pdf={tmp_path}/x", "-o", "a=b=c")
    assert (result.exit_code, result.stdout) == (2, "")
    formats = "use one of text, json, sarif, junit, github, markdown, html, frameworks, asff, ocsf"
    assert result.stderr.splitlines() == [
        f"error: --output: unknown format 'pdf' in 'pdf={tmp_path}/x', {formats}; "
        f"for a file with this name, write text=pdf={tmp_path}/x",
        f"error: --output: unknown format 'a' in 'a=b=c', {formats}; for a file with this name, write text=a=b=c",
    ]
    assert run("check", template, *CONTROL, "-o", f"text={tmp_path}/a=b").exit_code == 1
    assert "FAIL CP-01" in (tmp_path / "a=b").read_text()


def test_selection_and_severity(template: Path) -> None:
    assert run("check", template, "-c", "private_endpoint", "--fail-on", "critical").exit_code == 0
    assert "WARN CP-01" in run("check", template, *CONTROL, "--fail-on", "critical").stdout
    assert "FAIL CP-01" not in run("check", template, "-x", "CP-01", "--family", "hardening").stdout
    assert "FAIL CP-01" not in run("check", template, "--family", "deployable").stdout
    assert "no control is left" in run("check", template, *CONTROL, "--severity", "critical").stderr


def test_parameters(tmp_path: Path) -> None:
    body = {
        "Parameters": {"Public": {"Type": "String"}},
        "Resources": {
            "C": {
                "Type": "AWS::EKS::Cluster",
                "Properties": {"ResourcesVpcConfig": {"EndpointPublicAccess": {"Ref": "Public"}}},
            }
        },
    }
    path = write(tmp_path / "t.json", body)
    assert run("check", path, *CONTROL).exit_code == 1
    assert run("check", path, *CONTROL, "-p", "Public=false").exit_code == 0
    assert run("check", path, *CONTROL, "-p", f"{path}:Public=false").exit_code == 0
    assert "no template has the parameter 'Publik'" in run("check", path, *CONTROL, "-p", "Publik=false").stderr


def test_waiver_file(template: Path, tmp_path: Path) -> None:
    waivers = write(
        tmp_path / "w.yaml", "waivers:\n- control: CP-01\n  resource: Open\n  reason: late\n  until: 2026-12-01\n"
    )
    result = run("check", template, *CONTROL, "-w", waivers)
    assert result.exit_code == 0
    assert "WARN WV-03 low" in result.stdout
    assert "until 2026-12-01: late" in result.stdout
    assert f"{waivers}:2" in result.stdout
    result = run("check", template, "-c", "CP-01", "--today", "2026-12-02", "-w", waivers)
    assert (result.exit_code, "FAIL WV-01 high" in result.stdout) == (1, True)


def test_waivers_in_an_assembly(tmp_path: Path) -> None:
    metadata = {"/App/C": [{"type": "aws:cdk:logicalId", "data": "Open"}, waiver(file="app.py", line=12)]}
    manifest(tmp_path, {"App": stack(tmp_path, "App", BOTH, metadata=metadata)})
    result = run("check", tmp_path, *CONTROL)
    assert result.exit_code == 0
    assert "written at app.py:12" in result.stdout


def test_against_an_earlier_template(tmp_path: Path) -> None:
    old = write(tmp_path / "old.json", {"Resources": {"C": {"Type": "AWS::EKS::Cluster", "Properties": {"Name": "a"}}}})
    new = write(tmp_path / "new.json", {"Resources": {"C": {"Type": "AWS::EKS::Cluster", "Properties": {"Name": "b"}}}})
    only = ("-c", "create_only_unchanged")
    assert run("check", new, *only).exit_code == 0
    assert run("check", new, *only, "--against", new).exit_code == 0
    assert run("check", new, *only, "--against", old).exit_code == 1


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    body = {"Resources": {"A\x1b[31m\u202e": PUBLIC, "B\ud800": PUBLIC}}
    result = run("check", write(tmp_path / "t.json", body), *CONTROL)
    assert "A\\x1b[31m\\u202e" in result.stdout
    assert "B\\ud800" in result.stdout
    assert "\x1b" not in result.stdout
    result = run("check", tmp_path / "no\x1bsuch")
    assert "\x1b" not in result.stderr


def test_help_imports_neither_the_catalogue_nor_rich_nor_aws() -> None:
    code = (
        "import sys; sys.argv = ['hardened-eks', '--help']\n"
        "from hardened_eks.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in {'rich', 'jinja2', 'yaml', 'aws_cdk', 'jsii', 'boto3'}"
        " or m.startswith('hardened_eks.controls')))"
    )
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert out.splitlines()[-1] == "[]"
    assert "check" in out


def test_a_json_check_imports_neither_yaml_nor_rich_nor_aws(template: Path) -> None:
    code = (
        f"import sys; sys.argv = ['hardened-eks', 'check', {str(template)!r}, '-c', 'CP-01']\n"
        "from hardened_eks.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in {'rich', 'jinja2', 'yaml', 'aws_cdk', 'jsii', 'boto3'}))"
    )
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert out.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("more", "colored"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_in_a_terminal_it_is_colored(template: Path, more: dict[str, str], colored: bool) -> None:
    import os
    import pty

    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "hardened_eks.cli", "check", str(template), "-c", "CP-01"]
    with subprocess.Popen(
        command, stdout=follower, env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", **more}
    ) as process:
        os.close(follower)
        shown = b""
        try:
            while chunk := os.read(leader, 65536):
                shown += chunk
        except OSError:  # Linux: the other side is closed
            pass
    os.close(leader)
    assert process.returncode == 1
    assert (b"\x1b[" in shown) is colored
    assert b"FAIL" in shown


def test_a_folder_of_manifests_and_templates_is_judged_with_the_policies_in_it(tmp_path: Path) -> None:
    """As a GitOps repository has them: what `hardened-eks manifests` wrote, workloads, templates, and other files."""
    settings = tmp_path / "settings.yaml"
    settings.write_text("registries: [registry.example.com]\nnamespaces:\n- name: shop\n")
    repository = tmp_path / "repository"
    assert run("manifests", settings, "--format", "kustomize", "--output", repository / "base").exit_code == 0
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers:\n"
        "  - {name: web, image: registry.example.com/web:1}\n  - {name: side, image: other.example.com/side:1}\n"
    )
    (repository / "apps").mkdir()
    (repository / "apps" / "web.yaml").write_text(pod)
    write(repository / "stacks" / "t.json", BOTH)
    (repository / "README.md").write_text("# Shop\n")
    result = run("check", repository, "-c", "CP-01", "-c", "KB-01", "--today", "2026-11-21")
    assert result.exit_code == 1
    assert result.stdout.count("FAIL") == 2
    assert f"at   spec.containers.1, {repository}/apps/web.yaml:7" in result.stdout
    assert f"{repository}/stacks/t.json/Open" in result.stdout
    assert f"{repository}: not examined, neither templates nor manifests: README.md" in result.stdout
    assert run("check", repository / "base", "--today", "2026-11-21").exit_code == 0
