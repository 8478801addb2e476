"""Draw facts as one SVG with fixed panels below each other, so that a change of the app changes little."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

from hardened_eks.diagram._canvas import LARGE, NORMAL, SMALL, WIDTH, Canvas
from hardened_eks.diagram._ladder import ladder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hardened_eks.diagram.facts import Cluster, Facts, Key, Network, Record, Trust

_EDGE: Final = 16
_INSIDE: Final = WIDTH - 2 * _EDGE
_GAP: Final = 10
_ARROW: Final = 50
_COLUMNS: Final = 3
_NOTHING: Final = "These templates contain no cluster, nodes, VPC, security group, key, role or log group."
_LIGHT: Final = (
    "--bg:#fff;--card:#f6f8fa;--inner:#fff;--ink:#1f2328;--soft:#59636e;--line:#8c959f;--edge:#d1d9e0;--name:#0a58b8"
)
_DARK: Final = (
    "--bg:#0d1117;--card:#161b22;--inner:#0d1117;--ink:#e6edf3;--soft:#9198a1;--line:#7d8590;--edge:#3d444d;"
    "--name:#79b8ff"
)
_RULES: Final = (
    "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;fill:var(--ink)}"
    ".title{font-weight:600}.name{font-weight:600;fill:var(--name)}.soft{fill:var(--soft)}"
    ".ground{fill:var(--bg)}.card{fill:var(--card);stroke:var(--edge)}.inner{fill:var(--inner);stroke:var(--edge)}"
    ".line{stroke:var(--line);stroke-width:1.2}.rail{stroke:var(--edge);stroke-dasharray:3 3}.head{fill:var(--line)}"
)


class Theme(StrEnum):
    """The colors of a diagram."""

    LIGHT = "light"
    DARK = "dark"
    AUTO = "auto"
    """The theme that follows the system of the viewer."""


def draw(facts: Facts, theme: Theme = Theme.AUTO, title: str = "") -> str:
    """Return the diagram as SVG.

    Args:
        facts: the content of the diagram.
        theme: the colors. Default: those of the viewer's system.
        title: the accessible name. Default: the names of the clusters.
    """
    named = title or ", ".join(cluster.name for cluster in facts.clusters) or "no cluster"
    return canvas_of(facts).svg(f"Architecture of {named}", _style(theme))


def canvas_of(facts: Facts) -> Canvas:
    """Return the diagram with the positions of its strings."""
    canvas = Canvas()
    top = float(_EDGE)
    for cluster in facts.clusters:
        top = _titled(canvas, top, f"Cluster {cluster.name}", partial(_cluster, canvas, cluster))
    for network in facts.networks:
        top = _titled(canvas, top, f"VPC {network.name}: {network.range}", partial(_network, canvas, network))
    sections: tuple[tuple[str, Sequence[object], Callable[[float], float]], ...] = (
        ("Who talks to whom", facts.talks, lambda y: ladder(canvas, y, facts.talks, _EDGE + _GAP, _INSIDE - 2 * _GAP)),
        ("What each key encrypts", facts.keys, lambda y: _keys(canvas, y, facts.keys)),
        ("Who can assume which role", facts.trusts, lambda y: _trusts(canvas, y, facts.trusts)),
        ("How long logs are kept", facts.records, lambda y: _records(canvas, y, facts.records)),
        ("What was not seen", facts.not_seen, lambda y: _lines(canvas, y, facts.not_seen)),
    )
    for title, content, build in sections:
        if content:
            top = _titled(canvas, top, title, build)
    if not canvas.boxes:
        _titled(canvas, top, "Nothing to draw", lambda y: _lines(canvas, y, (_NOTHING,)))
    return canvas


def _style(theme: Theme) -> str:
    if theme is Theme.AUTO:
        return f":root{{{_LIGHT}}}@media(prefers-color-scheme:dark){{:root{{{_DARK}}}}}{_RULES}"
    return f":root{{{_DARK if theme is Theme.DARK else _LIGHT}}}{_RULES}"


def _titled(canvas: Canvas, top: float, title: str, build: Callable[[float], float]) -> float:
    """Draw a panel with a title, and return the position of the next one."""
    y = canvas.text(_EDGE + _GAP, top + _GAP, title, width=_INSIDE - 2 * _GAP, size=LARGE, kind="title")
    bottom = build(y + 4) + _GAP
    canvas.rectangle(_EDGE, top, _INSIDE, bottom - top, "card")
    return bottom + _GAP


def _cluster(canvas: Canvas, cluster: Cluster, top: float) -> float:
    top = _paragraph(canvas, top, " · ".join(cluster.details))
    if cluster.addons:
        top = _paragraph(canvas, top, f"Add-ons: {', '.join(cluster.addons)}", kind="soft")
    chips = [(f"{nodes.name}", (nodes.kind, *nodes.details)) for nodes in cluster.nodes]
    return (
        _chips(canvas, top + 4, chips) if chips else _paragraph(canvas, top, "No nodes in these templates", kind="soft")
    )


def _network(canvas: Canvas, network: Network, top: float) -> float:
    top = _paragraph(canvas, top, f"Routes out: {', '.join(network.ways_out) or 'none'}")
    top = _paragraph(canvas, top, f"Monitored by: {', '.join(network.watched)}")
    top = _chips(canvas, top + 4, [(tier.name, tier.subnets) for tier in network.tiers])
    endpoints = ", ".join(network.endpoints) or "none"
    return _paragraph(canvas, top + 4, f"Endpoints: {endpoints}")


def _keys(canvas: Canvas, top: float, keys: Iterable[Key]) -> float:
    for key in keys:
        things = ", ".join(key.encrypts) or "nothing in these templates"
        top = _pair(canvas, top, (key.name, key.rotates), (things,))
    return top


def _trusts(canvas: Canvas, top: float, trusts: Iterable[Trust]) -> float:
    for trust in trusts:
        conditions = f"if {', '.join(trust.conditions)}" if trust.conditions else "without a condition"
        top = _pair(canvas, top, (", ".join(trust.takers),), (trust.role, conditions), names="right")
    return top


def _records(canvas: Canvas, top: float, records: Iterable[Record]) -> float:
    return _chips(canvas, top, [(record.name, record.details) for record in records])


def _lines(canvas: Canvas, top: float, lines: Iterable[str]) -> float:
    for line in lines:
        top = _paragraph(canvas, top, line) + 4
    return top


def _paragraph(canvas: Canvas, top: float, text: str, *, kind: str = "") -> float:
    return canvas.text(_EDGE + _GAP, top, text, width=_INSIDE - 2 * _GAP, kind=kind)


def _pair(canvas: Canvas, top: float, left: Sequence[str], right: Sequence[str], *, names: str = "left") -> float:
    """Draw an arrow from one box to another. The first string of a box is large; on one side, it is a name."""
    width = (_INSIDE - 2 * _GAP - _ARROW) / 2
    starts = {"left": _EDGE + _GAP, "right": _EDGE + _GAP + width + _ARROW}
    bottoms = [
        _texts(canvas, starts[side] + 8, top + 5, texts, width=width - 16, named=side == names)
        for side, texts in (("left", left), ("right", right))
    ]
    bottom = max(bottoms) + 5
    for start in starts.values():
        canvas.rectangle(start, top, width, bottom - top, "inner")
    canvas.arrow(starts["left"] + width + 4, starts["right"] - 4, (top + bottom) / 2)
    return bottom + 6


def _chips(canvas: Canvas, top: float, chips: Sequence[tuple[str, Sequence[str]]]) -> float:
    """Draw boxes in rows, each with a name and details."""
    width = (_INSIDE - 2 * _GAP - (_COLUMNS - 1) * _GAP) / _COLUMNS
    for first in range(0, len(chips), _COLUMNS):
        row = chips[first : first + _COLUMNS]
        starts = [_EDGE + _GAP + number * (width + _GAP) for number in range(len(row))]
        bottoms = [
            _texts(canvas, start + 8, top + 5, (name, *details), width=width - 16, named=True)
            for start, (name, details) in zip(starts, row, strict=True)
        ]
        bottom = max(bottoms) + 5
        for start in starts:
            canvas.rectangle(start, top, width, bottom - top, "inner")
        top = bottom + 6
    return top


def _texts(canvas: Canvas, left: float, top: float, texts: Sequence[str], *, width: float, named: bool) -> float:
    for number, text in enumerate(texts):
        kind = "soft" if number else "name" if named else ""
        top = canvas.text(left, top, text, width=width, kind=kind, size=SMALL if number else NORMAL)
    return top
