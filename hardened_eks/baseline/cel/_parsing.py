"""Parse the text of an expression to a tree of tuples: ``("call", "size", target, arguments)``."""

from __future__ import annotations

import ast
import re
from typing import Any, Final

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks.baseline.cel._values import CelError

Node = tuple[Any, ...]

_TOKEN: Final = regex(
    r"""\s*(?:
        (?P<text>r?"(?:[^"\\\n]|\\.)*"|r?'(?:[^'\\\n]|\\.)*')
      | (?P<number>\d+\.\d+|\d+)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<sign>\|\||&&|==|!=|<=|>=|[-+*/%!<>?:.,()\[\]{}])
    )""",
    re.VERBOSE,
)
_CONSTANTS: Final = {"true": True, "false": False, "null": None}
_RELATIONS: Final = ("==", "!=", "<", "<=", ">", ">=", "in")


def parsed(expression: str) -> Node:
    """Return the tree of an expression.

    Raises:
        CelError: it is not an expression, or uses an unknown part of the language.
    """
    parser = _Parser(expression, _tokens(expression))
    tree = parser.conditional()
    if parser.kind != "end":
        raise parser.unexpected()
    return tree


def _tokens(expression: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    end = len(expression.rstrip())
    while at < end:
        match = _TOKEN.match(expression, at)
        if match is None:
            raise CelError(f"not understood from {expression[at : at + 20]!r} on")
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        at = match.end()
    return [*found, ("end", "")]


@dataclass(slots=True)
class _Parser:
    expression: str
    tokens: list[tuple[str, str]]
    at: int = 0

    @property
    def kind(self) -> str:
        return self.tokens[self.at][0]

    @property
    def text(self) -> str:
        return self.tokens[self.at][1]

    def unexpected(self) -> CelError:
        return CelError(f"unexpected {self.text or 'end'!r} in {self.expression!r}")

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][1]

    def skip(self, sign: str) -> bool:
        """Skip a sign, or the word ``in``, if it is next, and return whether it was."""
        kind, text = self.tokens[self.at]
        is_next = text == sign and kind in {"sign", "name"}
        self.at += is_next
        return is_next

    def need(self, sign: str) -> None:
        if not self.skip(sign):
            raise self.unexpected()

    def conditional(self) -> Node:
        condition = self.either()
        if not self.skip("?"):
            return condition
        yes = self.either()
        self.need(":")
        return ("if", condition, yes, self.conditional())

    def either(self) -> Node:
        left = self.together()
        while self.skip("||"):
            left = ("or", left, self.together())
        return left

    def together(self) -> Node:
        left = self.relation()
        while self.skip("&&"):
            left = ("and", left, self.relation())
        return left

    def relation(self) -> Node:
        left = self.sum()
        while self.kind in {"sign", "name"} and self.text in _RELATIONS:
            left = ("binary", self.take(), left, self.sum())
        return left

    def sum(self) -> Node:
        left = self.product()
        while self.kind == "sign" and self.text in {"+", "-"}:
            left = ("binary", self.take(), left, self.product())
        return left

    def product(self) -> Node:
        left = self.unary()
        while self.kind == "sign" and self.text in {"*", "/", "%"}:
            left = ("binary", self.take(), left, self.unary())
        return left

    def unary(self) -> Node:
        kind, text = self.tokens[self.at]
        if kind == "sign" and text in {"!", "-"}:
            return ("unary", self.take(), self.unary())
        return self.member()

    def member(self) -> Node:
        node = self.primary()
        while self.kind == "sign":
            if self.skip("."):
                if self.kind != "name":
                    raise self.unexpected()
                name = self.take()
                node = ("call", name, node, self.list_until(")")) if self.skip("(") else ("field", node, name)
            elif self.skip("["):
                node = ("index", node, self.conditional())
                self.need("]")
            else:
                break
        return node

    def primary(self) -> Node:
        kind = self.kind
        if kind == "text":
            return ("constant", _text(self.take()))
        if kind == "number":
            written = self.take()
            return ("constant", float(written) if "." in written else int(written))
        if kind == "name":
            name = self.take()
            if name in _CONSTANTS:
                return ("constant", _CONSTANTS[name])
            return ("call", name, None, self.list_until(")")) if self.skip("(") else ("name", name)
        if self.skip("("):
            node = self.conditional()
            self.need(")")
            return node
        if self.skip("["):
            return ("list", self.list_until("]"))
        if self.skip("{"):
            return ("map", self.entries())
        raise self.unexpected()

    def list_until(self, end: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self.skip(end):
            items.append(self.conditional())
            if not self.skip(","):
                self.need(end)
                break
        return tuple(items)

    def entries(self) -> tuple[tuple[Node, Node], ...]:
        items: list[tuple[Node, Node]] = []
        while not self.skip("}"):
            key = self.conditional()
            self.need(":")
            items.append((key, self.conditional()))
            if not self.skip(","):
                self.need("}")
                break
        return tuple(items)


def _text(written: str) -> str:
    try:
        value = ast.literal_eval(written)
    except (SyntaxError, ValueError):
        raise CelError(f"not a string: {written}") from None
    return str(value)
