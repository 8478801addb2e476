"""`hardened-eks image-gate`: statuses, limits, exit codes and formats; ECR's answers are checked against its API."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from click.testing import CliRunner, Result

from hardened_eks.cli import group, image_gate
from hardened_eks.cli.image_gate import asking
from hardened_eks.cli.image_gate.findings import SEVERITIES, Image

DIGEST = "sha256:" + "ab" * 32
IMAGE = f"payments/web@{DIGEST}"
FULL = f"111122223333.dkr.ecr.eu-west-1.amazonaws.com/{IMAGE}"
DONE = datetime(2026, 11, 29, 12, tzinfo=UTC)


def basic(name: str, severity: str, package: str = "openssl", **more: str) -> dict[str, Any]:
    attributes = {"package_name": package, "package_version": "3.0.1", "CVSS3_SCORE": "7.5", **more}
    return {
        "name": name, "severity": severity, "uri": f"https://cve.example/{name}", "description": f"About {name}",
        "attributes": [{"key": key, "value": value} for key, value in attributes.items()],
    }  # fmt: skip


def enhanced(name: str, severity: str, *packages: str, fix: str = "3.0.9", **more: Any) -> dict[str, Any]:
    return {
        "findingArn": f"arn:aws:inspector2:eu-west-1:111122223333:finding/{name}",
        "severity": severity, "status": "ACTIVE", "title": f"{name} - openssl", "description": f"About {name}",
        "score": 8.1, "fixAvailable": "YES" if fix else "NO", "exploitAvailable": "NO",
        "packageVulnerabilityDetails": {
            "vulnerabilityId": name, "source": "NVD", "sourceUrl": f"https://nvd.example/{name}",
            "cvss": [{"baseScore": 8.1, "scoringVector": "CVSS:3.1/AV:N", "source": "NVD", "version": "3.1"}],
            "vulnerablePackages": [
                {"name": p, "version": "3.0.1", "fixedInVersion": fix or "NotAvailable"} for p in packages or ("openssl",)
            ],
        },
        **more,
    }  # fmt: skip


def answer(status: str, *, done: bool = True, token: str = "", **findings: Any) -> dict[str, Any]:
    found: dict[str, Any] = {**findings, **({"imageScanCompletedAt": DONE} if done else {})}
    return {
        "repositoryName": "payments/web", "imageId": {"imageDigest": DIGEST},
        "imageScanStatus": {"status": status, "description": "The scan."},
        **({"imageScanFindings": found} if found else {}),
        **({"nextToken": token} if token else {}),
    }  # fmt: skip


class Gate:
    """The command against a client whose answers are given, in order; time passes when it waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.client = boto3.client("ecr", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
        self.stub = Stubber(self.client)
        self.asked: list[tuple[Any, Any]] = []
        self.now = 0.0
        monkeypatch.setattr(image_gate, "_client", self._made)
        monkeypatch.setattr(asking.scan_of, "__kwdefaults__", {
            **(asking.scan_of.__kwdefaults__ or {}), "sleep": self._sleep, "clock": lambda: self.now,
        })  # fmt: skip

    def _made(self, region: Any, profile: Any) -> Any:
        self.asked.append((region, profile))
        return self.client

    def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def run(self, *arguments: object, answers: list[Any] = [], image: str = IMAGE) -> Result:  # noqa: B006
        for number, one in enumerate(answers):
            if isinstance(one, str):
                self.stub.add_client_error("describe_image_scan_findings", one, "The message.")
            else:
                token = answers[number - 1].get("nextToken") if number and isinstance(answers[number - 1], dict) else ""
                expected = {"repositoryName": "payments/web", "imageId": {"imageDigest": DIGEST}}
                expected |= {"registryId": "111122223333"} if "dkr.ecr" in image else {}
                expected |= {"nextToken": token} if token else {}
                self.stub.add_response("describe_image_scan_findings", one, expected)
        with self.stub:
            result = CliRunner().invoke(group, ["image-gate", image, *map(str, arguments)], catch_exceptions=False)
        self.stub.assert_no_pending_responses()
        return result


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(monkeypatch)


CLEAN = answer("COMPLETE")


def test_an_image_without_findings_passes(gate: Gate) -> None:
    result = gate.run(answers=[CLEAN])
    assert result.exit_code == 0
    assert result.stdout == f"passed: {IMAGE}: no findings\n"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ([], 1), (["--max", "HIGH=0"], 1), (["--max", "high=1"], 1), (["--max", "HIGH=2"], 0),
        (["--max", "CRITICAL=0"], 0), (["--max", "HIGH=2", "--max", "LOW=0"], 1), (["--max", "MEDIUM=0"], 0),
    ],
)  # fmt: skip
def test_limits_decide(gate: Gate, limits: list[str], code: int) -> None:
    found = [basic("CVE-1", "HIGH"), basic("CVE-2", "HIGH", "zlib"), basic("CVE-3", "LOW")]
    result = gate.run(*limits, answers=[answer("COMPLETE", findings=found)])
    assert result.exit_code == code, result.output


