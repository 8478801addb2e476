"""CloudFormation's intrinsic functions, folded where they are literal."""

from __future__ import annotations

import base64
import ipaddress
import itertools
from typing import TYPE_CHECKING, Any, Final, TypeVar

from hardened_eks.evidence.expressions import (
    DYNAMIC,
    LONGEST,
    MAX_DEPTH,
    OUTPUTS,
    VARIABLE,
    as_compared,
    as_json,
    equal,
    hides,
    is_hidden,
    is_intrinsic,
    is_list,
    is_stored,
    key_of,
    may_be_an_output,
    named,
    output_of,
)
from hardened_eks.evidence.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from hardened_eks.evidence.unknown import Scope

_T = TypeVar("_T")
_DROPPED: Final = object()
_TAKEN_APART: Final = 16
"""The depth up to which joined lists are read as items. That resolves the items again, so each list in a list takes
twice as long."""


def resolve(value: Any, template: Scope, depth: int = 0) -> Any:
    """Return `value` with literal intrinsics folded, ``AWS::NoValue`` dropped and the rest as `Unknown`."""
    folded = _resolve(value, template, depth)
    if isinstance(folded, dict) and len(folded) == 1 and is_intrinsic(folded):
        return Unknown(folded, template)
    return None if folded is _DROPPED else folded


def _resolve(value: Any, template: Scope, depth: int) -> Any:  # noqa: C901 - all in one frame
    several = isinstance(value, list)
    if not several and not isinstance(value, dict):
        return Unknown(value, template) if isinstance(value, str) and DYNAMIC in value else value
    if depth > MAX_DEPTH:
        return Unknown(value, template)
    if several:
        items = [
            item if isinstance(item, str) and DYNAMIC not in item else _resolve(item, template, depth + 1)
            for item in value
        ]
        return [item for item in items if item is not _DROPPED]
    if len(value) == 1:
        ((function, argument),) = value.items()
        if function == "Ref" and isinstance(argument, str) and argument in template.resources:
            return Unknown(value, template)
        if function == "Fn::GetAtt" and not may_be_an_output(argument):
            return Unknown(value, template)
        if is_intrinsic(value):
            folded = fold(value, template, depth)
            return Unknown(value, template) if isinstance(folded, str) and DYNAMIC in folded else folded
    if "Fn::Transform" in value:  # what the macro makes of the keys beside it is known to CloudFormation alone
        return Unknown(value, template)
    entries = {}
    for key, item in value.items():
        if isinstance(item, str) and DYNAMIC not in item:
            entries[key] = item
        elif (resolved := _resolve(item, template, depth + 1)) is not _DROPPED:
            entries[key] = resolved
    return entries


def once(template: Scope, key: tuple[str, str], compute: Callable[[], _T], busy: _T) -> _T:
    """Return `compute()`, remembered under `key` of `template`; `busy` when it is asked for while it computes.

    Exports, parameters and conditions refer to each other by name. Without this, a loop would not end and a chain in
    which each names the next twice would take forever.
    """
    memo: dict[tuple[str, str], Any] = template.memo
    if key not in memo:
        memo[key] = busy
        memo[key] = compute()
    found: _T = memo[key]
    return found


