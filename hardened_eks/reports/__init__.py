"""Reports on outcomes, with one module for each format, imported on first use."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from hardened_eks.reports.model import Entry, Report, State

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMATS: Final[Mapping[str, str]] = {
    "text": "for people, grouped by resource",
    "json": "for programs, see docs/reference/report.schema.json",
    "sarif": "SARIF 2.1.0, for code scanning",
    "junit": "JUnit XML, for test reports of CI systems",
    "github": "annotations of GitHub Actions",
    "markdown": "for pull requests and job summaries",
    "html": "one self-contained page for auditors",
    "frameworks": "one self-contained page with every requirement of every framework",
    "asff": "AWS Security Finding Format, for Security Hub; only for accounts",
    "ocsf": "OCSF Compliance Findings, for Security Lake; only for accounts",
}
"""Name of the format -> its purpose."""

OF_ACCOUNTS: Final = frozenset({"asff", "ocsf"})
"""Formats that need the account of a finding, which templates do not have."""

__all__ = ["FORMATS", "OF_ACCOUNTS", "Entry", "Report", "State", "render"]


def render(report: Report, format: str) -> str:
    """Return `report` as a string in one of `FORMATS`."""
    module = importlib.import_module(f"hardened_eks.reports.as_{format}")
    text: str = module.render(report)
    return text
