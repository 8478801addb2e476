"""The functions of CEL and of Kubernetes' string library that the policies call, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.baseline.cel._values import CelError, as_int, as_string, kind, pattern

if TYPE_CHECKING:
    from collections.abc import Callable


def size(value: Any) -> int:
    if kind(value) not in {"string", "list", "map"}:
        raise CelError(f"no such overload: size({kind(value)})")
    return len(value)


def split(text: str, separator: str, limit: int = -1) -> list[str]:
    if limit in {0, 1}:
        return [text] if limit else []
    most = limit - 1 if limit > 0 else -1
    if separator:
        return text.split(separator, most)
    letters = list(text)
    return letters if most < 0 or len(letters) <= limit else [*letters[:most], text[most:]]


def char_at(text: str, at: int) -> str:
    if not 0 <= at <= len(text):
        raise CelError(f"index out of range: {at}")
    return text[at : at + 1]


def substring(text: str, start: int, end: int | None = None) -> str:
    last = len(text) if end is None else end
    if not 0 <= start <= last <= len(text):
        raise CelError(f"index out of range: {start}, {last}")
    return text[start:last]


def lower_ascii(text: str) -> str:
    return "".join(char.lower() if char.isascii() else char for char in text)


METHODS: Final[dict[str, tuple[Callable[..., Any], tuple[str, ...]]]] = {
    "charAt": (char_at, ("number",)),
    "contains": (lambda text, part: part in text, ("string",)),
    "endsWith": (str.endswith, ("string",)),
    "indexOf": (str.find, ("string",)),
    "lowerAscii": (lower_ascii, ()),
    "matches": (lambda text, written: pattern(written).search(text) is not None, ("string",)),
    "split": (split, ("string", "number")),
    "startsWith": (str.startswith, ("string",)),
    "substring": (substring, ("number", "number")),
    "trim": (lambda text: text.strip(), ()),
}
"""Methods of a string: the function, and the types of its arguments; a second argument may be left out."""
FUNCTIONS: Final[dict[str, Callable[[Any], Any]]] = {"int": as_int, "size": size, "string": as_string}


def call_method(name: str, target: Any, arguments: list[Any]) -> Any:
    """Return the value of ``target.name(arguments)``."""
    if name == "size" and not arguments:
        return size(target)
    function, types = METHODS[name]
    given = tuple(map(kind, arguments))
    if kind(target) != "string" or given not in {types, types[:1]}:
        raise CelError(f"no such overload: {kind(target)}.{name}({', '.join(given)})")
    return function(target, *arguments)
