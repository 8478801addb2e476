"""Plain YAML values as kubectl and Helm read them.

Their reader knows more booleans and numbers than YAML 1.1 as PyYAML reads it: ``y`` is true, ``0x0`` and ``0o0`` are 0.
Source: https://github.com/kubernetes-sigs/yaml (goyaml.v2/resolve.go)
"""

from __future__ import annotations

from typing import Any, Final

from hardened_eks._patterns import regex

_TRUTH: Final = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"), False),
}
_INTEGER: Final = regex(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]?([0-7]+)|0[bB]([01]+)|(0|[1-9][0-9]*))")
_BASES: Final = (16, 8, 2, 10)
_FLOAT: Final = regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_EXACT: Final = 2**53


def plain(value: str) -> Any:
    """Return what a string without quotation marks, or with a tag, is: a boolean, a number, or the string itself."""
    if value in _TRUTH:
        return _TRUTH[value]
    if not value or value[0] not in "+-.0123456789":
        return value
    digits = value if value[0] == "." else value.replace("_", "")
    found = _INTEGER.fullmatch(digits)
    if found is not None:
        sign, *bases = found.groups()
        number = next(int(text, base) for text, base in zip(bases, _BASES, strict=True) if text)
        return -number if sign == "-" else number
    if _FLOAT.fullmatch(digits) is None:
        return value
    real = float(digits)
    return int(real) if abs(real) < _EXACT and real.is_integer() else real
