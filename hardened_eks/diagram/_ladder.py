"""Traffic as a ladder diagram: a rail for each party, and a rung for each direction between two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks.diagram._canvas import NORMAL, SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hardened_eks.diagram._canvas import Canvas
    from hardened_eks.diagram.facts import Talk

_NARROWEST: Final = 92
"""The minimum width of a rail in pixels; with more parties, the traffic is written as lines of text."""
_HOOK: Final = 26


def ladder(canvas: Canvas, top: float, talks: Sequence[Talk], left: float, width: float) -> float:
    """Draw the traffic below `top`, and return the position of its bottom edge."""
    parties = list(dict.fromkeys(end for talk in talks for end in (talk.source, talk.target)))
    column = width / len(parties)
    if column < _NARROWEST:
        return _written(canvas, top, talks, left, width)
    middles = {party: left + column * (number + 0.5) for number, party in enumerate(parties)}
    heads = [
        canvas.text(middle, top, party, width=column - 10, kind="name", middle=True)
        for party, middle in middles.items()
    ]
    start = y = max(heads) + 4
    for talk in talks:
        y = _rung(canvas, y, talk, middles, left + width)
    for middle in middles.values():
        canvas.rail(middle, start, y)
    return y


def _rung(canvas: Canvas, top: float, talk: Talk, middles: dict[str, float], edge: float) -> float:
    """Write the ports, and the arrow below them."""
    here, there = middles[talk.source], middles[talk.target]
    ports = ", ".join(talk.ports)
    if here == there:  # within one party, the arrow ends where it began
        there = here + _HOOK
        wide = min(edge - here - 8, 240)
        bottom = canvas.text(here + 6, top, f"among themselves: {ports}", width=wide, size=SMALL) + 4
    else:
        wide = max(abs(there - here) - 12, _NARROWEST)
        bottom = canvas.text((here + there) / 2, top, ports, width=wide, size=SMALL, middle=True) + 4
    canvas.arrow(here, there, bottom)
    return bottom + 8


def _written(canvas: Canvas, top: float, talks: Sequence[Talk], left: float, width: float) -> float:
    """Draw each direction as a line of text, with both ends as columns."""
    third = width / 3
    for talk in talks:
        bottom = max(
            canvas.text(left, top, talk.source, width=third - 12, kind="name"),
            canvas.text(left + 1.5 * third, top, ", ".join(talk.ports), width=third - 90, size=SMALL, middle=True),
            canvas.text(left + 2 * third + 12, top, talk.target, width=third - 12, kind="name"),
        )
        height = top + NORMAL * 0.7
        canvas.arrow(left + third, left + third + 34, height)
        canvas.arrow(left + 2 * third - 34, left + 2 * third, height)
        top = bottom + 5
    return top
