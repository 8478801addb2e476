"""Every format says the same, in its own words, and survives nasty names."""

import json
import re
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import markupsafe
import pytest
from cfnlint.jsonschema import StandardValidator

from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.control_plane import private_endpoint
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.evidence import Assembly, Template
from hardened_eks.data import kubernetes
from hardened_eks.reports import FORMATS, OF_ACCOUNTS, Report, render
from hardened_eks.reports.as_markdown import code
from hardened_eks.reports.coverage import rows
from hardened_eks.reports.model import clean
from tests.reports.conftest import NASTY, TODAY

SCHEMA = Path(str(files("hardened_eks.reports").joinpath("report.schema.json")))
FINDINGS = [name for name in FORMATS if name not in {"frameworks", *OF_ACCOUNTS}]
"""Formats of findings in templates; the page of frameworks has requirements."""


def errors(schema: Path, text: str) -> list[str]:
    data = json.loads(text.replace('"line": null', '"line": 0'))  # cfn-lint's validator takes null for absent
    found = StandardValidator(json.loads(schema.read_text())).iter_errors(data)
    return [f"{list(error.path)}: {error.message}" for error in found]


@pytest.mark.parametrize("format_", FINDINGS)
def test_says_what_is_found_and_hides_no_nasty_character(format_: str, everything: Report) -> None:
    text = render(everything, format_)
    text.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", text)
    for expected in ("CP-01", "WV-01", "WV-02", "WV-03", "ZZ-01"):
        assert expected in text


@pytest.mark.parametrize("format_", FINDINGS)
def test_nothing_examined_is_no_pass_in_any_format(format_: str, nothing: Report) -> None:
    text = render(nothing, format_)
    assert "examined 0 resources" in text
    assert "passed: 0 findings" not in text
    assert "which is not a pass" in text


def test_summary(everything: Report, nothing: Report) -> None:
    assert everything.summary == (
        "failed: 3 findings, 2 warnings, 1 waived, examined 3 resources of 1 template with 2 of 2 controls; "
        "not seen: the transform Mine is not applied"
    )
    assert nothing.summary == "nothing examined: examined 0 resources, which is not a pass"


def test_worst_first(everything: Report) -> None:
    assert [(e.control.id, e.subject) for e in everything.failing] == [
        ("CP-01", "Payments/Open"), ("WV-01", "CP-01 on Open"), ("WV-02", "CP-01 on Gone"),
    ]  # fmt: skip


def test_json_keeps_its_promise(everything: Report, nothing: Report) -> None:
    schema = SCHEMA
    for report in (everything, nothing):
        assert errors(schema, render(report, "json")) == []
    assert errors(schema, "{}") != []
    found = json.loads(render(everything, "json"))
    first = found["findings"][0]
    assert (first["file"], first["line"], first["constructPath"]) == (
        "cdk.out/Payments.template.json",
        3,
        "Payments/Cluster/Resource",
    )
    assert [w["status"] for w in found["waivers"]] == ["active", "expiring", "unmatched", "expired"]
    assert [f["waiver"]["until"] for f in found["findings"] if f["state"] == "waived"] == ["2027-03-01"]
    assert json.loads(render(nothing, "json"))["verdict"] == "nothing examined"


def test_json_names_what_is_not_a_resource(others: Report) -> None:
    text = render(others, "json")
    assert errors(SCHEMA, text) == []
    found = {(f["kind"], f["subject"], f["file"], f["line"], f["state"]) for f in json.loads(text)["findings"]}
    whole, file, line, stack = (
        ("assembly", "cdk.out/One.template.json", 8, "One")
        if others.files
        else ("account:eu-west-1", "", None, "account")
    )
    kind = "assembly" if others.files else "account"
    missing = set() if others.files else {("account", "account:eu-west-2", "", None, "fail")}
    assert found == {
        (kind, whole, "", None, "fail"), *missing,
        ("entry", f"{stack}/Parameters/{clean(NASTY)}", file, line, "waived"),
    }  # fmt: skip