def test_a_failure_names_what_is_over_the_limit(gate: Gate) -> None:
    found = [basic("CVE-1", "HIGH"), basic("CVE-2", "CRITICAL", "zlib"), basic("CVE-3", "LOW")]
    result = gate.run(answers=[answer("COMPLETE", findings=found)])
    assert result.stdout.splitlines() == [
        "CRITICAL  CVE-2  zlib 3.0.1",
        "HIGH  CVE-1  openssl 3.0.1",
        f"failed: {IMAGE}: 1 critical (at most 0), 1 high (at most 0); 1 critical, 1 high, 1 low",
    ]


def test_all_pages_count(gate: Gate) -> None:
    pages = [
        answer("COMPLETE", findings=[basic("CVE-1", "LOW")], token="2"),
        answer("COMPLETE", findings=[basic("CVE-2", "LOW")], token="3"),
        answer("COMPLETE", findings=[basic("CVE-3", "HIGH")]),
    ]
    assert gate.run(answers=pages).exit_code == 1


def test_counts_without_findings_count(gate: Gate) -> None:
    """ECR may count more than it lists."""
    told = answer("COMPLETE", findings=[], findingSeverityCounts={"HIGH": 3})
    result = gate.run(answers=[told])
    assert result.exit_code == 1
    assert "3 high (at most 0)" in result.stdout


def test_it_waits_until_the_scan_is_done(gate: Gate) -> None:
    waiting = ["ScanNotFoundException", answer("PENDING", done=False), answer("IN_PROGRESS", done=False)]
    assert gate.run(answers=[*waiting, CLEAN]).exit_code == 0
    assert gate.now == 15


def test_an_enhanced_scan_is_active_before_its_first_result(gate: Gate) -> None:
    first = answer("ACTIVE", done=False)
    done = answer("ACTIVE", enhancedFindings=[enhanced("CVE-1", "HIGH")])
    assert gate.run(answers=[first, done]).exit_code == 1
    assert gate.now == 5


@pytest.mark.parametrize("status", ["PENDING", "IN_PROGRESS"])
def test_a_scan_that_takes_too_long_does_not_pass(gate: Gate, status: str) -> None:
    result = gate.run("--wait", "12", answers=[answer(status, done=False)] * 3)
    assert result.exit_code == 3
    assert f"no result after 10 seconds, its status is {status}" in result.stderr


@pytest.mark.parametrize(
    "status",
    ["FAILED", "UNSUPPORTED_IMAGE", "SCAN_ELIGIBILITY_EXPIRED", "FINDINGS_UNAVAILABLE", "LIMIT_EXCEEDED", "IMAGE_ARCHIVED"],
)  # fmt: skip
def test_an_image_without_a_result_does_not_pass(gate: Gate, status: str) -> None:
    result = gate.run("--max", "CRITICAL=999", answers=[answer(status)])
    assert result.exit_code == 3
    assert result.stderr.startswith(f"error: {IMAGE}: ")
    assert "unknown status" not in result.stderr
    assert "(The scan.)" in result.stderr


