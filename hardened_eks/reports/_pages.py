"""What the HTML pages share."""

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
    """How a framework stands."""

    framework: Framework
    total: int
    """How many requirements it has."""
    counts: Counter[Coverage]

    @property
    def id(self) -> str:
        """The framework's id."""
        return self.framework.id

    @property
    def title(self) -> str:
        """The framework's title with its version."""
        return title(self.framework)

    @property
    def answered(self) -> int:
        """How many requirements a control answers."""
        return self.total - self.counts[Coverage.ELSEWHERE]


def views(matrix: Sequence[tuple[Row, Coverage]]) -> list[FrameworkView]:
    """Return how each framework stands, in the order of the matrix."""
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
