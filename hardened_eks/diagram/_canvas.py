"""An SVG that grows downward, with text wrapped by its measured width and a known box for every text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from hardened_eks.reports.model import clean

WIDTH: Final = 830
"""The width in pixels that a README shows without scaling."""
SMALL: Final = 11
NORMAL: Final = 12
LARGE: Final = 15
_ARROW: Final = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0L8 4L0 8z" class="head"/></marker></defs>'
)
_LINE: Final = 1.35
"""The height of a line, relative to its font size."""
_BOLD: Final = frozenset({"name", "title"})
"""The text classes that are bold."""
_WIDE: Final = frozenset("MWmw@%")
_SQUARE: Final = "\u1fff"
"""The character from which characters can be as wide as they are high: signs, those of East Asia, and emoji."""
_NARROW: Final = frozenset("iljtfrI.,:;'|!()[]/ ")


@dataclass(frozen=True, slots=True)
class Box:
    """The position and size of a string."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    def overlaps(self, other: Box) -> bool:
        """Return whether two boxes overlap."""
        beside = self.right <= other.left or other.right <= self.left
        return not beside and self.top < other.bottom and other.top < self.bottom


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    left: float
    top: float
    right: float
    bottom: float


def width_of(text: str, size: float, kind: str = "") -> float:
    """Return the maximum width of a string in pixels, in the fonts of common systems; some classes are bold."""
    return sum(map(_units, text)) * size * (1.18 if kind in _BOLD else 1.03)


def _units(character: str) -> float:
    if character > _SQUARE:
        return 1.2
    if character in _WIDE:
        return 0.95
    return 0.38 if character in _NARROW else 0.72 if character.isupper() else 0.63


def _fitting(word: str, size: float, width: float, kind: str) -> int:
    """Return the number of characters of a word that fit into a line, at least one."""
    left = width
    for number, character in enumerate(word):
        left -= width_of(character, size, kind)
        if left < 0:
            return max(number, 1)
    return len(word)


def wrapped(text: str, size: float, width: float, kind: str = "") -> list[str]:
    """Break a string into lines of a given width; a wider word is broken as well."""
    lines: list[str] = []
    for word in text.split():
        if lines and width_of(f"{lines[-1]} {word}", size, kind) <= width:
            lines[-1] += f" {word}"
            continue
        rest = word
        while (end := _fitting(rest, size, width, kind)) < len(rest):
            lines.append(rest[:end])
            rest = rest[end:]
        lines.append(rest)
    return lines or [""]


@dataclass(slots=True)
class Canvas:
    """A diagram that is being drawn. Rectangles are behind strings and lines, whenever they are drawn."""

    height: float = 0.0
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    _layers: dict[str, list[str]] = field(default_factory=lambda: {"card": [], "inner": [], "rail": [], "front": []})

    def text(
        self,
        left: float,
        top: float,
        text: str,
        *,
        width: float,
        size: float = NORMAL,
        kind: str = "",
        middle: bool = False,
    ) -> float:
        """Write a wrapped string, and return the position of its bottom edge.

        Args:
            left: the left edge, or the center.
            top: the top edge of the first line.
            text: the string.
            width: the width of the lines.
            size: the font size.
            kind: the CSS class.
            middle: whether to center the lines around `left`.
        """
        for line in wrapped(clean(text), size, width, kind):
            wide, bottom = width_of(line, size, kind), top + size * _LINE
            start = left - wide / 2 if middle else left
            anchor = ' text-anchor="middle"' if middle else ""
            place = f'x="{left:.1f}" y="{top + size:.1f}" font-size="{size:g}" class="{kind}"{anchor}'
            self._layers["front"].append(f"<text {place}>{escape(line)}</text>")
            self.boxes.append(Box(start, top, start + wide, bottom, line))
            top = bottom
        self.height = max(self.height, top)
        return top

    def rectangle(self, left: float, top: float, width: float, height: float, kind: str) -> None:
        """Draw a ``card``, or an ``inner`` rectangle on one."""
        self._layers[kind].append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="6" class="{kind}"/>'
        )
        self.height = max(self.height, top + height)

    def arrow(self, left: float, right: float, height: float) -> None:
        """Draw a horizontal arrow from `left` to `right`, in either direction."""
        self._layers["front"].append(
            f'<line x1="{left:.1f}" y1="{height:.1f}" x2="{right:.1f}" y2="{height:.1f}" class="line" '
            'marker-end="url(#arrow)"/>'
        )
        self.lines.append(Line(min(left, right), height, max(left, right), height))

    def rail(self, left: float, top: float, bottom: float) -> None:
        """Draw a dashed vertical line, behind the text."""
        self._layers["rail"].append(
            f'<line x1="{left:.1f}" y1="{top:.1f}" x2="{left:.1f}" y2="{bottom:.1f}" class="rail"/>'
        )

    def svg(self, title: str, style: str) -> str:
        """Return the diagram as SVG."""
        size = f'width="{WIDTH}" height="{self.height + 16:.0f}"'
        view = f"0 0 {WIDTH} {self.height + 16:.0f}"
        title = clean(title)
        attributes = f'viewBox="{view}" {size} role="img" aria-label={quoteattr(title)}'
        return "\n".join(
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>',
                f"<title>{escape(title)}</title>",
                f"<style>{style}</style>",
                _ARROW,
                f'<rect {size} class="ground"/>',
                *(part for layer in self._layers.values() for part in layer),
                "</svg>\n",
            )
        )