@pytest.mark.parametrize("format_", FINDINGS)
def test_every_format_names_what_is_not_a_resource(format_: str, others: Report) -> None:
    text = render(others, format_)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", text)
    assert ("assembly" if others.files else "account:eu-west-1") in text.replace("%3A", ":")
    assert "/Parameters/" in text


def test_sarif_says_it_all(everything: Report) -> None:
    (run,) = json.loads(render(everything, "sarif"))["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert len({r["partialFingerprints"]["hardenedEks/v1"] for r in run["results"]}) == len(run["results"])
    assert {result["level"] for result in run["results"]} == {"error", "note"}
    first = run["results"][0]
    assert first["level"] == "error"
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "cdk.out/Payments.template.json"},
        "region": {"startLine": 3},
    }
    (waived,) = [r for r in run["results"] if "suppressions" in r]
    assert waived["suppressions"][0]["justification"].endswith("(until 2027-03-01)")


def test_sarif_paths_are_relative_to_the_working_directory(everything: Report) -> None:
    from hardened_eks.reports.as_sarif import _uri

    assert _uri(str(Path.cwd() / "a b.json")) == "a%20b.json"
    assert _uri("/elsewhere/t.json") == "file:///elsewhere/t.json"


def test_junit_is_xml_with_right_counts(everything: Report, nothing: Report) -> None:
    root = ElementTree.fromstring(render(everything, "junit"))
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("5", "3", "0")
    assert len(root.findall(".//testcase")) == 5
    assert len(root.findall(".//failure")) == 3
    (failure,) = [f for case in root.iter("testcase") if "CP-01" in case.get("name", "") for f in case.iter("failure")]
    assert "cdk.out/Payments.template.json:3" in (failure.text or "")
    empty = ElementTree.fromstring(render(nothing, "junit"))
    assert (empty.get("failures"), empty.get("skipped")) == ("0", "1")


def test_github_annotations(everything: Report) -> None:
    lines = render(everything, "github").splitlines()
    assert lines[0].startswith(
        "::error file=cdk.out/Payments.template.json,line=3,title=CP-01 The Kubernetes API endpoint is not reachable"
    )
    commands = [line.split(" ")[0] for line in lines if line.startswith("::")]
    assert commands.count("::error") == 3
    assert commands.count("::notice") == 1
    assert all("%0A" in line for line in lines if line.startswith("::error"))
    assert not any("\n" in line or "\r" in line for line in lines)


def test_markdown_shows_names_as_they_are(everything: Report) -> None:
    text = render(everything, "markdown")
    prose = re.sub("`[^`]*`", "", text.replace("\\`", ""))  # a code span is shown as it is
    assert "<script>" not in prose
    assert "@team" not in prose
    rows = [line for line in text.splitlines() if line.startswith("| high")]
    assert rows
    for row in text.splitlines():
        if row.startswith("| ") and "severity" not in row and "control | subject" not in row:
            assert len(re.findall(r"(?<!\\)\|", row)) == 6, row


def test_markdown_keeps_a_cell_whole() -> None:
    """GitHub takes two backslashes before a pipe for an escaped backslash, and the pipe for the end of the cell."""
    for value in ("a|b", "a\\|b", "a\\\\|b"):
        assert re.fullmatch(r"`a\\{0,2}\u200b?\\\|b`", code(value)), value
        assert not re.search(r"\\\\\|", code(value))


def test_no_name_becomes_a_link_in_sarif() -> None:
    name = "[click](https://example.com)"
    body = {"Resources": {name: {"Type": "AWS::EKS::Cluster"}, "List[0]": {"Type": "AWS::EKS::Cluster"}}}
    outcome = evaluate(Assembly([Template("S", body)]), [private_endpoint], today=TODAY)
    note = f"{name} is not read"
    (run,) = json.loads(render(Report(outcome, TODAY, "0.1.0", ("t",), ("t",), (note,), stacks=1), "sarif"))["runs"]
    (said,) = (one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"])
    shown = sorted(result["message"]["text"] for result in run["results"])
    assert said.startswith("\\[click\\](https") and shown[1].startswith("S/\\[click\\](https")
    assert shown[0].startswith("S/List[0]: ")


@pytest.mark.parametrize("format", ["html", "frameworks"])
def test_html_escapes_and_needs_nothing_from_outside(everything: Report, format: str) -> None:
    text = render(everything, format)
    assert "<script" not in text
    assert "<b>nasty</b>" not in text
    assert not re.search(r"""(src|href)="(?!https://|#|data:)""", text)
    assert not re.search(r"<(link|img|iframe)[^>]+https?:", text)
    assert text.count("<h1") == 1
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'href="#([^"]+)"', text):
        assert target in ids


