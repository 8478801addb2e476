"""The synth plugin and the waiver on real apps; the command line comes to the same verdict on the same assembly."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from click.testing import CliRunner

import hardened_eks as hardened
from hardened_eks.cli import group
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.control_plane import private_endpoint
from hardened_eks.controls.model import Control, Problem, Severity, control
from hardened_eks.judging import own_controls
from hardened_eks.evidence.waiver import METADATA_KEY

TODAY = date(2026, 11, 21)
ONLY = {"controls": [private_endpoint], "today": TODAY}


def cluster(scope: Any, id: str, *, public: bool) -> cdk.CfnResource:
    return cdk.CfnResource(scope, id, type="AWS::EKS::Cluster", properties={
        "Name": f"{id}-{'public' if public else 'private'}",
        "ResourcesVpcConfig": {"SubnetIds": ["subnet-1"], "EndpointPublicAccess": public},
    })  # fmt: skip


def report(directory: Path) -> dict[str, Any]:
    found = json.loads((directory / "validation-report.json").read_text())
    (own,) = [r for r in found["pluginReports"] if r["pluginName"] == "hardened-eks"]
    return own


def check(directory: Path, *arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(
        group, ["check", str(directory), "-f", "json", "--today", str(TODAY), "-c", "CP-01", *arguments]
    )
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def unsafe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One app with everything: a nested stack, a stage, waivers at several levels, an unmatched and an expired one."""
    directory = tmp_path_factory.mktemp("unsafe")
    app = cdk.App(outdir=str(directory))
    stack = cdk.Stack(app, "Payments")
    cluster(stack, "Open", public=True)
    accepted = cluster(stack, "Accepted", public=True)
    hardened.waive(accepted, private_endpoint, reason="the VPN is late", until="2027-06-30", approver="jane")
    cluster(stack, "Safe", public=False)
    nested = cdk.NestedStack(stack, "Inner")
    inner = cluster(nested, "InNested", public=True)
    hardened.waive(nested, "CP-01", reason="whole nested stack", until=date(2026, 12, 1))
    assert inner
    stage = cdk.Stage(app, "Prod", env=cdk.Environment(account="123456789012", region="eu-west-1"))
    other = cdk.Stack(stage, "Data")
    cluster(other, "InStage", public=True)
    key = kms.Key(other, "Key")
    hardened.waive(key, private_endpoint, reason="a mistake", until="2027-06-30")
    hardened.waive(other, private_endpoint, reason="was accepted once", until="2026-01-31")
    cdk.Validations.of(app).add_plugins(hardened.Checks(**ONLY))
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    yield directory


def test_the_report_names_severity_fix_construct_and_property(unsafe: Path) -> None:
    found = report(unsafe)
    assert (found["conclusion"], found["pluginVersion"]) == ("failure", hardened.__version__)
    assert found["metadata"]["summary"].startswith("failed: 4 findings, 1 warning, 2 waived, examined 5 resources")
    first = found["violations"][0]
    assert (first["ruleName"], first["severity"], first["ruleMetadata"]["severity"]) == ("CP-01", "fatal", "high")
    assert first["suggestedFix"] == private_endpoint.fix
    assert first["description"].startswith(f"{private_endpoint.title}: the public endpoint is on")
    assert {
        (c["constructPath"], c["cloudFormationResource"]["templatePath"]) for c in first["violatingConstructs"]
    } == {
        ("Payments/Open", "Payments.template.json"),
        ("Prod/Data/InStage", "assembly-Prod/ProdData90A795AA.template.json"),
    }
    assert first["violatingConstructs"][0]["cloudFormationResource"]["propertyPaths"] == [
        "Properties.ResourcesVpcConfig.EndpointPublicAccess"
    ]


def test_waivers_land_in_the_report(unsafe: Path) -> None:
    by_rule = {}
    for violation in report(unsafe)["violations"]:
        by_rule.setdefault((violation["ruleName"], violation["severity"]), []).append(violation)
    assert {key: sum(len(v["violatingConstructs"]) for v in found) for key, found in by_rule.items()} == {
        ("CP-01", "fatal"): 2, ("WV-01", "fatal"): 1, ("WV-02", "fatal"): 1, ("WV-03", "warning"): 1, ("CP-01", "info"): 2,
    }  # fmt: skip
    waived = {v["description"].split(" [")[1] for v in by_rule["CP-01", "info"]}
    assert waived == {
        "waived until 2027-06-30 by jane: the VPN is late]",
        "waived until 2026-12-01: whole nested stack]",
    }
    (unmatched,) = by_rule["WV-02", "fatal"]
    assert unmatched["violatingConstructs"][0]["constructPath"] == "Prod/Data/Key"


