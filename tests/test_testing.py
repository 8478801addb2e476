"""`assert_hardened` in other people's tests, and the pytest fixture."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.sources import UnusableInputError
from hardened_eks.testing import assert_hardened
from tests.sources.assembly import CLUSTER, PUBLIC, write

pytest_plugins = ["pytester"]

ONLY: dict[str, Any] = {"controls": ["CP-01"], "today": date(2026, 11, 21)}
SAFE, OPEN = {"Resources": {"C": CLUSTER}}, {"Resources": {"C": PUBLIC}}


def app(*, public: bool, waived: bool = False) -> tuple[cdk.App, cdk.Stack]:
    app_ = cdk.App()
    stack = cdk.Stack(app_, "Payments")
    properties = {"ResourcesVpcConfig": {"EndpointPublicAccess": public}}
    cluster = cdk.CfnResource(stack, "Cluster", type="AWS::EKS::Cluster", properties=properties)
    if waived:
        hardened.waive(cluster, "CP-01", reason="the VPN is late", until="2027-06-30")
    return app_, stack


def test_a_safe_template_passes_and_says_what_was_examined() -> None:
    outcome = assert_hardened(SAFE, **ONLY)
    assert (outcome.verdict, outcome.resources) == ("pass", 1)


def test_an_unsafe_template_fails_with_the_report() -> None:
    with pytest.raises(AssertionError) as caught:
        assert_hardened(OPEN, **ONLY)
    assert "FAIL CP-01 high" in str(caught.value)
    assert "ResourcesVpcConfig.EndpointPublicAccess" in str(caught.value)


def test_a_template_with_nothing_to_judge_fails_unless_that_is_meant() -> None:
    bucket = {"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}
    with pytest.raises(AssertionError, match="examined 0 resources"):
        assert_hardened(bucket, **ONLY)
    assert assert_hardened(bucket, **ONLY, allow_nothing=True).verdict == "nothing examined"


def test_what_belongs_to_no_cluster_is_judged_where_that_is_asked_for() -> None:
    bucket = {"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}
    with pytest.raises(AssertionError, match="1 resource not examined: no EKS"):
        assert_hardened(bucket)
    with pytest.raises(AssertionError, match="FAIL ST-01"):
        assert_hardened(bucket, scope="all")
    with pytest.raises(hardened.ConfigurationError, match="scope needs one of eks, all, got 'some'"):
        assert_hardened(bucket, scope="some")  # type: ignore[arg-type]


def test_what_a_control_cannot_see_fails() -> None:
    group = {"Type": "AWS::EKS::Nodegroup", "Properties": {"LaunchTemplate": {"Id": "lt-1"}}}
    body = {"Resources": {"Nodes": group}}
    with pytest.raises(AssertionError, match="the launch template lt-1 is not among the templates"):
        assert_hardened(body, controls=["ND-03"])
    assert assert_hardened(body, controls=["ND-03"], fail_on="critical").verdict == "incomplete"


def test_what_aws_refuses_itself_fails_where_that_is_chosen() -> None:
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"KmsKeyId": {"Fn::ImportValue": "key"}}}
    body = {"Resources": {"Group": group, "C": {"Type": "AWS::EKS::Cluster"}}}
    assert assert_hardened(body, controls=["DP-42"], scope="all").verdict == "incomplete"
    with pytest.raises(AssertionError, match="is not among the templates"):
        assert_hardened(body, controls=["DP-42"], scope="all", fail_on="incomplete")


def test_apps_stages_stacks_and_templates(tmp_path: Path) -> None:
    safe, stack = app(public=False)
    template = Template.from_stack(stack)
    for given in (safe, stack, template, template.to_json(), safe.synth().directory, write(tmp_path / "t.json", SAFE)):
        assert assert_hardened(given, **ONLY).resources == 1
    for given in app(public=True):
        with pytest.raises(AssertionError, match="CP-01"):
            assert_hardened(given, **ONLY)


def test_waivers_in_code_count_for_apps_and_stacks() -> None:
    for given in app(public=True, waived=True):
        assert len(assert_hardened(given, **ONLY).waived) == 1


def test_several_are_one_assembly(tmp_path: Path) -> None:
    assert assert_hardened(SAFE, write(tmp_path / "t.json", SAFE), app(public=False)[0], **ONLY).resources == 3


def test_waiver_files_previous_and_thresholds(tmp_path: Path) -> None:
    waivers = write(tmp_path / "w.yaml", "waivers:\n- {control: CP-01, resource: C, reason: late, until: 2027-06-30}\n")
    assert len(assert_hardened(OPEN, **ONLY, waivers=[waivers]).waived) == 1
    assert len(assert_hardened(OPEN, **ONLY, fail_on="critical").warnings) == 1
    renamed = {"Resources": {"C": {"Type": "AWS::EKS::Cluster", "Properties": {"Name": "new"}}}}
    assert assert_hardened(renamed, controls=["create_only_unchanged"]).verdict == "pass"
    with pytest.raises(AssertionError, match="the cluster is replaced"):
        assert_hardened(renamed, controls=["create_only_unchanged"], previous=SAFE)


@control(
    id="ORG-01",
    title="No clusters",
    types=["AWS::EKS::Cluster"],
    severity=Severity.LOW,
    why="w",
    fix="f",
    source="https://example.com",
)
def no_clusters(resource: Any, assembly: Any) -> Iterator[Problem]:
    yield Problem("there is one")


def test_a_control_of_ones_own_besides_or_alone() -> None:
    for given in ({**ONLY, "extra": [no_clusters]}, {**ONLY, "controls": [no_clusters]}, {"extra": no_clusters}):
        with pytest.raises(AssertionError, match="FAIL ORG-01 low"):
            assert_hardened(SAFE, **given)
    assert len(assert_hardened(SAFE, **ONLY, extra=no_clusters, fail_on="high").warnings) == 1


def test_an_own_control_is_waived_in_code_and_in_a_file(tmp_path: Path) -> None:
    app_, stack = app(public=False)
    hardened.waive(stack.node.find_child("Cluster"), no_clusters, reason="later", until="2027-06-30")
    outcome = assert_hardened(app_, **ONLY, extra=[no_clusters])
    assert [finding.control for finding in outcome.waived] == [no_clusters]
    waivers = write(tmp_path / "w.yaml", "waivers:\n- {control: ORG-01, resource: C, reason: r, until: 2027-06-30}\n")
    for one in (waivers, str(waivers), [waivers]):
        assert len(assert_hardened(SAFE, **ONLY, extra=[no_clusters], waivers=one).waived) == 1
    with pytest.raises(hardened.ConfigurationError, match="w.yaml:2: unknown control 'ORG-01'"):
        assert_hardened(SAFE, **ONLY, waivers=waivers)


def test_a_datetime_is_its_day(tmp_path: Path) -> None:
    waivers = write(tmp_path / "w.yaml", "waivers:\n- {control: CP-01, resource: C, reason: late, until: 2027-06-30}\n")
    late = datetime(2027, 6, 30, 22, tzinfo=timezone(-timedelta(hours=8)))  # the next day in UTC
    assert len(assert_hardened(OPEN, controls="CP-01", waivers=waivers, today=late.replace(tzinfo=None)).waived) == 1
    with pytest.raises(AssertionError, match="WV-01"):
        assert_hardened(OPEN, controls="CP-01", waivers=waivers, today=late)


def test_fails_on_wrong_arguments(tmp_path: Path) -> None:
    with pytest.raises(hardened.ConfigurationError) as caught:
        assert_hardened(SAFE, today="2026-01-01", waivers=7, extra=no_clusters.check, controls=None)  # type: ignore[arg-type]
    assert [problem.partition(",")[0] for problem in caught.value.problems] == [
        "controls needs IDs or control objects",
        "waivers needs files",
        "extra needs a control object or a list of them",
        "today needs a datetime.date",
    ]
    with pytest.raises(hardened.ConfigurationError, match="unknown control 'CP-1'.*fail_on needs one of"):
        assert_hardened(SAFE, controls=["CP-1"], fail_on="severe")
    with pytest.raises(TypeError, match="expected an app, a stack, a template or a path, got 7"):
        assert_hardened(7)
    with pytest.raises(UnusableInputError, match="no Resources"):
        assert_hardened({"a": 1})
    with pytest.raises(UnusableInputError, match="no template was found"):
        assert_hardened()


def test_the_fixture_needs_no_import_and_the_report_no_traceback(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(f"""
        def test_safe(assert_hardened):
            assert assert_hardened({SAFE!r}, controls=["CP-01"]).resources == 1

        def test_open(assert_hardened):
            assert_hardened({OPEN!r}, controls=["CP-01"])
    """)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*FAIL CP-01 high*"])
    result.stdout.no_fnmatch_line("*hardened_eks/testing.py*")


def test_the_plugin_imports_nothing_heavy() -> None:
    code = (
        "import sys, pytest\nbefore = set(sys.modules)\nimport hardened_eks.testing\n"
        "print(sorted(set(sys.modules) - before))"
    )
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    assert out == "['hardened_eks', 'hardened_eks.testing']"
