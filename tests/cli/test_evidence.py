"""`hardened-eks evidence` writes the same files for the same input, and nothing for input that it cannot use."""

import csv
import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hardened_eks.cli import group

OPEN = {"Type": "AWS::EKS::Cluster", "Properties": {"ResourcesVpcConfig": {"EndpointPublicAccess": True}}}
FILES = {
    "SHA256SUMS", "frameworks.html", "matrix.csv", "matrix.html", "report.html", "report.json", "oscal/assessment-plan.json",
    "oscal/assessment-results.json", "oscal/component-definition.json", "oscal/profile.json",
    "oscal/system-security-plan.json",
}  # fmt: skip


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["evidence", *arguments], catch_exceptions=False)


def written(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("open.json").write_text(json.dumps({"Resources": {"Cluster": OPEN}}))
    Path("bucket.json").write_text(json.dumps({"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}))
    Path("broken.json").write_text("{")


def test_writes_all_and_the_same_again() -> None:
    result = run("open.json", "--output", "a/deep/folder", "--system", "Payments")
    assert result.exit_code == 1
    assert result.stdout == "11 files in a/deep/folder\n"
    assert result.stderr.startswith("failed: ")
    found = written(Path("a/deep/folder"))
    assert set(found) == FILES
    assert run("open.json", "-o", "b", "--system", "Payments").exit_code == 1
    assert written(Path("b")) == found
    assert run("open.json", "-o", "b", "--system", "Payments", "--today", "2026-11-30").exit_code == 1
    assert written(Path("b")) != found


def test_the_sums_are_those_of_the_files() -> None:
    run("open.json", "-o", "out", "--framework", "cis-eks")
    found = written(Path("out"))
    assert set(found) == FILES | {"oscal/catalog.json"}
    sums = dict(reversed(line.split("  ")) for line in found["SHA256SUMS"].decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in found.items() if name != "SHA256SUMS"}


def test_the_documents_are_about_the_input() -> None:
    Path("waivers.yaml").write_text(
        "waivers: [{control: CP-01, resource: Cluster, reason: moves, until: 2027-03-31, approver: jane}]"
    )
    run("open.json", "bucket.json", "-o", "out", "--waivers", "waivers.yaml", "--system", "Payments")
    found = written(Path("out"))
    plan = json.loads(found["oscal/system-security-plan.json"])["system-security-plan"]
    assert plan["system-characteristics"]["system-name"] == "Payments"
    items = plan["system-implementation"]["inventory-items"]
    assert [item["description"] for item in items] == ["AWS::EKS::Cluster open.json/Cluster"]
    (results,) = json.loads(found["oscal/assessment-results.json"])["assessment-results"]["results"]
    assert results["start"] == "2026-11-29T00:00:00+00:00"
    assert "deviation-approved" in {risk["status"] for risk in results["risks"]}
    rows = {row["requirement"]: row for row in csv.DictReader(found["matrix.csv"].decode().splitlines())}
    assert rows["eks.endpoint.private_only"]["result"] == "waived"
    assert json.loads(found["report.json"])["day"] == "2026-11-29"


def test_the_scope_is_that_of_the_check() -> None:
    assert run("bucket.json", "-o", "out").exit_code == 0
    plan = json.loads(Path("out/oscal/system-security-plan.json").read_text())["system-security-plan"]
    assert "inventory-items" not in plan["system-implementation"]
    assert run("bucket.json", "-o", "out", "--require-eks").exit_code == 1
    assert run("bucket.json", "-o", "out", "--scope", "all").exit_code == 1
    plan = json.loads(Path("out/oscal/system-security-plan.json").read_text())["system-security-plan"]
    assert len(plan["system-implementation"]["inventory-items"]) == 1


def test_what_aws_refuses_itself_fails_where_that_is_chosen() -> None:
    assert run("open.json", "-o", "out", "--fail-on", "incomplete").exit_code == 1


def test_lesser_findings_stay_in_the_evidence() -> None:
    assert run("open.json", "-o", "out", "--fail-on", "critical").exit_code == 0
    (results,) = json.loads(Path("out/oscal/assessment-results.json").read_text())["assessment-results"]["results"]
    assert {risk["title"].split()[0] for risk in results["risks"]} >= {"CP-01"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("open.json", "-o", "open.json"), "open.json: cannot be written: a folder is needed"),
        (("open.json", "-o", ""), "--output: the name is empty: "),
        (("open.json", "-o", "open.json/x"), "open.json/x: cannot be written: Not a directory"),
        (("open.json", "-o", "out", "--framework", "cis"),
         "--framework: no control covers a framework 'cis': did you mean cis-eks"),
        (("open.json", "-o", "out", "--framework", "zzz"),
         "--framework: no control covers a framework 'zzz': use one of bpg, "),
        (("open.json", "-o", "out", "--system", " "), "--system: a name of printable characters is needed, got ' '"),
        (("open.json", "-o", "out", "--system", "a\nb"), "--system: a name of printable characters is needed"),
        (("missing.json", "-o", "out"), "missing.json: "),
        (("open.json", "broken.json", "-o", "out"), "broken.json:1: not valid JSON: "),
        (("open.json", "-o", "out", "-p", "x"), "--parameters: needs KEY=VALUE, got 'x'"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_and_writes_nothing(arguments: tuple[str, ...], expected: str) -> None:
    before = written(Path())
    result = run(*arguments)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"error: {expected}")
    assert written(Path()) == before


def test_all_mistakes_at_once() -> None:
    result = run("missing.json", "-o", "open.json", "--framework", "zzz", "--system", "", "-p", "x")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 5


def test_an_output_is_needed() -> None:
    result = run("open.json")
    assert result.exit_code == 2
    assert "Missing option '-o' / '--output'" in result.stderr
