"""Security Hub: import findings, and archive fixed ones. This is the only part of an audit that writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hardened_eks.sources.account.asking import Asker

_AT_ONCE: Final = 100
"""The maximum number of findings in one call."""


@dataclass(slots=True)
class Imported:
    """The result of an import."""

    sent: int = 0
    archived: int = 0
    failed: list[str] = field(default_factory=list)
    """A sentence for each finding or call that Security Hub rejected."""


def import_findings(
    asker: Asker,
    findings: Sequence[Mapping[str, Any]],
    *,
    now: str,
    product: str,
    generators: frozenset[str],
    archive: Callable[[dict[str, Any]], Mapping[str, Any]] | None,
) -> Imported:
    """Import the findings of one Region of one account.

    Args:
        asker: the asker of that Region.
        findings: the findings in the format of Security Hub.
        now: the time of the import.
        product: the product ARN with which the account imports its own findings.
        generators: the evaluated controls, of which findings that are not in `findings` are fixed.
        archive: a function that returns the update for a fixed finding. Default: nothing is archived.
    """
    result = Imported()
    where = {
        "ProductArn": [{"Value": product, "Comparison": "EQUALS"}],
        "GeneratorId": [{"Value": "hardened-eks/", "Comparison": "PREFIX"}],
    }
    before = len(asker.refusals)
    stored = asker.pages("securityhub:GetFindings", "Findings", Filters=where, MaxResults=100)
    result.failed += [str(one) for one in asker.refusals[before:]]
    first = {one["Id"]: one.get("CreatedAt", now) for one in stored}
    dated = [{**one, "CreatedAt": first.get(one["Id"], now), "UpdatedAt": now} for one in findings]
    result.sent = _send(asker, dated, result)
    if archive is None or result.failed:
        return result
    current = {finding["Id"] for finding in findings}
    gone = [
        one for one in stored
        if one["Id"] not in current and one.get("GeneratorId") in generators and one.get("RecordState") != "ARCHIVED"
    ]  # fmt: skip
    result.archived = _send(asker, [archive(one) for one in gone], result)
    return result


def _send(asker: Asker, findings: Sequence[Mapping[str, Any]], result: Imported) -> int:
    sent = 0
    for start in range(0, len(findings), _AT_ONCE):
        answer = asker.ask("securityhub:BatchImportFindings", Findings=list(findings[start : start + _AT_ONCE]))
        if not answer:
            result.failed.append(str(answer) if answer is not None else "securityhub:BatchImportFindings failed")
            continue
        sent += answer.get("SuccessCount", 0)
        result.failed += [
            f"{one['Id']}: {one.get('ErrorMessage', '')} ({one.get('ErrorCode', '')})"
            for one in answer.get("FailedFindings", ())
        ]
    return sent
