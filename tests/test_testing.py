"""`assert_hardened` in other people's tests, and the pytest fixture."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
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


def test_fails_on_wrong_arguments() -> None:
    with pytest.raises(hardened.ConfigurationError, match="unknown control 'CP-1'.*fail_on is one of"):
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
