"""The records that a metric filter of CloudWatch Logs matches, for the filters that name one call of CloudTrail.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TERM: Final = regex(r"""\(*\s*\$\.([\w.]+)\s*(=|!=)\s*(?:"([^"]*)"|'([^']*)'|([^\s()"']+))\s*\)*""")


def filter_mismatch(pattern: str, record: Mapping[str, Any], arns: Sequence[str]) -> str:
    """Return the term for which a filter does not match a record; empty if it matches.

    Supports ``{ $.a = "x" && $.b != "y" || ... }``. Any other term, and an ``||`` in parentheses, counts as not
    matching.

    Args:
        pattern: the rendered pattern of the filter.
        record: the record.
        arns: the possible forms of the role ARN, which is the last ARN in the record.
    """
    inner = pattern.strip()
    if not (inner.startswith("{") and inner.endswith("}")):
        return inner or "nothing"
    before = [inner[: match.start()] for match in re.finditer(r"\|\|", inner)]
    if any(text.count("(") != text.count(")") for text in before):
        return "an || in parentheses"
    options = [
        next((term.strip() for term in option.split("&&") if not _holds(term, record, arns)), "")
        for option in inner[1:-1].split("||")
    ]
    return "" if "" in options else options[0]


def counts(value: Any) -> bool:
    """Return whether the value of a metric filter grows with the events; true for a value that is not known."""
    try:
        return float(value) >= 1
    except (TypeError, ValueError):
        return True


def _holds(term: str, record: Mapping[str, Any], arns: Sequence[str]) -> bool:
    match = _TERM.fullmatch(term.strip())
    if match is None:
        return False
    wanted = next(group for group in match.groups()[2:] if group is not None)
    for arn in arns:
        wanted = arns[-1] if wanted == arn else wanted
    value: Any = record
    for step in match[1].split("."):
        value = value.get(step) if isinstance(value, dict) else None
    given = str(value).lower() if isinstance(value, bool) else value
    expression = ".*".join(map(re.escape, wanted.split("*")))
    equal = isinstance(given, str) and re.fullmatch(expression, given) is not None
    return equal if match[2] == "=" else isinstance(given, str) and not equal
