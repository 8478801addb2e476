"""The language of Logs Insights, as far as the stand-in `insights` knows it: tokens and conditions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import Any

Row = dict[str, Any]
Test = Callable[[Row], bool]
_TOKEN = re.compile(
    r"""\s*(?: (?P<regex>/(?:[^/\\]|\\.)*/i?) | "(?P<double>(?:[^"\\]|\\.)*)" | '(?P<single>(?:[^'\\]|\\.)*)'
    | `(?P<quoted>[^`]+)` | (?P<number>-?\d+(?:\.\d+)?(?![\w.])) | (?P<sign>!=|<=|>=|=~|[=<>()\[\],|*])
    | (?P<word>[@\w][\w.@-]*) )""",
    re.VERBOSE,
)


class MalformedQueryError(ValueError):
    """Logs Insights, or this stand-in, does not take the query."""


class Tokens:
    """The tokens of one command."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        """Keep them, first to last."""
        self._tokens = tokens

    def peek(self) -> tuple[str, str]:
        """Return the next one, or two empty texts."""
        return self._tokens[0] if self._tokens else ("", "")

    def accept(self, text: str) -> bool:
        """Take the next one if it is this word, in any case, or this sign."""
        kind, found = self.peek()
        right = kind in {"word", "sign"} and found.lower() == text
        if right:
            self._tokens = self._tokens[1:]
        return right

    def expect(self, text: str) -> None:
        """Take this word or sign."""
        if not self.accept(text):
            raise MalformedQueryError(f"{text!r} is needed before {self._rest()!r}")

    def take(self, *kinds: str) -> str:
        """Take the next one, of one of these kinds."""
        kind, found = self.peek()
        if kind not in kinds:
            raise MalformedQueryError(f"{' or '.join(kinds)} is needed before {self._rest()!r}")
        self._tokens = self._tokens[1:]
        return found

    def word(self) -> str:
        """Take a word."""
        return self.take("word")

    def name(self) -> str:
        """Take the name of a field."""
        return self.take("word", "quoted")

    def end(self) -> None:
        """Nothing may be left."""
        if self._tokens:
            raise MalformedQueryError(f"this stand-in cannot read {self._rest()!r}")

    def _rest(self) -> str:
        return " ".join(found for _, found in self._tokens[:6]) or "the end"


def tokens_of(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise MalformedQueryError(f"this stand-in cannot read {text[at : at + 40]!r}")
        kind, value, at = found.lastgroup, found[found.lastgroup], found.end()
        yield ("text", re.sub(r"\\(.)", r"\1", value)) if kind in {"double", "single"} else (kind, value)


def commands(tokens: Iterator[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    command: list[tuple[str, str]] = []
    for token in [*tokens, ("sign", "|")]:
        if token == ("sign", "|"):
            if command:
                yield command
            command = []
        else:
            command.append(token)


def read_names(tokens: Tokens, *, bins: bool = False) -> list[str]:
    names = []
    while True:
        name = tokens.name()
        if bins and name == "bin":
            tokens.expect("(")
            name = f"bin({tokens.word() if tokens.peek()[0] == 'word' else tokens.take('number') + tokens.word()})"
            tokens.expect(")")
        names.append(name)
        if not tokens.accept(","):
            return names


def condition(tokens: Tokens) -> Test:
    tests = [_both(tokens)]
    while tokens.accept("or"):
        tests.append(_both(tokens))
    return lambda row: any(test(row) for test in tests)


def _both(tokens: Tokens) -> Test:
    tests = [_one(tokens)]
    while tokens.accept("and"):
        tests.append(_one(tokens))
    return lambda row: all(test(row) for test in tests)


def _one(tokens: Tokens) -> Test:
    if tokens.accept("not"):
        inner = _one(tokens)
        return lambda row: not inner(row)
    if tokens.accept("("):
        inner = condition(tokens)
        tokens.expect(")")
        return inner
    name = tokens.name()
    if tokens.accept("("):
        field = tokens.name()
        argument = tokens.take("text") if tokens.accept(",") else ""
        tokens.expect(")")
        if name != "toMillis":
            return _function(name, field, argument)
        name = f"toMillis({field})"
    return _comparison(name, tokens)


def _function(name: str, field: str, argument: str) -> Test:
    known: dict[str, Test] = {
        "ispresent": lambda row: field in row,
        "isempty": lambda row: row.get(field, "") == "",
        "isblank": lambda row: str(row.get(field, "")).strip() == "",
        "strcontains": lambda row: argument in str(row.get(field, "")),
        "isIpv4InSubnet": lambda row: _within(row.get(field), argument),
    }
    if name not in known:
        raise MalformedQueryError(f"this stand-in does not know the function {name}")
    return known[name]


def _within(value: Any, block: str) -> bool:
    try:
        return IPv4Address(str(value)) in IPv4Network(block)
    except AddressValueError:
        return False


def _comparison(name: str, tokens: Tokens) -> Test:
    wanted = not tokens.accept("not")
    if tokens.accept("in"):
        tokens.expect("[")
        values = [tokens.take("text", "number")]
        while tokens.accept(","):
            values.append(tokens.take("text", "number"))
        tokens.expect("]")
        return lambda row: name in row and any(_equal(row[name], value) for value in values) is wanted
    if tokens.accept("like") or tokens.accept("=~"):
        pattern = _pattern(*tokens.peek())
        tokens.take("text", "regex")
        return lambda row: name in row and (pattern.search(text_of(row[name])) is not None) is wanted
    sign, value = tokens.take("sign"), tokens.take("text", "number", "word")
    value = {"true": "1", "false": "0"}.get(value, value)
    if not wanted or sign not in {"=", "!=", "<", "<=", ">", ">="}:
        raise MalformedQueryError(f"this stand-in does not know the operator {sign}")
    return lambda row: name in row and _holds(row[name], sign, value)


def _pattern(kind: str, text: str) -> re.Pattern[str]:
    if kind == "text":
        return re.compile(re.escape(text))
    body, _, flag = text[1:].rpartition("/")
    return re.compile(body.replace("\\/", "/"), re.IGNORECASE if flag else 0)


def _holds(value: Any, sign: str, wanted: str) -> bool:
    if sign in {"=", "!="}:
        return _equal(value, wanted) is (sign == "=")
    left, right = number_of(value), number_of(wanted)
    if left is None or right is None:
        return False
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]


def _equal(value: Any, wanted: str) -> bool:
    left, right = number_of(value), number_of(wanted)
    return left == right if left is not None and right is not None else str(value) == wanted


def number_of(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def text_of(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
