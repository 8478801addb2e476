"""Condition operators.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

from tests.iam.patterns import Context, arn_matches, matches, values

Test = Callable[[str, str, Context], bool]


def _number(compare: Callable[[float, float], bool]) -> Test:
    def test(value: str, wanted: str, _: Context) -> bool:
        try:
            return compare(float(value), float(wanted))
        except ValueError:
            return False

    return test


def _moment(text: str) -> datetime:
    if text.lstrip("-").isdigit():
        return datetime.fromtimestamp(int(text), UTC)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _date(compare: Callable[[datetime, datetime], bool]) -> Test:
    def test(value: str, wanted: str, _: Context) -> bool:
        return compare(_moment(value), _moment(wanted))

    return test


def _in_range(value: str, wanted: str, _: Context) -> bool:
    address, network = ip_address(value), ip_network(wanted, strict=False)
    return address.version == network.version and address in network


def _text(*, wildcards: bool = False, case: bool = True) -> Test:
    return lambda value, wanted, context: matches(value, wanted, context, wildcards=wildcards, case=case)


_POSITIVE: Mapping[str, Test] = {
    "stringequals": _text(),
    "stringequalsignorecase": _text(case=False),
    "stringlike": _text(wildcards=True),
    "numericequals": _number(lambda a, b: a == b),
    "numericlessthan": _number(lambda a, b: a < b),
    "numericlessthanequals": _number(lambda a, b: a <= b),
    "numericgreaterthan": _number(lambda a, b: a > b),
    "numericgreaterthanequals": _number(lambda a, b: a >= b),
    "dateequals": _date(lambda a, b: a == b),
    "datelessthan": _date(lambda a, b: a < b),
    "datelessthanequals": _date(lambda a, b: a <= b),
    "dategreaterthan": _date(lambda a, b: a > b),
    "dategreaterthanequals": _date(lambda a, b: a >= b),
    "bool": lambda value, wanted, _: value.lower() == wanted.lower(),
    "binaryequals": lambda value, wanted, _: base64.b64decode(value) == base64.b64decode(wanted),
    "ipaddress": _in_range,
    "arnequals": arn_matches,
    "arnlike": arn_matches,
}
_NEGATIVE: Mapping[str, str] = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}


def holds(condition: Mapping[str, Mapping[str, object]], context: Context) -> bool:
    """Tell whether every operator and key of a condition block is met.

    Raises:
        ValueError: an operator that IAM does not have, which would make the policy invalid.
    """
    return all(
        _met(operator, values(context, key), _texts(wanted), context)
        for operator, keys in condition.items()
        for key, wanted in keys.items()
    )


def _texts(value: object) -> Sequence[str]:
    items = value if isinstance(value, list | tuple) else [value]
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in items]


def _met(operator: str, found: tuple[str, ...] | None, wanted: Sequence[str], context: Context) -> bool:
    name = operator.lower()
    if name == "null":
        return (found is None) == (wanted[0].lower() == "true")
    quantifier, colon, rest = name.partition(":")
    name = rest if colon else name
    lenient = name.endswith("ifexists")
    name = name.removesuffix("ifexists")
    negative = name in _NEGATIVE
    test = _POSITIVE.get(_NEGATIVE.get(name, name))
    if test is None or (colon and quantifier not in {"forallvalues", "foranyvalue"}):
        raise ValueError(f"IAM has no condition operator {operator!r}")

    def one(value: str) -> bool:
        return any(test(value, item, context) for item in wanted) != negative

    if found is None or not found:
        # A key that is missing, or has no value, meets ForAllValues and IfExists, and never ForAnyValue.
        return quantifier == "forallvalues" or lenient or (negative and not colon)
    if quantifier == "forallvalues":
        return all(one(value) for value in found)
    if quantifier == "foranyvalue":
        return any(one(value) for value in found)
    if negative:
        return all(one(value) for value in found)
    return any(one(value) for value in found)
