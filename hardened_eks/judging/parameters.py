"""The parameters of templates, which a deployment sets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence import Template, intrinsics
from hardened_eks.evidence.condition_values import IAM_VARIABLE
from hardened_eks.evidence.expressions import MAX_DEPTH, is_hidden, is_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def origin(template: Any, name: str) -> tuple[Template, str]:
    """Return the parameter behind that of a nested stack: that of the parent if the parent passes it on."""
    seen = 0
    while template.parent is not None and name in template.parent[1] and seen < MAX_DEPTH:
        passed = template.parent[1][name]
        above = passed.get("Ref") if isinstance(passed, dict) and len(passed) == 1 else None
        if not isinstance(above, str):
            break
        template, name, seen = template.parent[0], above, seen + 1
    return template, name


def plain(template: Template, name: str) -> Mapping[str, Any] | None:
    """Return a parameter whose value a deployment sets; None for other parameters and those already set."""
    written = template.section("Parameters").get(name)
    if not isinstance(written, dict) or name in template.parameters:
        return None
    if template.parent is not None and name in template.parent[1]:
        return None
    return None if is_hidden(written) else written


def comparisons(value: Any, template: Template, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield (parameter, literal) for every ``Fn::Equals`` in the conditions of a template."""
    if not isinstance(value, dict | list) or depth > MAX_DEPTH:
        return
    sides = value.get("Fn::Equals") if isinstance(value, dict) else None
    if isinstance(sides, list) and len(sides) == 2:
        for one, other in (sides, reversed(sides)):
            name, known = one.get("Ref") if isinstance(one, dict) else None, intrinsics.resolve(other, template)
            if isinstance(name, str) and isinstance(known, str | bool | int | float):
                yield name, text(known)
        return
    for item in value.values() if isinstance(value, dict) else value:
        yield from comparisons(item, template, depth + 1)


def typed(parameter: Mapping[str, Any], written: Any) -> Any:
    """Return the value of a parameter as ``Ref`` returns it: a string, or a list of strings."""
    value = text(written)
    return [part.strip() for part in value.split(",")] if is_list(parameter) else value


def text(written: Any) -> str:
    """Return a parameter value as a string: true in YAML is "true"."""
    return str(written).lower() if isinstance(written, bool) else str(written)


_PLACEHOLDER: Final = regex(
    r"(?i)|<.*>|\$?[{\[]+[\w\s./-]*[}\]]+|.*(?:placeholder|replace|change.?me|\byour\b|\bexample\b|\bto.?do\b|\btbd\b|fill.?in|x{4,}|\.\.\.).*"
    r"|none|null|n/?a|undefined|unset|default|dummy|-|[a-z]+-0*(?:12345\w*|x+)?"
)


def is_placeholder(written: Any) -> bool:
    """Return whether a default is a placeholder, such as an empty string, ``<vpc id>`` or ``CHANGEME``.

    JSON, policy variables (``${aws:PrincipalArn}``) and filter patterns (``{ $.a = 1 }``) are not.
    """
    value = text(written).strip()
    return _PLACEHOLDER.fullmatch(value) is not None and not _is_json(value) and not IAM_VARIABLE.search(value)


def _is_json(value: str) -> bool:
    """Return whether a string is a JSON object or list with content, such as a policy."""
    try:
        return value[:1] in {"{", "["} and bool(json.loads(value))
    except (ValueError, RecursionError):
        return False


def shown(value: str) -> str:
    """Return the value of a parameter for a message."""
    return value or '""'