def test_every_status_of_the_api_is_known() -> None:
    shape = boto3.client("ecr", region_name="eu-west-1").meta.service_model.shape_for("ScanStatus")
    known = {"COMPLETE", "ACTIVE", "PENDING", "IN_PROGRESS"} | set(asking._WHY)
    assert set(shape.enum) == known


def test_enhanced_findings_count_as_ecr_counts_them(gate: Gate) -> None:
    found = [
        enhanced("CVE-1", "HIGH", "openssl", "libssl3"),
        enhanced("CVE-2", "CRITICAL", status="SUPPRESSED"),
        enhanced("CVE-3", "HIGH", status="CLOSED"),
        enhanced("CVE-4", "UNTRIAGED"),
    ]
    result = gate.run("--max", "HIGH=1", "--max", "CRITICAL=0", answers=[answer("ACTIVE", enhancedFindings=found)])
    assert result.exit_code == 0
    assert result.stdout == f"passed: {IMAGE}: 1 high, 1 untriaged\n"


def test_what_has_no_fix_is_left_out_on_request(gate: Gate) -> None:
    found = [enhanced("CVE-1", "HIGH", fix="")]
    assert gate.run(answers=[answer("ACTIVE", enhancedFindings=found)]).exit_code == 1
    assert gate.run("--ignore-unfixed", answers=[answer("ACTIVE", enhancedFindings=found)]).exit_code == 0
    fixable = [enhanced("CVE-1", "HIGH")]
    assert gate.run("--ignore-unfixed", answers=[answer("ACTIVE", enhancedFindings=fixable)]).exit_code == 1


def test_registry_and_region_come_from_the_name(gate: Gate) -> None:
    assert gate.run(answers=[CLEAN], image=FULL).exit_code == 0
    assert gate.asked == [("eu-west-1", None)]
    gate.run("--region", "eu-central-1", "--profile", "ci", answers=[CLEAN], image=FULL)
    assert gate.asked[-1] == ("eu-central-1", "ci")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("RepositoryNotFoundException", "ECR returned RepositoryNotFoundException: The message."),
        ("ImageNotFoundException", "ECR returned ImageNotFoundException"),
        ("AccessDeniedException", "the identity needs ecr:DescribeImageScanFindings"),
    ],
)
def test_what_ecr_refuses(gate: Gate, code: str, message: str) -> None:
    result = gate.run(answers=[code])
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    ("image", "arguments", "messages"),
    [
        ("payments/web:1.4", [], ["needs a digest", "a tag can move to another image"]),
        ("payments/web@sha256:12", [], ["needs a digest"]),
        ("Payments@" + DIGEST, [], ["needs a digest"]),
        (IMAGE, ["--max", "HIGH"], ["--max needs SEVERITY=NUMBER", "'HIGH'"]),
        (IMAGE, ["--max", "SEVERE=1"], ["with one of CRITICAL, HIGH"]),
        (IMAGE, ["--max", "HIGH=-1"], ["got 'HIGH=-1'"]),
        (IMAGE, ["--max", "HIGH=1", "--max", "high=2"], ["--max sets HIGH twice"]),
        ("web", ["--max", "x", "-o", "/nowhere/x"], ["needs a digest", "got 'x'", "/nowhere does not exist"]),
    ],
)
def test_mistakes_are_named_together(gate: Gate, image: str, arguments: list[str], messages: list[str]) -> None:
    result = gate.run(*arguments, image=image)
    assert result.exit_code == 2
    for message in messages:
        assert message in result.stderr


FOUND = [
    enhanced("CVE-1", "HIGH", "openssl", "libssl3"),
    enhanced("CVE-2", "LOW", fix="", status="SUPPRESSED"),
    enhanced("CVE-3", "CRITICAL", exploitAvailable="YES"),
]


def written(gate: Gate, format_: str, folder: Path) -> Any:
    file = folder / "report"
    result = gate.run("-f", format_, "-o", file, answers=[answer("ACTIVE", enhancedFindings=FOUND)])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("failed: ")
    return json.loads(file.read_text())