def fold(value: dict[str, Any], template: Scope, depth: int) -> Any:  # noqa: C901, PLR0912 - one branch a function
    """Return the value of one intrinsic function, or an `Unknown` if literals alone do not decide it."""
    unknown = Unknown(value, template)
    if depth > MAX_DEPTH:
        return unknown
    ((function, argument),) = value.items()
    if function == "Ref":
        if argument == "AWS::NoValue":
            return _DROPPED
        if argument == "AWS::Region" and template.region:
            return template.region
        if argument == "AWS::AccountId" and template.account:
            return template.account
        return _parameter(argument, template, unknown, depth)
    if function in OUTPUTS:
        read = output_of(function, argument, template)
        if read is None:
            return unknown
        return once(read.home, ("value", read.name), lambda: _resolve(read.value, read.home, depth + 1), unknown)
    if function == "Fn::Sub":
        substituted = _substitute(argument, template, depth)
        return unknown if substituted is None else substituted
    if function == "Fn::Join" and isinstance(argument, list) and len(argument) == 2:
        parts = _joined(argument[1], template, depth + 1)
        if isinstance(argument[0], str) and parts is not None:
            return argument[0].join(parts)[:LONGEST]
    if function == "Fn::Split" and isinstance(argument, list) and len(argument) == 2:
        items = _items(_resolve(argument[1], template, depth + 1), argument[0], depth + 1)
        if isinstance(items, list):
            return items
    if function == "Fn::Base64":
        plain = _resolve(argument, template, depth + 1)
        if isinstance(plain, str):
            return base64.b64encode(plain.encode("utf-8", "surrogatepass")).decode()
    if function == "Fn::If" and isinstance(argument, list) and len(argument) == 3:
        chosen = condition(argument[0], template, depth + 1)
        if chosen is not None:
            return _resolve(argument[1 if chosen else 2], template, depth + 1)
        branches = [_resolve(branch, template, depth + 1) for branch in argument[1:]]
        if branches[0] == branches[1] and not isinstance(branches[0], Unknown):
            return branches[0]
    if function == "Fn::FindInMap" and isinstance(argument, list) and len(argument) >= 3:
        entry: Any = template.section("Mappings")
        keys = [key_of(_resolve(part, template, depth + 1), argument[0], template) for part in argument[:3]]
        for key in keys:
            entry = entry.get(key) if isinstance(entry, dict) and isinstance(key, str) else None
        if entry is not None:
            return entry
        spare = argument[3] if len(argument) == 4 else None
        if isinstance(spare, dict) and "DefaultValue" in spare and all(isinstance(key, str) for key in keys):
            return _resolve(spare["DefaultValue"], template, depth + 1)
    if function == "Fn::Select" and isinstance(argument, list) and len(argument) == 2:
        index, items = argument
        items = _resolve(items, template, depth + 1)
        if isinstance(items, list) and str(index).isascii() and str(index).isdecimal() and int(index) < len(items):
            return items[int(index)]
    if function == "Fn::ToJsonString":
        made = _resolve(argument, template, depth + 1)
        written = "" if hides(made) else as_json(made)
        return written if 0 < len(written) <= LONGEST else unknown
    if function == "Fn::Cidr" and isinstance(argument, list) and len(argument) == 3:
        blocks = _blocks(argument, template, depth + 1)
        return unknown if blocks is None else blocks
    return unknown


def _joined(parts: Any, template: Scope, depth: int) -> list[str] | None:
    """Return the strings that an ``Fn::Join`` joins; None as soon as one of them is not known."""
    if not isinstance(parts, list) or depth > MAX_DEPTH:
        whole = _resolve(parts, template, depth)
        return whole if isinstance(whole, list) and all(isinstance(part, str) for part in whole) else None
    found: list[str] = []
    for part in parts:
        known = part if isinstance(part, str) and DYNAMIC not in part else _resolve(part, template, depth + 1)
        if isinstance(known, str):
            found.append(known)
        elif known is not _DROPPED:
            return None
    return found


def structure(value: Any) -> Any:
    """Return what ``Fn::ToJsonString`` writes as JSON where that is not wholly known, any other value as it is."""
    if isinstance(value, Unknown) and isinstance(value.expression, dict) and "Fn::ToJsonString" in value.expression:
        return resolve(value.expression["Fn::ToJsonString"], value.template)
    return value


def _blocks(argument: list[Any], template: Scope, depth: int) -> list[str] | None:
    """Return the blocks of an ``Fn::Cidr`` over a known IPv4 range, or that of a VPC of the template."""
    whole = argument[0]
    attribute = whole.get("Fn::GetAtt") if isinstance(whole, dict) else None
    parts = attribute.split(".", 1) if isinstance(attribute, str) else attribute
    if isinstance(parts, list) and len(parts) == 2 and parts[1] == "CidrBlock":
        vpc = template.section("Resources").get(str(parts[0]))
        properties = vpc.get("Properties") if isinstance(vpc, dict) else None
        whole = properties.get("CidrBlock") if isinstance(properties, dict) else None
    block, count, bits = (_resolve(part, template, depth) for part in (whole, *argument[1:]))
    try:
        network = ipaddress.IPv4Network(block, strict=False)
        found = network.subnets(new_prefix=32 - int(bits))
        return [str(part) for part in itertools.islice(found, min(int(count), 256))]
    except (ValueError, TypeError):
        return None


