"""User data as a node reads it, as far as the template shows it."""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence import Unknown, intrinsics, rendering
from hardened_eks.evidence.unknown import branches

if TYPE_CHECKING:
    from collections.abc import Iterator

_GZIP: Final = b"\x1f\x8b"
_LONGEST: Final = 1_000_000
"""The maximum size of unpacked user data in bytes; EC2 accepts 16 KiB of compressed data."""
_DEEPEST: Final = 100
_ENCODED: Final = regex(r"[A-Za-z0-9+/]{20,}={0,2}(?:\r?\n[A-Za-z0-9+/]+={0,2})*")
_READABLE: Final = regex(r"[\t\r\n\x20-\x7e]+")


def texts(value: Any) -> Iterator[str]:
    """Yield the user data as far as it is known, and every string that may become part of it."""
    if isinstance(value, Unknown):
        written = value.expression
        inner = written.get("Fn::Base64", written) if isinstance(written, dict) else written
        yield from _with_encoded(rendering.text(inner, value.template))
        for text in literals(inner):
            yield text
            yield from _with_encoded(unpacked(text))
    elif value is not None:
        yield from _with_encoded(unpacked(str(value)))


def _with_encoded(text: str) -> Iterator[str]:
    """Yield a string and those in it as base64: parts of MIME, files of cloud-init, words of a shell."""
    yield text
    for found in _ENCODED.findall(text):
        inner = decoded(found)
        if inner is not None and _READABLE.fullmatch(inner):
            yield inner


def whole(value: Any) -> Iterator[str]:
    """Yield the decoded user data of each branch; values that are known only at deployment are ``${Name}``."""
    for branch in branches(value):
        if isinstance(branch, Unknown):
            written = branch.expression
            inner = written.get("Fn::Base64") if isinstance(written, dict) else None
            if inner is not None:
                yield from (_text(part, branch) for part in _cases(inner, branch))
        elif isinstance(branch, str):
            yield unpacked(branch)


def readings(value: Unknown) -> Iterator[str]:
    """Yield the content of each branch of user data, whether the template or a parameter encodes it."""
    for branch in value.branches:
        written = branch.expression if isinstance(branch, Unknown) else None
        if isinstance(branch, Unknown) and isinstance(written, dict) and "Fn::Base64" in written:
            yield from (_text(part, branch) for part in _cases(written["Fn::Base64"], branch))
        elif branch is not None:
            yield str(branch)


def _cases(inner: Any, unknown: Unknown) -> tuple[Any, ...]:
    value = intrinsics.resolve(inner, unknown.template)
    return branches(value)


def _text(part: Any, unknown: Unknown) -> str:
    return (
        part
        if isinstance(part, str)
        else str(part)
        if isinstance(part, Unknown)
        else rendering.text(part, unknown.template)
    )


def decoded(text: str) -> str | None:
    """Decode base64, compressed or not; None if it is not base64."""
    try:
        plain = base64.b64decode("".join(text.split()), validate=True)
        if plain.startswith(_GZIP):
            plain = zlib.decompressobj(wbits=31).decompress(plain, _LONGEST)
        return plain.decode(errors="replace")
    except (ValueError, zlib.error):
        return None


def unpacked(text: str) -> str:
    """Decode base64; other values stay unchanged."""
    plain = decoded(text)
    return text if plain is None else plain


def literals(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield every string in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list) and depth < _DEEPEST:
        for item in value.values() if isinstance(value, dict) else value:
            yield from literals(item, depth + 1)