def test_the_pages_stay_small_enough_to_send() -> None:
    """Both are of the whole catalogue; what a template adds is its findings, here many."""
    clusters = {f"Cluster{number}": {"Type": "AWS::EKS::Cluster"} for number in range(4)}
    outcome = evaluate(Assembly([Template("S", {"Resources": clusters})]), CATALOGUE, today=TODAY)
    report = Report(outcome, TODAY, "0.1.0", ("t.json",), ("t.json",), (), stacks=1)
    assert len(report.failing) >= 50
    assert len(render(report, "html").encode()) <= 150_000
    assert len(render(report, "frameworks").encode()) <= 230_000


def test_the_page_lists_every_control_once_and_those_that_saw_nothing_apart(everything: Report) -> None:
    body = {"Resources": {"Cluster": {"Type": "AWS::EKS::Cluster"}}}
    outcome = evaluate(Assembly([Template("S", body)]), CATALOGUE, today=TODAY)
    text = render(Report(outcome, TODAY, "0.1.0", ("t.json",), ("t.json",), (), stacks=1), "html")
    _, _, examined = text.partition('<section id="examined"')
    table, _, silent = examined.partition("Controls without a resource to evaluate")
    for control, number in outcome.examined.items():
        assert (f'<th scope="row">{control.id}</th>' in table) is (number > 0)
        assert (f"<li>{control.id} " in silent) is (number == 0)


def test_numbers_agree_with_their_nouns(everything: Report) -> None:
    text = render(everything, "html")
    assert "<b>1</b>waived" in text
    assert f"<b>{len(everything.warnings)}</b>warnings" in text
    cluster = Template("S", {"Resources": {"Cluster": {"Type": "AWS::EKS::Cluster"}}})
    outcome = evaluate(Assembly([cluster]), [private_endpoint], today=TODAY)
    text = render(Report(outcome, TODAY, "0.1.0", ("t.json",), ("t.json",), (), stacks=1), "html")
    assert "<b>1</b>finding<" in text and "<b>1</b>resource examined" in text


def test_every_requirement_is_on_the_page_of_frameworks_once(everything: Report) -> None:
    text = render(everything, "frameworks")
    matrix = rows(everything.outcome.controls)
    assert text.count('<tr class="is-') == len({row.requirement.key for row in matrix})
    for row in matrix:
        asked = f"{row.framework.id} {', '.join(row.references)}"
        assert str(markupsafe.escape(asked)) in text


def test_html_is_the_same_for_the_same_outcome(everything: Report) -> None:
    assert render(everything, "html") == render(everything, "html")


def test_clean() -> None:
    assert clean("a\tb\nc\x1b") == "a b c\\x1b"
    assert clean("\ud800") == "\\ud800"
    assert clean("x" * 3000).endswith("... (3000 characters)")
    assert "\x1b" not in clean(NASTY)
    assert clean("a\u061cb\u2028c\u2029d") == "a\\u061cb\\u2028c\\u2029d"


@pytest.mark.parametrize("format_", FINDINGS)
def test_a_release_older_than_its_data_says_so_in_every_format(format_: str) -> None:
    cluster = Assembly([Template("S", {"Resources": {"Cluster": {"Type": "AWS::EKS::Cluster"}}})])
    later = kubernetes.READ + timedelta(days=400)
    report = Report(evaluate(cluster, [private_endpoint], today=later), later)
    assert "upgrade hardened-eks" in render(report, format_)
    report = Report(evaluate(cluster, [private_endpoint], today=kubernetes.READ), kubernetes.READ)
    assert "upgrade hardened-eks" not in render(report, format_)