def test_the_command_line_sees_the_same_assembly(unsafe: Path) -> None:
    found = check(unsafe)
    assert found["summary"] == report(unsafe)["metadata"]["summary"]
    theirs = {
        (v["ruleName"], v["ruleMetadata"]["state"], c["constructPath"])
        for v in report(unsafe)["violations"] for c in v["violatingConstructs"]
    }  # fmt: skip
    assert {(f["control"], f["state"], f["constructPath"]) for f in found["findings"]} == theirs
    origins = {w["scope"]: w["origin"] for w in found["waivers"]}
    assert origins["Payments/Accepted"].startswith("tests/test_checks.py:")


def test_a_safe_app_with_waivers_passes_and_still_reports(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path))
    stack = cdk.Stack(app, "Payments")
    hardened.waive(cluster(stack, "Open", public=True), "CP-01", reason="the VPN is late", until="2026-12-20")
    cdk.Validations.of(app).add_plugins(hardened.Checks(**ONLY))
    app.synth()
    found = report(tmp_path)
    assert found["conclusion"] == "success"
    assert [(v["ruleName"], v["severity"]) for v in found["violations"]] == [("WV-03", "warning"), ("CP-01", "info")]


def test_acknowledging_does_not_silence_a_finding(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path))
    stack = cdk.Stack(app, "Payments")
    open_ = cluster(stack, "Open", public=True)
    cluster(stack, "Other", public=True)
    cdk.Validations.of(open_).acknowledge(cdk.Acknowledgment(id="hardened-eks::CP-01", reason="please"))
    cdk.Validations.of(app).add_plugins(hardened.Checks(**ONLY))
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    (violation,) = report(tmp_path)["violations"]
    assert {c["constructPath"] for c in violation["violatingConstructs"]} == {"Payments/Open", "Payments/Other"}


def test_fail_on_makes_lesser_findings_warnings_and_waiver_files_count(tmp_path: Path) -> None:
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text("waivers:\n- control: CP-01\n  path: Payments/Acc*\n  reason: r\n  until: 2027-06-30\n")
    app = cdk.App(outdir=str(tmp_path / "out"))
    stack = cdk.Stack(app, "Payments")
    cluster(stack, "Open", public=True)
    cluster(stack, "Accepted", public=True)
    cdk.Validations.of(app).add_plugins(hardened.Checks(**ONLY, fail_on="critical", waivers=waivers))
    app.synth()
    found = report(tmp_path / "out")
    assert [(v["ruleName"], v["severity"]) for v in found["violations"]] == [("CP-01", "warning"), ("CP-01", "info")]
    assert (
        check(tmp_path / "out", "--fail-on", "critical", "-w", str(waivers))["summary"] == found["metadata"]["summary"]
    )


def test_a_stage_alone_and_a_control_of_ones_own(tmp_path: Path) -> None:
    @control(
        id="XX-01",
        title="No clusters",
        types=["AWS::EKS::Cluster"],
        severity=Severity.HIGH,
        why="w",
        fix="f",
        source="https://example.com",
    )
    def no_clusters(resource: Any, assembly: Any) -> Iterator[Problem]:
        yield Problem("there is one")

    app = cdk.App(outdir=str(tmp_path))
    cluster(cdk.Stack(app, "Outside"), "Outside", public=False)
    stage = cdk.Stage(app, "Prod")
    inside = cdk.Stack(stage, "Inside")
    cluster(inside, "Inside", public=False)
    hardened.waive(cluster(inside, "Accepted", public=False), no_clusters, reason="r", until="2999-12-31")
    cdk.Validations.of(stage).add_plugins(hardened.Checks(controls=[no_clusters]))
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    violation, waived = report(tmp_path)["violations"]
    assert [c["constructPath"] for c in violation["violatingConstructs"]] == ["Prod/Inside/Inside"]
    assert [c["constructPath"] for c in waived["violatingConstructs"]] == ["Prod/Inside/Accepted"]
    assert check(tmp_path)["waivers"] == [], "the command line does not know the control, nor its waiver"