def test_json_holds_everything(gate: Gate, tmp_path: Path) -> None:
    data = written(gate, "json", tmp_path)
    assert data["passed"] is False
    assert data["exceeded"] == {"CRITICAL": {"found": 1, "limit": 0}, "HIGH": {"found": 1, "limit": 0}}
    assert [f["id"] for f in data["findings"]] == ["CVE-3", "CVE-1", "CVE-1", "CVE-2"]
    assert data["findings"][-1]["counts"] is False
    assert data["findings"][0]["fixedIn"] == "3.0.9"


def test_sarif_has_a_rule_for_each_vulnerability(gate: Gate, tmp_path: Path) -> None:
    (run,) = written(gate, "sarif", tmp_path)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert {r["id"] for r in rules} == {"CVE-1", "CVE-2", "CVE-3"}
    assert len(run["results"]) == 4
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "payments/web"
        assert ("suppressions" in result) == (result["ruleId"] == "CVE-2")
    assert {r["level"] for r in run["results"]} == {"error", "note"}
    assert len({r["partialFingerprints"]["hardenedEks/v1"] for r in run["results"]}) == 4
    assert all(re.fullmatch(r"\d+\.\d", r["properties"]["security-severity"]) for r in rules)


def test_cyclonedx_names_image_packages_and_vulnerabilities(gate: Gate, tmp_path: Path) -> None:
    document = written(gate, "cyclonedx", tmp_path)
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    component = document["metadata"]["component"]
    assert component["purl"] == f"pkg:oci/web@sha256%3A{'ab' * 32}?repository_url=payments%2Fweb"
    references = {c["bom-ref"] for c in document["components"]} | {component["bom-ref"]}
    found = {v["id"]: v for v in document["vulnerabilities"]}
    assert set(found) == {"CVE-1", "CVE-2", "CVE-3"}
    assert {a["ref"] for v in found.values() for a in v["affects"]} <= references
    assert {a["ref"] for a in found["CVE-1"]["affects"]} == {"openssl@3.0.1", "libssl3@3.0.1"}
    assert found["CVE-1"]["ratings"] == [
        {"severity": "high", "score": 8.1, "vector": "CVSS:3.1/AV:N", "source": {"name": "NVD"}}
    ]
    assert found["CVE-1"]["recommendation"] == "Update to libssl3 3.0.9, openssl 3.0.9"
    assert found["CVE-2"]["analysis"] == {"state": "in_triage", "detail": "Amazon Inspector: SUPPRESSED"}
    ratings = {"critical", "high", "medium", "low", "info", "none", "unknown"}
    assert {v["ratings"][0]["severity"] for v in found.values()} <= ratings


def test_every_severity_has_its_word_in_cyclonedx(gate: Gate) -> None:
    found = [basic(f"CVE-{number}", severity) for number, severity in enumerate(SEVERITIES[:-1])]
    result = gate.run("-f", "cyclonedx", "--max", "CRITICAL=9", answers=[answer("COMPLETE", findings=found)])
    severities = [v["ratings"][0]["severity"] for v in json.loads(result.stdout)["vulnerabilities"]]
    assert severities == ["critical", "high", "medium", "low", "info", "unknown"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_a_bar_with_the_status(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with image_gate._progress(IMAGE, 900) as tick:
        tick("IN_PROGRESS", 30.0)
    assert "scan of payments/web: IN_PROGRESS" in terminal.getvalue()


def test_names_of_images() -> None:
    assert Image.of(IMAGE) == Image(repository="payments/web", digest=DIGEST)
    china = Image.of(f"111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/a@{DIGEST}")
    assert china is not None
    assert (china.account, china.region) == ("111122223333", "cn-north-1")
    assert str(Image.of(FULL)) == FULL


def test_help_is_quick_and_starts_no_aws_client() -> None:
    best = 10.0
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "hardened_eks.cli", "image-gate", "--help"], check=True, capture_output=True
        )
        best = min(best, time.perf_counter() - start)
    program = "import sys; from hardened_eks.cli import image_gate; print('boto3' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"
    assert best < 1.5, best
