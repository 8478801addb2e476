"""A stand-in for CloudWatch Logs' evaluation of filter patterns: no emulator has one (all match everything or nothing).

`test_metric_filters.py` holds it against the examples of AWS's page
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html.

Where that page is silent, it goes by what is known of the service: a comparison with an absent field is false, `!=` too;
so is every comparison with an object or an array; a pattern with terms is looked for in the raw line. An asterisk between
other characters is an asterisk: "Ev*ent will only match the actual string Ev*ent", says the guide
(awsdocs/amazon-cloudwatch-logs-user-guide, doc_source/FilterAndPatternSyntax.md), and no page takes that back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(
    r"""\s*(?: (?P<sign>&&|\|\||\(|\)|!=|>=|<=|=|<|>) | (?P<selector>\$[^\s=!<>()&|]+) | (?P<regex>%(?:[^%\\]|\\.)*%)
    | "(?P<quoted>(?:[^"\\]|\\.)*)" | (?P<word>[^\s=!<>()&|"]+) )""",
    re.VERBOSE,
)
_STEP = re.compile(r"\.([A-Za-z0-9_-]+|\*)|\[(\d+|\*)\]|\.?\['([^']+)'\]")
_TERM = re.compile(r'\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|(%(?:[^%\\]|\\.)*%)|([A-Za-z0-9_]+))')
_FIELD = re.compile(r'"[^"]*"|\[[^\]]*\]|\S+')
_REGEX = re.compile(r"[A-Za-z0-9:_#=@/;,\-^$?\[\]{}|\\*+.\s]*")


class InvalidPattern(ValueError):
    """CloudWatch Logs refuses the pattern."""


@dataclass(frozen=True)
class Leaf:
    """One condition of a JSON pattern: selector, operator, operand."""

    selector: str
    operator: str
    operand: str = ""
    quoted: bool = False


@dataclass(frozen=True)
class Node:
    """Conditions joined by && or ||."""

    sign: str
    children: tuple[Any, ...]


def matches(pattern: str, line: str) -> bool:
    """Return whether the filter `pattern` matches the log event `line`."""
    if len(pattern) > 1024:
        raise InvalidPattern(f"{len(pattern)} characters, 1024 are allowed")
    text = pattern.strip()
    if text.startswith("{"):
        tree = parse(text)
        try:
            record = json.loads(line)
        except ValueError:
            return False
        return isinstance(record, dict) and evaluate(tree, record)
    return _delimited(text, line) if text.startswith("[") else _terms(text, line)


def parse(text: str) -> Any:
    """Return the tree of a JSON pattern."""
    if not text.endswith("}"):
        raise InvalidPattern("the brace is not closed")
    tokens = list(_tokens(text[1:-1]))
    if sum(kind == "regex" for kind, _ in tokens) > 2:
        raise InvalidPattern("more than two regular expressions")
    wildcards = [text.count("[*]") + text.count(".*") for kind, text in tokens if kind == "selector"]
    if sum(wildcards) > 3 or max(wildcards, default=0) > 1:
        raise InvalidPattern("more than one wildcard in a selector, or three in a pattern")
    tree, rest = _either(tokens)
    if rest:
        raise InvalidPattern(f"unexpected {rest[0][1]!r}")
    return tree


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise InvalidPattern(f"cannot read {text[at : at + 40]!r}")
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()


def _either(tokens: list[Any]) -> tuple[Any, list[Any]]:
    return _joined("||", lambda rest: _joined("&&", _primary, rest), tokens)


def _joined(sign: str, read: Any, tokens: list[Any]) -> tuple[Any, list[Any]]:
    first, tokens = read(tokens)
    children = [first]
    while tokens and tokens[0] == ("sign", sign):
        child, tokens = read(tokens[1:])
        children.append(child)
    return (children[0] if len(children) == 1 else Node(sign, tuple(children))), tokens


def _primary(tokens: list[Any]) -> tuple[Any, list[Any]]:
    if tokens and tokens[0] == ("sign", "("):
        tree, tokens = _either(tokens[1:])
        if not tokens or tokens[0] != ("sign", ")"):
            raise InvalidPattern("a parenthesis is not closed")
        return tree, tokens[1:]
    if len(tokens) < 3 or tokens[0][0] != "selector" or _STEP.sub("", tokens[0][1]) != "$":
        raise InvalidPattern(f"a selector is needed, got {tokens[:1]}")
    (_, selector), (kind, sign), (operand_kind, operand), *rest = tokens
    if kind == "word":
        if (sign, operand) not in {("IS", "TRUE"), ("IS", "FALSE"), ("IS", "NULL"), ("NOT", "EXISTS")}:
            raise InvalidPattern(f"{sign} {operand} is no condition")
        return Leaf(selector, f"{sign} {operand}"), rest
    if operand_kind not in {"quoted", "regex", "word"} or sign in {"&&", "||", "(", ")"}:
        raise InvalidPattern(f"no value after {selector} {sign}")
    if sign not in {"=", "!="} and (operand_kind != "word" or _number(operand) is None):
        raise InvalidPattern(f"{sign} compares numbers, got {operand}")
    return Leaf(selector, sign, operand, operand_kind == "quoted"), rest


def evaluate(tree: Any, record: Any) -> bool:
    """Return whether the conditions hold for a record."""
    if isinstance(tree, Node):
        return (any if tree.sign == "||" else all)(evaluate(child, record) for child in tree.children)
    values = [record]
    for step in _STEP.findall(tree.selector):
        values = [found for value in values for found in _children(value, *step)]
    if tree.operator == "NOT EXISTS":
        return not values
    if tree.operator.startswith("IS "):
        return any(value is {"TRUE": True, "FALSE": False, "NULL": None}[tree.operator[3:]] for value in values)
    plain = [value for value in values if isinstance(value, str | int | float) and not isinstance(value, bool)]
    return any(_compare(value, tree.operator, tree.operand, quoted=tree.quoted) for value in plain)


def _children(value: Any, name: str, index: str, odd: str) -> list[Any]:
    if "*" in (name, index):
        return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if index:
        return value[int(index) : int(index) + 1] if isinstance(value, list) else []
    key = name or odd
    return [value[key]] if isinstance(value, dict) and key in value else []


def _compare(value: Any, sign: str, operand: str, *, quoted: bool) -> bool:
    number = None if quoted else _number(operand)
    if sign in {"=", "!="}:
        if number is not None and not isinstance(value, str):
            equal = value == number
        elif operand.startswith("%") and not quoted:
            equal = regex(operand).search(str(value)) is not None
        else:
            equal = _like(str(value), re.sub(r"\\(.)", r"\1", operand))
        return equal is (sign == "=")
    left = value if not isinstance(value, str) else _number(value)
    if left is None or number is None:
        return False
    return {"<": left < number, ">": left > number, "<=": left <= number, ">=": left >= number}[sign]


def _like(value: str, text: str) -> bool:
    """Return whether a value is the text, in which ``*`` is a wildcard at the beginning and at the end only."""
    if text.strip("*") == "":
        return "*" in text or value == text
    start, end, inner = text.startswith("*"), text.endswith("*"), text.removeprefix("*").removesuffix("*")
    if start and end:
        return inner in value
    return value.endswith(inner) if start else value.startswith(inner) if end else value == text


def regex(operand: str) -> re.Pattern[str]:
    """Compile ``%...%``, with the characters that CloudWatch Logs takes."""
    if not _REGEX.fullmatch(operand[1:-1]):
        raise InvalidPattern(f"{operand} has characters that are not supported")
    return re.compile(operand[1:-1])


def _number(text: str) -> float | None:
    try:
        return float(text) if re.fullmatch(r"[-+]?[\d.]+([eE][-+]?\d+)?", text) else None
    except ValueError:
        return None


def _terms(text: str, line: str) -> bool:
    """All plain terms are there and no -term; of ?terms one, unless there are plain ones, which make them void."""
    found = {"": [], "-": [], "?": []}
    at = 0
    while text[at:].strip():
        term = _TERM.match(text, at)
        if term is None:
            raise InvalidPattern(f"cannot read the term {text[at : at + 40]!r}; quote it")
        at = term.end()
        sign, quoted, pattern, word = term.groups()
        phrase = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else word
        found[sign].append(regex(pattern).search(line) is not None if pattern else phrase.strip() in line)
    some = not found["?"] or bool(found[""]) or any(found["?"])
    return all(found[""]) and some and not any(found["-"])


def _delimited(text: str, line: str) -> bool:
    """``[ip, ..., status = 4*, bytes > 1000]`` over the fields of a line."""
    names = [part.strip() for part in re.split(r",(?![^%]*%(?:[^%]*%[^%]*%)*[^%]*$)", text.strip("[] "))]
    fields = [field.strip('"[]') for field in _FIELD.findall(line)]
    if "..." in names:
        gap = names.index("...")
        names[gap : gap + 1] = ["_"] * (len(fields) - len(names) + 1)
    if len(names) < len(fields) and re.fullmatch(r"\w+", names[-1]):
        fields[len(names) - 1 :] = [" ".join(fields[len(names) - 1 :])]  # the last, blank one takes the rest
    return len(names) == len(fields) and all(map(_field_holds, names, fields))


def _field_holds(name: str, field: str) -> bool:
    if re.fullmatch(r"\w*", name):
        return True
    either = re.split(r"\s*\|\|\s*(?=\w+\s*[!<>=])", name)
    return any(all(_field_condition(part, field) for part in re.split(r"\s*&&\s*", side)) for side in either)


def _field_condition(condition: str, field: str) -> bool:
    found = re.fullmatch(r'\w+\s*(!=|>=|<=|=|<|>)\s*("?)(.*?)\2', condition.strip())
    if found is None:
        raise InvalidPattern(f"{condition!r} is no condition")
    return _compare(field, found[1], found[3], quoted=bool(found[2]))
