"""CEL for tests: cel-expr-python, which is Google's C++ implementation."""

import ctypes
import re
import sys
from functools import cache
from typing import Any

from hardened_eks.baseline.cel import CelError

if sys.version_info < (3, 12):
    # cel-expr-python 0.1.3 drops one reference of None for every null that it converts; before 3.12, where None became
    # immortal, that ends the process ("none_dealloc"). So give None references that no test run uses up.
    ctypes.c_ssize_t.from_address(id(None)).value += 1 << 40

from cel_expr_python import cel  # noqa: E402
from cel_expr_python.ext import ext_optional, ext_strings  # noqa: E402

NAMES = ("namespaceObject", "object", "oldObject", "request", "variables")


@cache
def environment() -> Any:
    return cel.NewEnv(
        variables=dict.fromkeys(NAMES, cel.Type.DYN),
        extensions=[ext_strings.ExtStrings(), ext_optional.ExtOptional()],
    )


@cache
def compiled(expression: str) -> Any:
    try:
        return environment().compile(expression)
    except Exception as error:
        raise CelError(f"{expression}: {error}") from None


def evaluate(expression: str, data: dict[str, Any]) -> Any:
    try:
        result = compiled(expression).eval(data=data)
        kind, value = result.type().name(), result.plain_value()
    except CelError:
        raise
    except Exception as error:
        raise CelError(f"{expression}: {error}") from None
    if kind in {"ERROR", "*error*", "UNKNOWN"}:
        raise CelError(f"{expression}: {value}")
    return value


_LIST = re.compile(r"\[([^][{}()]*)\]|\{([^][{}()]*)\}")


def mixed_literals(expression: str) -> list[str]:
    """Return list and map literals of mixed types: this engine takes them, the API server refuses the policy."""
    found = []
    for match in _LIST.finditer(expression):
        inner = match[1] if match[1] is not None else match[2]
        if expression[: match.start()][-1:].isalnum() or expression[: match.start()][-1:] in {")", "]", "_"}:
            continue  # an index
        items = [i for i in re.findall(r"(?:'[^']*'|\"[^\"]*\"|[^,'\"])+", inner) if i.strip()]
        kinds = {_kind(part) for item in items for part in ([item.split(":")[-1]] if match[2] is not None else [item])}
        if len(kinds - {"other"}) > 1:
            found.append(match[0])
    return found


def _kind(item: str) -> str:
    text = item.strip()
    if text[:1] in {"'", '"'}:
        return "string"
    if text in {"true", "false"}:
        return "bool"
    if text == "null":
        return "null"
    return "number" if re.fullmatch(r"-?\d+", text) else "double" if re.fullmatch(r"-?\d+\.\d+", text) else "other"