def named(id: str, name: str) -> Control:
    def check(resource: Any, assembly: Any) -> Iterator[Problem]:
        yield Problem("there is one")

    check.__name__ = name
    texts = {"title": "No clusters", "why": "w", "fix": "f", "source": "https://example.com"}
    return control(id=id, types=["AWS::EKS::Cluster"], severity=Severity.HIGH, **texts)(check)


def test_extra_controls_are_judged_besides() -> None:
    extra = named("XX-02", "no_clusters")
    assert hardened.Checks(extra=[extra]).rule_ids == [*(c.id for c in CATALOGUE), "XX-02"]
    assert hardened.Checks(extra=extra).rule_ids[-1] == "XX-02"
    assert hardened.Checks(controls="CP-01", extra=[extra]).rule_ids == ["CP-01", "XX-02"]
    assert hardened.Checks(controls="CP-01", extra=(c for c in [extra])).rule_ids == ["CP-01", "XX-02"]
    assert hardened.Checks(controls="CP-01", extra=iter(())).rule_ids == ["CP-01"]
    assert hardened.Checks(controls=["XX-02"], extra=[extra]).rule_ids == ["XX-02"]
    assert hardened.Checks(controls=[extra], extra=[extra]).rule_ids == ["XX-02"]
    assert "XX-02" not in hardened.Checks(extra=[extra], exclude="no_clusters").rule_ids


def test_waivers_in_code_and_in_files_name_extra_controls(tmp_path: Path) -> None:
    extra = named("XX-02", "no_clusters")
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text("waivers:\n- control: xx-02\n  path: Payments/Two\n  reason: r\n  until: 2027-06-30\n")
    app = cdk.App(outdir=str(tmp_path / "out"))
    stack = cdk.Stack(app, "Payments")
    hardened.waive(cluster(stack, "One", public=False), extra, reason="r", until=datetime(2027, 6, 30, 12))
    cluster(stack, "Two", public=False)
    plugin = hardened.Checks(controls="CP-01", extra=extra, waivers=waivers, today=datetime(2026, 11, 21, 12))
    cdk.Validations.of(app).add_plugins(plugin)
    app.synth()
    (violation,) = report(tmp_path / "out")["violations"]
    assert (violation["ruleName"], violation["severity"]) == ("XX-02", "info")
    assert {c["constructPath"] for c in violation["violatingConstructs"]} == {"Payments/One", "Payments/Two"}


def test_fails_with_all_mistakes_of_own_controls() -> None:
    one, other = named("XX-02", "no_clusters"), named("xx-02", "no_clusters_either")
    with pytest.raises(hardened.ConfigurationError) as caught:
        hardened.Checks(extra=[one, other], exclude=["XX-99x"])
    assert [problem.split(":")[0].split(",")[0] for problem in caught.value.problems] == [
        "xx-02 no_clusters_either (tests.test_checks) has the ID or name of XX-02 no_clusters (tests.test_checks)",
        "unknown control 'XX-99x'",
    ]
    with pytest.raises(hardened.ConfigurationError, match="has the ID or name of"):
        hardened.Checks(controls=[one, other])
    with pytest.raises(
        hardened.ConfigurationError, match="extra needs a control object or a list of them, got 'CP-01'"
    ):
        hardened.Checks(extra=["CP-01"])  # type: ignore[list-item]


@pytest.fixture
def of_a_package(monkeypatch: pytest.MonkeyPatch) -> Control:
    """A control that an installed package brings."""
    brought = named("PKG-01", "of_a_package")
    monkeypatch.setattr(own_controls, "installed", lambda: ((brought,), ()))
    return brought


def test_controls_of_installed_packages_are_judged_and_waived_by_id(of_a_package: Control) -> None:
    assert hardened.Checks().rule_ids[-1] == "PKG-01"
    assert hardened.Checks(controls="of_a_package").rule_ids == ["PKG-01"]
    stack = cdk.Stack(cdk.App(), "Payments")
    hardened.waive(stack, "PKG-01", reason="r", until="2027-06-30")
    (entry,) = [json.loads(m.data) for m in stack.node.metadata if m.type == METADATA_KEY]
    assert (entry["control"], entry["own"]) == ("PKG-01", True)


def test_fails_when_an_entry_point_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_controls, "installed", lambda: ((), ("the entry point x cannot be loaded",)))
    with pytest.raises(hardened.ConfigurationError, match="Checks: the entry point x cannot be loaded"):
        hardened.Checks()
    with pytest.raises(hardened.ConfigurationError, match="waiver: the entry point x cannot be loaded"):
        hardened.waive(cdk.Stack(cdk.App(), "Payments"), "CP-01", reason="r", until="2027-06-30")


