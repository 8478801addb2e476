"""Shared parts of the HTML pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jinja2

from hardened_eks._records import dataclass
from hardened_eks.reports.coverage import Coverage, Row, title
from hardened_eks.reports.model import clean

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping, Sequence

    from hardened_eks.controls.frameworks import Framework


@dataclass(frozen=True, slots=True)
class FrameworkView:
    """The results for one framework."""

    framework: Framework
    total: int
    """The number of its requirements."""
    counts: Counter[Coverage]

    @property
    def id(self) -> str:
        """The ID of the framework."""
        return self.framework.id

    @property
    def title(self) -> str:
        """The framework's title with its version."""
        return title(self.framework)

    @property
    def answered(self) -> int:
        """The number of requirements that a control covers."""
        return self.total - self.counts[Coverage.ELSEWHERE]


def views(matrix: Sequence[tuple[Row, Coverage]]) -> list[FrameworkView]:
    """Return the results for each framework, in the order of the matrix."""
    from collections import Counter

    statuses: dict[str, tuple[Framework, list[Coverage]]] = {}
    for row, status in matrix:
        statuses.setdefault(row.framework.id, (row.framework, []))[1].append(status)
    return [FrameworkView(framework, len(found), Counter(found)) for framework, found in statuses.values()]


def page(template: str, values: Mapping[str, Any]) -> str:
    """Return a self-contained page created from a template of this folder."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("hardened_eks.reports", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clean"] = clean
    return f"{environment.get_template(template).render(**values)}\n"
