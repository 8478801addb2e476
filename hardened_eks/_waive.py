"""Waivers in code, beside the construct that they cover."""

from __future__ import annotations

import json
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import aws_cdk as cdk

from hardened_eks._asked import node_of, path_of, stack_of
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.model import Control
from hardened_eks.errors import Problems
from hardened_eks.evidence.waiver import METADATA_KEY
from hardened_eks.judging.own_controls import with_own
from hardened_eks.judging.selection import find
from hardened_eks.sources.waivers import build, parse_day

if TYPE_CHECKING:
    from datetime import date

    from constructs import IConstruct


def waive(
    scope: IConstruct,
    control: Control | str,
    *,
    reason: str,
    until: date | str,
    approver: str = "",
    subject: str = "",
) -> None:
    """Accept the findings of one control on `scope` and everything below it, until a day.

    The waiver is in the cloud assembly, so `Checks` and ``hardened-eks check cdk.out`` apply and report it, and in the
    metadata of the template, where `Hook` finds it. The waiver itself is a warning in its last 30 days, and a finding
    after `until` or if it suppresses nothing.

    Example:
        hardened.waive(cluster, private_endpoint, reason="public until the VPN is up, SEC-123", until="2027-03-31")

    Args:
        scope: a stack or a construct in one. For a whole app, use a waiver file: ``Checks(waivers=...)``.
        control: the control, or its ID. For your own control, pass the object, or its ID if an installed package
            provides it.
        reason: reason for accepting the risk, for the auditor.
        until: the last day of the waiver, a date or ``YYYY-MM-DD``.
        approver: name of the person who accepts the risk. Default: none.
        subject: glob for subjects in a report that the waiver covers instead of `scope`, for example ``assembly``,
            ``account:eu-west-1`` or ``Payments/Metadata/*``. Default: none, `scope` and everything below it.

    Raises:
        ConfigurationError: the control is unknown, the reason or the date is missing or invalid, or `scope` is not in a
            stack. The error lists all mistakes.
    """
    problems = Problems("waiver")
    catalogue, broken = with_own()
    named = find(control, catalogue) if control else ""
    if isinstance(named, str) and named:
        problems.add(named)
    id_ = control.id if isinstance(control, Control) else control
    _, mistakes = build(control=id_, scope="", reason=reason, until=until, approver=approver)
    problems.extend((*broken, *(message for _, message in mistakes)))
    for argument, given in (("approver", approver), ("subject", subject)):
        problems.require(isinstance(given, str), f"{argument} needs a string, got {given!r}")
    problems.require(
        _in_a_stack(scope), f"scope needs a stack or a construct in one, not an app or a stage, got {scope!r}"
    )
    problems.raise_any()
    caller = traceback.extract_stack(limit=2)[0]
    entry = {
        "control": id_,
        "reason": reason,
        "until": str(parse_day(until)),
        "approver": approver,
        **({"subject": subject} if subject else {}),
        "own": find(control, CATALOGUE) not in CATALOGUE,
        "file": _relative(caller.filename),
        "line": caller.lineno,
    }
    node_of(scope).add_metadata(METADATA_KEY, json.dumps(entry))
    covered = {"subject": subject} if subject else {"path": path_of(scope)}
    kept = {key: entry[key] for key in ("control", "reason", "until", "approver", "own") if entry[key]}
    options = stack_of(scope).template_options
    written = options.metadata or {}
    options.metadata = {**written, METADATA_KEY: [*written.get(METADATA_KEY, ()), {**kept, **covered}]}


def _in_a_stack(scope: IConstruct) -> bool:
    if isinstance(scope, cdk.Stage):
        return False
    try:
        stack_of(scope)
    except Exception:  # noqa: BLE001 - jsii raises its own kinds, and TypeError for other objects than constructs
        return False
    return True


def _relative(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else path.name
