"""Generate the page about the source documents: each of their requirements, and what covers it."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from hardened_eks.baseline.policies.model import Policy
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.frameworks import OWN
from hardened_eks.detections import DETECTIONS
from hardened_eks.reports.matrix import Line, lines

if TYPE_CHECKING:
    from hardened_eks.controls.model import Control

_INTRODUCTION: Final = (
    "This library started from a set of recommendations for EKS. This page lists each of their {count} "
    "requirements with everything that covers it: constructs that implement it, controls that check it, admission "
    "policies that reject violations, detections and AWS Config rules that report violations, and how-to pages "
    "for manual steps."
)
AREAS: Final = {
    "eks": "Control plane and access",
    "iam": "IAM",
    "account": "IAM",
    "node": "Nodes",
    "vpc": "Network",
    "sg": "Network",
    "elb": "Network",
    "ecr": "Images",
    "kms": "Encryption and secrets",
    "secrets": "Encryption and secrets",
    "efs": "Encryption and secrets",
    "s3": "Encryption and secrets",
    "sns": "Encryption and secrets",
    "logs": "Logs and detection",
    "cloudtrail": "Logs and detection",
    "alerts": "Logs and detection",
    "guardduty": "Logs and detection",
    "config": "Logs and detection",
    "auditmanager": "Logs and detection",
    "backup": "Recovery",
    "k8s": "Inside the cluster",
    "process": "People and pipelines",
}
"""Map from the first part of a requirement's key to the heading of its section."""


def asked() -> list[Line]:
    """Return the requirements of the source documents, each with what covers it."""
    return [line for line in lines(CATALOGUE, DETECTIONS) if OWN in line.requirement.references]


def answers(line: Line) -> list[str]:
    """Return what covers a requirement, as Markdown: constructs first, pages last."""
    found = []
    if names := [name for name in line.constructs if name != "Detection"]:
        found.append(f"construct {', '.join(f'[`{n}`](constructs.md#{_anchor(n)})' for n in names)}")
    if line.controls:
        found.append(f"control {', '.join(map(_control, line.controls))}")
    if policies := sorted({policy.id for control in line.controls if (policy := _policy(control))}):
        found.append(f"admission policy {', '.join(f'`{id_}`' for id_ in policies)}")
    if line.detections:
        found.append(f"detection {', '.join(f'[`{one.id}`](detections.md#{one.id})' for one in line.detections)}")
    if line.rules:
        found.append(f"Config rule {', '.join(f'`{rule}`' for rule in line.rules)}")
    if line.requirement.pages:
        found.append(f"page {', '.join(f'[{_title(page)}](../{page})' for page in line.requirement.pages)}")
    return found


def page(note: str) -> str:
    """Return docs/reference/sources.md."""
    found = asked()
    text = ["# Sources", "", note, _INTRODUCTION.format(count=len(found)), ""]
    sections: dict[str, list[Line]] = {area: [] for area in AREAS.values()}
    for line in found:
        sections[AREAS[line.requirement.key.partition(".")[0]]].append(line)
    for area, members in sections.items():
        text += [f"## {area}", "", "| source | requirement | covered by |", "|---|---|---|"]
        text += [_row(line) for line in members]
        text.append("")
    text += ["## Outdated recommendations", "", "| source | requirement | replacement |", "|---|---|---|"]
    text += [
        f"| {_names(line)} | {line.requirement.title} | {line.requirement.replaced} |"
        for line in found
        if line.requirement.replaced
    ]
    return "\n".join(text) + "\n"


def _row(line: Line) -> str:
    answer = ". ".join(filter(None, ["; ".join(answers(line)), line.requirement.not_covered]))
    return f"| {_names(line)} | {line.requirement.title} | {answer} |"


def _names(line: Line) -> str:
    return ", ".join(line.requirement.references[OWN])


def _control(control: Control) -> str:
    return f"[{control.id}](controls/{control.area}.md#{control.id.lower()})"


def _policy(control: Control) -> Policy | None:
    """Return the admission policy that a control uses, or None."""
    policy = getattr(importlib.import_module(control.check.__module__), "POLICY", None)
    return policy if isinstance(policy, Policy) else None


def _title(path: str) -> str:
    """Return the text of a link to a page: ``how-to/gate-images.md`` becomes *gate images*."""
    name, _, anchor = path.rpartition("/")[2].partition(".md#")
    return (anchor or name.removesuffix(".md")).replace("-", " ")


def _anchor(name: str) -> str:
    """Return the anchor of a public name on the constructs page."""
    return name.lower()