def test_a_crash_fails_synth_with_its_reason(tmp_path: Path) -> None:
    class Crashing(hardened.Checks):
        def validate(self, context: Any) -> Any:
            raise ValueError("the reason")

    app = cdk.App(outdir=str(tmp_path))
    cluster(cdk.Stack(app, "Payments"), "C", public=False)
    cdk.Validations.of(app).add_plugins(Crashing())
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    assert "the reason" in report(tmp_path)["metadata"]["error"]


def test_two_stacks_of_one_name_fail_synth_with_both_files(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path))
    for id_ in ("One", "Two"):
        cluster(cdk.Stack(app, id_, stack_name="Same"), "C", public=False)
    cdk.Validations.of(app).add_plugins(hardened.Checks())
    with pytest.raises(RuntimeError):
        app.synth()
    error = report(tmp_path)["metadata"]["error"]
    assert "two templates belong to the stack 'Same'" in error
    assert "One.template.json" in error
    assert "Two.template.json" in error


def test_fails_with_all_mistakes_of_the_arguments(tmp_path: Path) -> None:
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text("waivers:\n- control: CP-01\n")
    with pytest.raises(hardened.ConfigurationError) as caught:
        hardened.Checks(
            controls=["CP-1"], exclude="private_endpoints", fail_on="severe", waivers=[waivers, "none.yaml"], today="x"
        )  # type: ignore[arg-type]
    problems = caught.value.problems
    assert problems[0].startswith("unknown control 'CP-1': did you mean CP-01")
    assert problems[1].startswith("unknown control 'private_endpoints': did you mean private_endpoint")
    assert problems[2:4] == (
        "fail_on needs one of critical, high, medium, low, incomplete, got 'severe'",
        "today needs a datetime.date, got 'x'",
    )
    assert problems[-1] == "none.yaml: no such file or directory"
    assert f"{waivers}:2: a waiver needs a reason that a reviewer would accept, got None" in problems


def test_nothing_left_to_judge_by_is_an_error() -> None:
    with pytest.raises(hardened.ConfigurationError, match="no control is left"):
        hardened.Checks(controls=["CP-01"], exclude=["CP-01"])


def test_defaults_take_the_whole_catalogue() -> None:
    assert hardened.Checks().rule_ids == [c.id for c in CATALOGUE]


def test_fails_with_all_mistakes_of_a_waiver() -> None:
    app = cdk.App()
    with pytest.raises(hardened.ConfigurationError) as caught:
        hardened.waive(app, "CP-99x", reason=" ", until="soon", approver=3)  # type: ignore[arg-type]
    assert len(caught.value.problems) == 5
    assert caught.value.problems[1:4] == (
        "a waiver needs a reason that a reviewer would accept, got ' '",
        "until needs to be a date as YYYY-MM-DD, got 'soon'",
        "approver needs a string, got 3",
    )
    assert caught.value.problems[4].startswith("scope needs a stack or a construct in one, not an app or a stage, got ")


def test_fails_when_the_scope_of_a_waiver_is_no_construct_in_a_stack() -> None:
    from constructs import Construct

    for scope in (cdk.Stage(cdk.App(), "Prod"), Construct(cdk.App(), "Loose"), "Payments/Cluster"):
        with pytest.raises(hardened.ConfigurationError, match="scope needs a stack or a construct in one"):
            hardened.waive(scope, "CP-01", reason="r", until="2027-01-01")  # type: ignore[arg-type]


def test_what_belongs_to_no_cluster_and_what_is_not_seen(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path / "out"))
    stack = cdk.Stack(app, "Payments")
    cdk.CfnResource(stack, "Lone", type="AWS::S3::Bucket")
    nodes = {"LaunchTemplate": {"Id": "lt-1"}}
    cdk.CfnResource(stack, "Nodes", type="AWS::EKS::Nodegroup", properties=nodes)
    cdk.Validations.of(app).add_plugins(hardened.Checks(controls=["ST-01", "ND-03"]))
    with pytest.raises(RuntimeError):
        app.synth()
    found = report(tmp_path / "out")
    assert [(v["ruleName"], v["severity"]) for v in found["violations"]] == [("ND-03", "fatal")]
    assert "1 resource not examined: no EKS" in json.dumps(found)
