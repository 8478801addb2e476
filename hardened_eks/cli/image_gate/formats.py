"""The result of the image gate as text, JSON, SARIF or a CycloneDX VEX document."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from hardened_eks.cli.image_gate.findings import SEVERITIES
from hardened_eks.reports.as_sarif import HOME
from hardened_eks.reports.model import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hardened_eks.cli.image_gate.findings import Finding, Image, Verdict

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_SHOWN: Final = 50
_LEVELS: Final = {"CRITICAL": "error", "HIGH": "error", "MEDIUM": "warning"}
_SCORES: Final = {"CRITICAL": 9.5, "HIGH": 8.0, "MEDIUM": 5.5, "LOW": 2.5}
_RATINGS: Final = {"INFORMATIONAL": "info", "UNDEFINED": "unknown", "UNTRIAGED": "unknown"}
_STATES: Final = {"CLOSED": "resolved"}
"""Inspector status -> CycloneDX state. A suppressed finding is not marked as harmless."""


def as_text(verdict: Verdict) -> str:
    """Return a line for each finding above a limit, most severe first, and the verdict."""
    over = [f for f in verdict.findings if f.severity in verdict.exceeded and f.counts]
    lines = [_line(finding) for finding in over[:_SHOWN]]
    if len(over) > _SHOWN:
        lines.append(f"... and {len(over) - _SHOWN} more (see --format json)")
    counts = ", ".join(f"{verdict.counts[s]} {s.lower()}" for s in SEVERITIES if verdict.counts.get(s)) or "no findings"
    if verdict.passed:
        return f"passed: {verdict.image}: {counts}\n"
    limits = ", ".join(f"{n} {s.lower()} (at most {most})" for s, (n, most) in verdict.exceeded.items())
    return "\n".join([*lines, f"failed: {verdict.image}: {limits}; {counts}"]) + "\n"


def _line(finding: Finding) -> str:
    fix = f"fixed in {finding.fixed_in}" if finding.fixed_in else "" if finding.fixable else "no fix"
    package = " ".join(filter(None, (finding.package, finding.version)))
    parts = (finding.severity, finding.id, package, fix, "exploit known" if finding.exploitable == "YES" else "")
    return clean("  ".join(filter(None, parts)))


def as_json(verdict: Verdict) -> str:
    """Return all findings and the verdict as JSON."""
    data = {
        "image": str(verdict.image),
        "passed": verdict.passed,
        "limits": dict(verdict.limits),
        "counts": {s: verdict.counts[s] for s in SEVERITIES if verdict.counts.get(s)},
        "exceeded": {s: {"found": n, "limit": most} for s, (n, most) in verdict.exceeded.items()},
        "ignoreUnfixed": verdict.ignore_unfixed,
        "findings": [_entry(finding) for finding in verdict.findings],
    }
    return json.dumps(data, indent=2) + "\n"


def _entry(finding: Finding) -> dict[str, Any]:
    entry = {
        "id": finding.id,
        "severity": finding.severity,
        "package": finding.package,
        "version": finding.version,
        "fixedIn": finding.fixed_in,
        "fixable": finding.fixable,
        "counts": finding.counts,
        "status": finding.status,
        "exploit": finding.exploitable,
        "score": finding.score,
        "uri": finding.uri,
    }
    return {key: value for key, value in entry.items() if value not in ("", None)}


def as_sarif(verdict: Verdict) -> str:
    """Return SARIF 2.1.0 with a rule for each vulnerability and a result for each affected package."""
    rules = {f.id: f for f in reversed(verdict.findings)}
    index = {id_: number for number, id_ in enumerate(rules)}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "hardened-eks image-gate",
                "informationUri": HOME,
                "rules": [_rule(finding) for finding in rules.values()],
            }
        },
        "columnKind": "utf16CodeUnits",
        "automationDetails": {"id": f"hardened-eks-image-gate/{verdict.image.repository}/"},
        "results": [_result(verdict.image, f, index[f.id]) for f in verdict.findings],
        "properties": {"image": str(verdict.image), "passed": verdict.passed},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(finding: Finding) -> dict[str, Any]:
    score = _SCORES.get(finding.severity, 0.0) if finding.score is None else finding.score
    rule: dict[str, Any] = {
        "id": finding.id,
        "shortDescription": {"text": clean(finding.id)},
        "fullDescription": {"text": clean(finding.description) or clean(finding.id)},
        "defaultConfiguration": {"level": _LEVELS.get(finding.severity, "note")},
        "properties": {"security-severity": f"{score:.1f}", "tags": ["security", "vulnerability"]},
    }
    return {**rule, "helpUri": finding.uri} if finding.uri.startswith("https://") else rule


def _result(image: Image, finding: Finding, rule: int) -> dict[str, Any]:
    package = f"{finding.package} {finding.version}".strip() or "the image"
    fix = f"; fixed in {finding.fixed_in}" if finding.fixed_in else ""
    identity = f"{image.repository}|{finding.id}|{finding.package}|{finding.version}"
    result: dict[str, Any] = {
        "ruleId": finding.id,
        "ruleIndex": rule,
        "level": _LEVELS.get(finding.severity, "note"),
        "message": {"text": clean(f"{package} has {finding.id} ({finding.severity.lower()}){fix}")},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": quote(image.repository)}},
                "logicalLocations": [{"fullyQualifiedName": f"{image}:{finding.package}"}],
            }
        ],
        "partialFingerprints": {"hardenedEks/v1": hashlib.sha256(identity.encode()).hexdigest()},
    }
    if not finding.counts:
        result["suppressions"] = [{"kind": "external", "justification": f"Amazon Inspector: {finding.status}"}]
    return result


def as_vex(verdict: Verdict) -> str:
    """Return a CycloneDX 1.6 document with the image, its vulnerable packages and details of each vulnerability."""
    image = verdict.image
    packages = {(f.package, f.version): _reference(f) for f in verdict.findings if f.package}
    digest = image.digest.partition(":")[2]
    oci = f"pkg:oci/{quote(image.repository.rpartition('/')[2])}@{quote(image.digest, safe='')}"
    where = f"{image.registry}/{image.repository}" if image.registry else image.repository
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "tools": {"components": [{"type": "application", "name": "hardened-eks image-gate"}]},
            "component": {
                "type": "container",
                "bom-ref": str(image),
                "name": image.repository,
                "version": image.digest,
                "hashes": [{"alg": "SHA-256", "content": digest}],
                "purl": f"{oci}?repository_url={quote(where, safe='')}",
            },
        },
        "components": [
            {"type": "library", "bom-ref": reference, "name": name, "version": version}
            for (name, version), reference in sorted(packages.items())
        ],
        "vulnerabilities": [_vulnerability(image, id_, fs) for id_, fs in _by_id(verdict).items()],
    }
    return json.dumps(document, indent=2) + "\n"


def _by_id(verdict: Verdict) -> Mapping[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in verdict.findings:
        found.setdefault(finding.id, []).append(finding)
    return found


def _reference(finding: Finding) -> str:
    return f"{finding.package}@{finding.version}"


def _vulnerability(image: Image, id_: str, findings: list[Finding]) -> dict[str, Any]:
    first = findings[0]
    rating: dict[str, Any] = {"severity": _RATINGS.get(first.severity, first.severity.lower())}
    if first.score is not None:
        rating["score"] = first.score
    if first.vector:
        rating["vector"] = first.vector
    if first.source:
        rating["source"] = {"name": first.source}
    references = [_reference(f) for f in findings if f.package] or [str(image)]
    open_ = any(f.counts for f in findings)
    told = {f.status for f in findings if f.status}
    analysis: dict[str, Any] = {
        "state": "in_triage" if open_ or len(told) != 1 else _STATES.get(next(iter(told)), "in_triage")
    }
    if not open_:
        analysis["detail"] = f"Amazon Inspector: {', '.join(sorted(told))}"
    fixes = sorted({f"{f.package} {f.fixed_in}" for f in findings if f.fixed_in})
    vulnerability: dict[str, Any] = {
        "bom-ref": f"vulnerability:{id_}",
        "id": id_,
        "ratings": [rating],
        "analysis": analysis,
        "affects": [{"ref": reference} for reference in dict.fromkeys(references)],
    }
    if first.description:
        vulnerability["description"] = clean(first.description)
    if first.uri:
        vulnerability["advisories"] = [{"url": first.uri}]
    if fixes:
        vulnerability["recommendation"] = f"Update to {', '.join(fixes)}"
    return vulnerability


FORMATS: Final[dict[str, Callable[[Verdict], str]]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "cyclonedx": as_vex,
}
"""Format -> the function that renders it."""
