"""Vulnerabilities of one image, from basic scans of Amazon ECR and enhanced scans by Amazon Inspector."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

SEVERITIES: Final = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED", "UNTRIAGED")
"""Severities, most severe first. Unrated findings are UNDEFINED in basic scans and UNTRIAGED in Inspector."""
DEFAULT_LIMITS: Final[dict[str, int]] = {"CRITICAL": 0, "HIGH": 0}
_IMAGE: Final = re.compile(
    r"(?:(?P<registry>(?P<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.[a-z0-9.-]+)/)?"
    r"(?P<repository>[a-z0-9]+(?:[._/-][a-z0-9]+)*)@(?P<digest>sha256:[0-9a-f]{64})"
)
_LIMIT: Final = re.compile(r"(?P<severity>[A-Za-z]+)=(?P<number>\d{1,9})")
_OPEN: Final = {"", "ACTIVE"}
"""States in which a finding counts. Basic scans have no state; Inspector also has CLOSED and SUPPRESSED."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image, identified by its digest."""

    repository: str
    digest: str
    registry: str = ""
    """The host name of the registry. Empty: the registry of the caller's account."""
    account: str = ""
    region: str = ""

    @classmethod
    def of(cls, text: str) -> Image | None:
        """Read ``REPOSITORY@sha256:...``, with or without the host of the registry; None for anything else."""
        match = _IMAGE.fullmatch(text)
        return None if match is None else cls(**{key: value or "" for key, value in match.groupdict().items()})

    def __str__(self) -> str:
        return f"{f'{self.registry}/' if self.registry else ''}{self.repository}@{self.digest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One vulnerability in one package."""

    id: str
    """The ID, for example ``CVE-2026-12345``."""
    severity: str
    package: str = ""
    version: str = ""
    fixed_in: str = ""
    """The first version without the vulnerability. Empty: not known."""
    fixable: bool = True
    """Inspector reports NO if there is no fix; a basic scan reports nothing, and the finding counts as fixable."""
    description: str = ""
    uri: str = ""
    score: float | None = None
    """The CVSS base score."""
    vector: str = ""
    source: str = ""
    """The organization that rated it, for example ``NVD``."""
    status: str = ""
    """The state in Inspector: ``ACTIVE``, ``SUPPRESSED`` or ``CLOSED``. Empty for basic scans."""
    exploitable: str = ""
    """``YES`` if Inspector knows an exploit."""
    arn: str = ""
    """The ID of the Inspector finding: several packages of one finding count once, as in ECR."""

    @property
    def counts(self) -> bool:
        """Whether the finding is open: neither suppressed by an Inspector rule nor closed."""
        return self.status in _OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The result of the gate for an image."""

    image: Image
    findings: Sequence[Finding]
    """All findings, most severe first."""
    limits: Mapping[str, int]
    ignore_unfixed: bool = False
    counts: Mapping[str, int]
    """The number of findings that count, by severity."""

    @classmethod
    def of(
        cls,
        image: Image,
        findings: Iterable[Finding],
        limits: Mapping[str, int],
        *,
        told: Mapping[str, int],
        ignore_unfixed: bool = False,
    ) -> Verdict:
        """Evaluate findings.

        Args:
            image: the image.
            findings: all findings.
            limits: the maximum number of findings by severity; a severity without an entry has no limit.
            told: the counts from ECR. If they exceed the number of listed findings, the higher count applies.
            ignore_unfixed: whether to ignore findings without a fix.
        """
        rows = sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f.id, f.package, f.version))
        open_ = [f for f in rows if f.counts and (f.fixable or not ignore_unfixed)]
        counts, listed = _count(open_), _count(rows)
        for severity, number in told.items():
            known = severity if severity in SEVERITIES else SEVERITIES[-1]
            counts[known] += max(0, number - listed[known])
        return cls(image=image, findings=rows, limits=limits, ignore_unfixed=ignore_unfixed, counts=dict(counts))

    @property
    def exceeded(self) -> dict[str, tuple[int, int]]:
        """The number found and the limit, for each severity above its limit."""
        pairs = {s: (self.counts.get(s, 0), self.limits[s]) for s in SEVERITIES if s in self.limits}
        return {severity: pair for severity, pair in pairs.items() if pair[0] > pair[1]}

    @property
    def passed(self) -> bool:
        """Whether the image is within the limits."""
        return not self.exceeded


def _count(findings: Sequence[Finding]) -> Counter[str]:
    once = {f.arn or str(number): f.severity for number, f in enumerate(findings)}
    return Counter(once.values())


def limits_of(texts: Iterable[str]) -> tuple[dict[str, int], list[str]]:
    """Return the limits from values such as ``SEVERITY=N``, and all mistakes."""
    limits: dict[str, int] = {}
    problems = []
    for text in texts:
        match = _LIMIT.fullmatch(text)
        severity = match["severity"].upper() if match else ""
        if match is None or severity not in SEVERITIES:
            problems.append(f"--max needs SEVERITY=NUMBER with one of {', '.join(SEVERITIES)}, got {text!r}")
        elif severity in limits:
            problems.append(f"--max sets {severity} twice")
        else:
            limits[severity] = int(match["number"])
    return limits or dict(DEFAULT_LIMITS), problems


def read(answer: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the findings of one page of DescribeImageScanFindings."""
    found = answer.get("imageScanFindings") or {}
    for entry in found.get("findings", ()):
        yield _basic(entry)
    for entry in found.get("enhancedFindings", ()):
        yield from _enhanced(entry)


def _severity(text: Any) -> str:
    return text if text in SEVERITIES else SEVERITIES[-1]


def _basic(entry: Mapping[str, Any]) -> Finding:
    attributes = {a["key"]: a.get("value", "") for a in entry.get("attributes", ()) if "key" in a}
    score = attributes.get("CVSS3_SCORE") or attributes.get("CVSS2_SCORE") or ""
    return Finding(
        id=entry.get("name", ""),
        severity=_severity(entry.get("severity")),
        package=attributes.get("package_name", ""),
        version=attributes.get("package_version", ""),
        description=entry.get("description", ""),
        uri=entry.get("uri", ""),
        score=float(score) if re.fullmatch(r"\d+(\.\d+)?", score) else None,
        vector=attributes.get("CVSS3_VECTOR") or attributes.get("CVSS2_VECTOR") or "",
    )


def _enhanced(entry: Mapping[str, Any]) -> Iterator[Finding]:
    details = entry.get("packageVulnerabilityDetails") or {}
    cvss: Mapping[str, Any] = next(iter(details.get("cvss", ())), {})
    packages = details.get("vulnerablePackages") or [{}]
    for package in packages:
        fixed = package.get("fixedInVersion") or ""
        fixed = "" if fixed == "NotAvailable" else fixed
        yield Finding(
            id=details.get("vulnerabilityId") or entry.get("title", ""),
            severity=_severity(entry.get("severity")),
            package=package.get("name", ""),
            version=package.get("version", ""),
            fixed_in=fixed,
            fixable=entry.get("fixAvailable") != "NO" or bool(fixed),
            description=entry.get("description", ""),
            uri=details.get("sourceUrl", ""),
            score=entry.get("score", cvss.get("baseScore")),
            vector=cvss.get("scoringVector", ""),
            source=details.get("source", ""),
            status=entry.get("status", ""),
            exploitable=entry.get("exploitAvailable", ""),
            arn=entry.get("findingArn", ""),
        )
