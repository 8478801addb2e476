"""What is not a resource, through every door: where it is reported, and how it is waived."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from click.testing import CliRunner

import hardened_eks as hardened
from hardened_eks.cli import group
from hardened_eks.testing import assert_hardened
from tests.sources.assembly import write

TODAY = date(2026, 11, 21)
ASKED = {"scope": "all", "controls": ["CF-01", "LG-03"], "complete": "all", "today": TODAY}
TEMPLATE = """\
Parameters:
  DbPassword:
    Type: String
    Default: correct-horse
Mappings:
  Stages:
    prod:
      ApiKey: 0123456789abcdef
Metadata:
  Notes:
    Password: correct-horse
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Metadata:
      Password: correct-horse
Outputs:
  Url:
    Value: correct-horse
  AuthToken:
    Value: correct-horse
"""
PLACES = {
    ("Parameters/DbPassword", "parameter", "Default", 4),
    ("Mappings/Stages", "mapping", "prod.ApiKey", 8),
    ("Metadata/Notes", "metadata", "Password", 11),
    ("Topic", "AWS::SNS::Topic", "Metadata.Password", 16),
    ("Outputs/AuthToken", "output", "Value", 21),
}


def run(*arguments: object) -> Any:
    return CliRunner().invoke(group, ["check", *map(str, arguments), "--scope", "all", "--today", str(TODAY)])


def found(*arguments: object) -> dict[str, Any]:
    return json.loads(run(*arguments, "-f", "json").stdout)


def test_each_secret_is_reported_where_it_is_written(tmp_path: Path) -> None:
    path = write(tmp_path / "t.yaml", TEMPLATE)
    entries = found(path, "-c", "CF-01")["findings"]
    stack = str(path)
    assert {(e["subject"].removeprefix(f"{stack}/"), e["type"], e["property"], e["line"]) for e in entries} == PLACES
    assert {(e["kind"], e["logicalId"]) for e in entries} == {("entry", ""), ("resource", "Topic")}
    assert {(e["stack"], e["file"]) for e in entries} == {(stack, stack)}


@pytest.mark.parametrize(("format_", "expected"), [
    ("text", "t.yaml/Parameters/DbPassword  parameter\n  FAIL CF-01 high"),
    ("text", "at   Default, {path}:4"),
    ("github", "::error file={path},line=4,title=CF-01 Templates and outputs contain no secrets::{path}/Parameters/DbPassword"),
    ("junit", "/Parameters/DbPassword: DbPassword is written in plain text ({path}:4, Default)"),
    ("markdown", "`{path}/Parameters/DbPassword`<br>`{path}:4`"),
    ("html", "<dt>Entry</dt><dd><code>{path}/Parameters/DbPassword</code> <span class=\"soft\">parameter</span></dd>"),
    ("html", "<code>{path}:4</code>"),
])  # fmt: skip
def test_every_format_shows_the_entry_and_its_line(tmp_path: Path, format_: str, expected: str) -> None:
    path = write(tmp_path / "t.yaml", TEMPLATE)
    assert expected.format(path=path) in run(path, "-c", "CF-01", "-f", format_).stdout


def test_sarif_points_at_the_line(tmp_path: Path) -> None:
    path = write(tmp_path / "t.yaml", TEMPLATE)
    (sarif,) = json.loads(run(path, "-c", "CF-01", "-f", "sarif").stdout)["runs"]
    (result,) = [r for r in sarif["results"] if "DbPassword" in r["message"]["text"]]
    (location,) = result["locations"]
    assert location["physicalLocation"]["region"]["startLine"] == 4
    assert location["logicalLocations"] == [{"fullyQualifiedName": f"{path}/Parameters/DbPassword/Default"}]


@pytest.mark.parametrize(("format_", "expected"), [
    ("text", "assembly\n  FAIL LG-03 high"),
    ("github", "LG-03 A multi-Region trail records management events::assembly: no trail records"),
    ("junit", "assembly: no trail records the API calls of the account (assembly)"),
    ("markdown", "`assembly` | no trail records"),
    ("html", "<dt>Assembly</dt><dd><code>assembly</code></dd>"),
])  # fmt: skip
def test_what_is_missing_is_about_the_assembly(tmp_path: Path, format_: str, expected: str) -> None:
    one, two = (write(tmp_path / name, TEMPLATE) for name in ("a.yaml", "b.yaml"))
    result = run(one, two, "-c", "LG-03", "-f", format_, "--complete", "AWS::CloudTrail::Trail")
    assert (result.exit_code, expected in result.stdout) == (1, True), result.stdout
    assert run(one, two, "-c", "LG-03", "-f", format_).exit_code == 0


def test_code_scanning_shows_what_is_missing_on_the_first_template(tmp_path: Path) -> None:
    one, two = (write(tmp_path / name, TEMPLATE) for name in ("a.yaml", "b.yaml"))
    text = run(one, two, "-c", "LG-03", "-f", "sarif", "--complete", "all").stdout
    (location,) = json.loads(text)["runs"][0]["results"][0]["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"].endswith("a.yaml")
    assert location["logicalLocations"] == [{"fullyQualifiedName": "assembly"}]


def test_fails_on_a_type_that_nothing_misses(tmp_path: Path) -> None:
    result = run(write(tmp_path / "t.yaml", TEMPLATE), "--complete", "AWS::CloudTrail::Trial")
    assert result.exit_code == 2
    assert (
        "no control requires a resource of type 'AWS::CloudTrail::Trial': did you mean AWS::CloudTrail::Trail"
        in result.stderr
    )
    with pytest.raises(hardened.ConfigurationError, match="no control requires a resource of type 'AWS::S3::Bucket'"):
        hardened.Checks(complete=["AWS::S3::Bucket"])
    with pytest.raises(hardened.ConfigurationError, match="no control requires a resource of type 'everything'"):
        assert_hardened({"Resources": {}}, complete="everything")
    with pytest.raises(hardened.ConfigurationError, match="complete needs CloudFormation types, got 7"):
        hardened.Checks(complete=7)


def test_a_waiver_file_names_any_subject(tmp_path: Path) -> None:
    path = write(tmp_path / "t.yaml", TEMPLATE)
    waivers = write(tmp_path / "w.yaml", {"waivers": [
        {"control": control, "reason": "r", "until": "2027-06-30", **scope}
        for control, scope in (
            ("CF-01", {"subject": "*/Parameters/DbPassword"}), ("no_secrets", {"subject": "*/Mappings/*"}),
            ("CF-01", {"path": "*/Metadata/Notes"}), ("CF-01", {"subject": "*/Outputs/AuthToken"}),
            ("CF-01", {"resource": "Topic"}), ("LG-03", {"subject": "assembly"}),
        )
    ]})  # fmt: skip
    only = ("-c", "CF-01", "-c", "LG-03", "--complete", "all")
    assert found(path, *only)["counts"]["findings"] == 6
    report = found(path, *only, "-w", waivers)
    assert (report["counts"]["findings"], report["counts"]["waived"]) == (0, 6)
    assert [(w["status"], w["findings"]) for w in report["waivers"]] == [("active", 1)] * 6


def test_an_unknown_control_in_a_waiver_is_refused_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "t.yaml", TEMPLATE)
    text = "waivers:\n- resource: Topic\n  control: CF-1\n  reason: r\n  until: 2027-06-30\n"
    waivers = write(tmp_path / "w.yaml", text)
    result = run(path, "-w", waivers, tmp_path / "none.yaml")
    assert result.exit_code == 2
    assert f"{waivers}:3: unknown control 'CF-1': did you mean CF-01" in result.stderr
    assert "none.yaml: " in result.stderr, "with the other mistakes"
    with pytest.raises(hardened.ConfigurationError, match=r"w\.yaml:3: unknown control 'CF-1'"):
        hardened.Checks(waivers=waivers)
    with pytest.raises(hardened.ConfigurationError, match=r"w\.yaml:3: unknown control 'CF-1'"):
        assert_hardened(path, waivers=[waivers])


def app(directory: Path, *, waived: bool) -> cdk.App:
    made = cdk.App(outdir=str(directory))
    stack = cdk.Stack(made, "Payments", stack_name="pay")
    password = cdk.CfnParameter(stack, "DbPassword", default="correct-horse")
    cdk.CfnMapping(stack, "Stages", mapping={"prod": {"ApiKey": "0123456789abcdef"}})
    cdk.CfnResource(stack, "Topic", type="AWS::SNS::Topic")
    if waived:
        hardened.waive(password, "CF-01", reason="r", until="2027-06-30")
        hardened.waive(stack, "CF-01", subject="pay/Mappings/*", reason="r", until="2027-06-30")
        hardened.waive(stack, "LG-03", subject="assembly", reason="r", until="2027-06-30")
    cdk.Validations.of(made).add_plugins(hardened.Checks(**ASKED))
    return made


def violations(directory: Path) -> dict[str, set[str]]:
    reports = json.loads((directory / "validation-report.json").read_text())["pluginReports"]
    (own,) = [r for r in reports if r["pluginName"] == "hardened-eks"]
    found: dict[str, set[str]] = {}
    for violation in own["violations"]:
        paths = {c["constructPath"] for c in violation["violatingConstructs"]}
        found.setdefault(f"{violation['ruleName']} {violation['severity']}", set()).update(paths)
    return found


def test_synth_names_the_parameter_and_the_assembly(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app(tmp_path, waived=False).synth()
    assert violations(tmp_path) == {
        "CF-01 fatal": {"Payments/DbPassword", "Payments/Stages"},
        "LG-03 fatal": {"assembly"},
    }
    assert {(e["control"], e["constructPath"] or e["subject"]) for e in found(
        tmp_path, "-c", "CF-01", "-c", "LG-03", "--complete", "all",
    )["findings"]} == {("CF-01", "Payments/DbPassword"), ("CF-01", "Payments/Stages"), ("LG-03", "assembly")}  # fmt: skip


def test_code_waives_each_of_them(tmp_path: Path) -> None:
    made = app(tmp_path, waived=True)
    made.synth()
    assert violations(tmp_path) == {
        "CF-01 info": {"Payments/DbPassword", "Payments/Stages"},
        "LG-03 info": {"assembly"},
    }
    assert len(assert_hardened(tmp_path, **ASKED, allow_nothing=True).waived) == 3


def test_fails_on_a_subject_that_is_no_text() -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    with pytest.raises(hardened.ConfigurationError, match="subject needs a string, got 7"):
        hardened.waive(stack, "CF-01", subject=7, reason="r", until="2027-06-30")


def test_the_command_line_shows_what_a_control_needs_to_see() -> None:
    def show(id_: str) -> str:
        return CliRunner().invoke(group, ["controls", "show", id_]).stdout

    assert "needs to see: only the resource\n" in show("CP-01")
    assert "needs to see: all templates (an account is not enough)\n" in show("DP-29")
    assert "if missing: no trail records the API calls of the account\n" in show("LG-03")
    assert "if missing" not in show("CP-01")
    assert "needs to see" not in show("WV-01")
    (trail,) = (
        c
        for c in json.loads(CliRunner().invoke(group, ["controls", "list", "-f", "json"]).stdout)
        if c["id"] == "LG-03"
    )
    assert (trail["needs"], trail["evidence"], trail["types"]) == ("assembly", "any", ["AWS::CloudTrail::Trail"])
