"""OCSF 1.3 Compliance Findings for Security Lake.

https://schema.ocsf.io/1.3.0/classes/compliance_finding
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.reports.as_json import references
from hardened_eks.reports.environments import moment, place, stable_id
from hardened_eks.reports.model import State
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from hardened_eks.reports.environments import Place
    from hardened_eks.reports.model import Entry, Report

_CLASS: Final = 2003
_CREATE: Final = 1
_SEVERITIES: Final = {Severity.LOW: 2, Severity.MEDIUM: 3, Severity.HIGH: 4, Severity.CRITICAL: 5}
_STATES: Final = {State.FAIL: (3, "Fail"), State.WARNING: (2, "Warning"), State.WAIVED: (2, "Warning"),
                  State.UNSEEN: (0, "Unknown")}  # fmt: skip


def render(report: Report) -> str:
    """Return the findings on accounts as a list of events."""
    entries = [(entry, place(entry)) for entry in (*report.entries, *report.unseen)]
    events = []
    seen: Counter[str] = Counter()
    for entry, where in entries:
        if where is not None:
            same = stable_id(entry)  # equal findings at the same place have a number in their ID
            seen[same] += 1
            events.append(_event(entry, where, report, same if seen[same] == 1 else f"{same}-{seen[same]}"))
    return json.dumps(events, indent=2, ensure_ascii=False) + "\n"


def _event(entry: Entry, where: Place, report: Report, uid: str) -> dict[str, Any]:
    control = entry.control
    status_id, status = _STATES[entry.state]
    when = int(moment(report.day).timestamp() * 1000)
    waived = entry.state is State.WAIVED
    asked = references(control)
    return {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Compliance Finding",
        "type_uid": _CLASS * 100 + _CREATE,
        "type_name": "Compliance Finding: Create",
        "time": when,
        "severity_id": _SEVERITIES[entry.severity],
        "severity": str(entry.severity).capitalize(),
        "status_id": 3 if waived else 1,
        "status": "Suppressed" if waived else "New",
        "message": entry.message,
        "metadata": {
            "version": "1.3.0",
            "profiles": ["cloud"],
            "product": {"name": "hardened-eks", "vendor_name": "hardened-eks", "version": report.version or "unknown"},
        },
        "finding_info": {
            "uid": f"hardened-eks/{where.account}/{where.region}/{control.id}/{uid}",
            "title": f"{control.id} {control.title}",
            "desc": control.why,
            "created_time": when,
            "types": ["Compliance"],
        },
        "compliance": {
            "control": control.id,
            "requirements": sorted({one for ids in asked.values() for one in ids}),
            "standards": sorted(asked) or ["hardened-eks"],
            "status_id": status_id,
            "status": status,
        },
        "remediation": {"desc": control.fix, "references": [control.source]},
        "resources": [
            {
                "uid": entry.arn or f"{entry.file}/{entry.subject}",
                "name": entry.subject,
                "type": entry.type or "AWS account",
                "region": where.region,
                "cloud_partition": where.partition,
            }
        ],
        "cloud": {
            "provider": "AWS",
            "region": where.region,
            "account": {"uid": where.account, "type_id": 10, "type": "AWS Account"},
        },
        "unmapped": {
            "property": entry.property_path,
            "stack": entry.stack,
            "construct_path": entry.construct_path,
            **({"waiver": {"reason": entry.waiver_reason, "until": entry.waiver_until}} if waived else {}),
        },
    }
