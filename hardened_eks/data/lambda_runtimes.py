"""The dates on which Lambda stops patching each managed runtime.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, from cfn-lint 1.58, read on 2026-11-21.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from hardened_eks._patterns import regex

UNTIL: Final = {
    "dotnet8": date(2026, 11, 10),
    "dotnet10": date(2028, 11, 14),
    "java8.al2": date(2027, 6, 30),
    "java11": date(2027, 6, 30),
    "java17": date(2027, 6, 30),
    "java21": date(2029, 6, 30),
    "java25": date(2029, 6, 30),
    "nodejs22.x": date(2027, 4, 30),
    "nodejs24.x": date(2028, 4, 30),
    "provided.al2023": date(2029, 6, 30),
    "python3.11": date(2027, 6, 30),
    "python3.12": date(2028, 10, 31),
    "python3.13": date(2029, 6, 30),
    "python3.14": date(2029, 6, 30),
    "ruby3.3": date(2027, 3, 31),
    "ruby3.4": date(2028, 3, 31),
    "ruby4.0": date(2029, 3, 31),
}
_NAME: Final = regex(r"(?P<family>[a-z]+)\.?(?:al)?(?P<version>\d+(?:\.\d+)?)(?:\.x|\.al2)?")


def supported(runtime: str, today: date) -> bool:
    """Return whether Lambda patches `runtime` on a date.

    A runtime newer than the known ones counts as supported. So does the newest known one on any date, because by the
    time it ends AWS has a newer one that this release does not know.
    """
    until = UNTIL.get(runtime)
    if until is not None and today <= until:
        return True
    family, version = _parts(runtime)
    if until is not None:
        return version == max(other for name in UNTIL for kind, other in [_parts(name)] if kind == family)
    known = [other for name in UNTIL for kind, other in [_parts(name)] if kind == family]
    return bool(known) and version > max(known)


def _parts(runtime: str) -> tuple[str, tuple[int, ...]]:
    match = _NAME.fullmatch(runtime)
    if match is None:
        return runtime, ()
    return match["family"], tuple(int(part) for part in match["version"].split("."))
