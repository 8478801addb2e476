"""Expressions on a log as CloudWatch Logs Insights queries that match exactly the records of the metric filter.

The queries in runbooks show more records than their detection, for investigations; alarms and counts must not. Source:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex
from hardened_eks.detections.model import MetricFilter, Source

if TYPE_CHECKING:
    from hardened_eks.detections.model import Detection
    from hardened_eks.detections.parameters import Parameters

_LEAF: Final = regex(
    r"""\$\.(?P<field>[\w.\[\]-]+)\s*
    (?: (?P<sign><=|>=|!=|=|<|>)\s*(?: "(?P<text>(?:[^"\\]|\\.)*)" | (?P<number>-?[\d.]+) )
      | (?P<test>NOT\ EXISTS|EXISTS|IS\ TRUE|IS\ FALSE) )
    | (?P<joined>&&|\|\|)""",
    re.VERBOSE,
)
_TERM: Final = regex(r'(-?)"((?:[^"\\]|\\.)*)"')
_ESCAPED: Final = regex(r"\\(.)")
_TESTS: Final = {
    "EXISTS": "ispresent({0})", "NOT EXISTS": "not ispresent({0})", "IS TRUE": "{0} = 1", "IS FALSE": "{0} = 0",
}  # fmt: skip
_UNKNOWN: Final = regex(r"(\$\{Token\[[^\]]*\]\})")
"""A value that is known only at deployment: letters, digits, hyphens, dots and slashes."""
_SPECIAL: Final = regex(r"([\\.^$*+?{}()\[\]|/])")
_STREAMS: Final = {Source.AUDIT_LOG: "kube-apiserver-audit", Source.AUTHENTICATOR_LOG: "authenticator"}
_SHOWN: Final = {
    Source.AUDIT_LOG: "@timestamp, user.username, sourceIPs.0, userAgent, verb, objectRef.namespace, "
    "objectRef.resource, objectRef.name, requestURI, responseStatus.code",
    Source.AUTHENTICATOR_LOG: "@timestamp, @message",
}


def condition(detection: Detection, parameters: Parameters) -> str | None:
    """Return the condition after ``filter`` in a query of the control-plane log, or None if there is none."""
    for expression in detection.expressions:
        if isinstance(expression, MetricFilter) and expression.source in _STREAMS:
            stream = _STREAMS[expression.source]
            return f"@logStream like '{stream}' and ({translated(expression.filled(parameters))})"
    return None


def query(detection: Detection, parameters: Parameters) -> str | None:
    """Return a query of the control-plane log for the records of a detection, or None if it has none there."""
    found = condition(detection, parameters)
    source = next((e.source for e in detection.expressions if e.source in _STREAMS), None)
    return None if found is None or source is None else f"fields {_SHOWN[source]} | filter {found}"


def translated(pattern: str) -> str:
    """Return a metric filter pattern as a Logs Insights condition."""
    if not pattern.startswith("{"):
        terms = (
            f"@message {'not like' if excluded else 'like'} {_quoted(_ESCAPED.sub(lambda found: found[1], term))}"
            for excluded, term in _TERM.findall(pattern)
        )
        return " and ".join(terms)
    return _LEAF.sub(_leaf, pattern.strip("{} "))


def _leaf(found: re.Match[str]) -> str:
    if found["joined"]:
        return "and" if found["joined"] == "&&" else "or"
    field = re.sub(r"\[(\d+)\]", r".\1", found["field"])
    if found["test"]:
        return _TESTS[found["test"]].format(field)
    if found["number"]:
        return f"{field} {found['sign']} {found['number']}"
    text = found["text"]
    if "*" not in text:
        compared = f"{field} {found['sign']} {_quoted(text)}"
    else:
        begins, ends = "" if text.startswith("*") else "^", "" if text.endswith("*") else "$"
        inner = "".join(
            part if _UNKNOWN.fullmatch(part) else _SPECIAL.sub(r"\\\1", part)
            for part in _UNKNOWN.split(text.strip("*"))
        )
        compared = f"{field} {'like' if found['sign'] == '=' else 'not like'} /{begins}{inner}{ends}/"
    # The result of a comparison with a missing field is not documented; in a metric filter it is false, also for "!=".
    return compared if found["sign"] == "=" else f"(ispresent({field}) and {compared})"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