def _substitute(argument: Any, template: Scope, depth: int) -> str | None:
    """Return the text of an ``Fn::Sub`` whose variables are all known."""
    pattern, variables = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
    if not isinstance(pattern, str) or not isinstance(variables, dict):
        return None
    known: dict[str, str] = {}
    for literal, name in VARIABLE.findall(pattern):
        if not literal and name not in known:
            value = _resolve(variables.get(name, named(name)), template, depth + 1)
            if not isinstance(value, str):
                return None
            known[name] = value
    return VARIABLE.sub(lambda m: f"${{{m[2]}}}" if m[1] else known[m[2]], pattern)[:LONGEST]


def _parameter(name: Any, template: Scope, unknown: Any, depth: int) -> Any:
    """A parameter is known when the user fixes it, its nested-stack parent passes it, or one value is allowed."""
    if not isinstance(name, str) or name in template.section("Resources"):
        return unknown
    if name in template.parameters:
        return template.parameters[name]
    parameter = template.section("Parameters").get(name)
    if template.parent is not None and name in template.parent[1]:
        if is_stored(parameter):
            return unknown  # the parent passes the name of the value
        above, passed = template.parent
        return once(template, ("parameter", name), lambda: _passed(passed[name], above, depth + 1, parameter), unknown)
    if not isinstance(parameter, dict) or is_list(parameter) or is_hidden(parameter):
        return unknown
    allowed = parameter.get("AllowedValues")
    return allowed[0] if isinstance(allowed, list) and len(allowed) == 1 else unknown


def _passed(given: Any, above: Scope, depth: int, parameter: Any) -> Any:
    """Return the value that a parent passes to a parameter of a nested stack: a list arrives as one string."""
    value = _resolve(given, above, depth)
    if not isinstance(parameter, dict) or not is_list(parameter):
        return value
    value = _items(value, ",", depth)
    return [item.strip() if isinstance(item, str) else item for item in value] if isinstance(value, list) else value


def _items(whole: Any, separator: Any, depth: int) -> Any:
    """Return the items of a string, or of an ``Fn::Join`` with the same separator; any other value as it is."""
    if not isinstance(separator, str) or not separator:
        return None
    if isinstance(whole, str):
        return whole.split(separator)
    joined = whole.expression.get("Fn::Join") if isinstance(whole, Unknown) and is_intrinsic(whole.expression) else None
    if not isinstance(joined, list) or len(joined) != 2 or joined[0] != separator or not isinstance(joined[1], list):
        return whole
    if depth > _TAKEN_APART:
        return whole
    found: list[Any] = []
    for item in _resolve(joined[1], whole.template, depth + 1):
        found += item.split(separator) if isinstance(item, str) else [item]
    return found


def condition(name: Any, template: Scope, depth: int = 0) -> bool | None:
    """Return a condition's value where literals alone decide it, else None."""
    if isinstance(name, str):
        written = template.section("Conditions").get(name)
        return once(template, ("condition", name), lambda: _condition(written, template, depth), None)
    return _condition(name, template, depth)


def _condition(expression: Any, template: Scope, depth: int) -> bool | None:
    if depth > MAX_DEPTH or not isinstance(expression, dict) or len(expression) != 1:
        return None
    function, argument = next(iter(expression.items()))
    if function == "Condition":
        return condition(argument, template, depth + 1)
    if not isinstance(argument, list):
        return None
    if function == "Fn::Equals":
        return equal([as_compared(_resolve(side, template, depth + 1)) for side in argument])
    values = [condition(part, template, depth + 1) for part in argument]
    if function == "Fn::Not":
        return None if not values or values[0] is None else not values[0]
    if function == "Fn::And":
        return False if False in values else None if None in values else True
    if function == "Fn::Or":
        return True if True in values else None if None in values else False
    return None


def branches(value: Unknown) -> tuple[Any, ...]:
    """Return the alternatives of an ``Fn::If``, resolved; for anything else the value itself."""
    parts = value.expression.get("Fn::If") if isinstance(value.expression, dict) else None
    if not isinstance(parts, list) or len(parts) != 3:
        return (value,)
    found = (resolve(part, value.template) for part in parts[1:])
    return tuple(branch for one in found for branch in (branches(one) if isinstance(one, Unknown) else (one,)))
