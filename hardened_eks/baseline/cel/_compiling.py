"""Compile a tree to a function of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.baseline.cel import _values as values
from hardened_eks.baseline.cel._functions import FUNCTIONS, METHODS, call_method
from hardened_eks.baseline.cel._values import CelError, kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hardened_eks.baseline.cel._parsing import Node

    Program = Callable[[Mapping[str, Any]], Any]

_BINARY: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "==": values.equal,
    "!=": lambda one, other: not values.equal(one, other),
    "in": values.contains,
    "+": values.added,
    "-": values.subtracted,
    "*": values.product,
    "/": values.quotient,
    "%": values.remainder,
}


def compiled(node: Node) -> Program:
    """Return the program of a tree.

    Raises:
        CelError: it calls an unknown function.
    """
    kind_, *parts = node
    return _KINDS[kind_](*parts)


def _constant(value: Any) -> Program:
    return lambda _: value


def _name(name: str) -> Program:
    return lambda data: values.field(data, name)


def _field(target: Node, name: str) -> Program:
    of = compiled(target)
    return lambda data: values.field(of(data), name)


def _index(target: Node, key: Node) -> Program:
    of, by = compiled(target), compiled(key)
    return lambda data: values.index(of(data), by(data))


def _list(items: tuple[Node, ...]) -> Program:
    programs = [compiled(item) for item in items]
    return lambda data: [program(data) for program in programs]


def _map(entries: tuple[tuple[Node, Node], ...]) -> Program:
    programs = [(compiled(key), compiled(value)) for key, value in entries]
    return lambda data: {key(data): value(data) for key, value in programs}


def _if(condition: Node, yes: Node, no: Node) -> Program:
    test, then, otherwise = compiled(condition), compiled(yes), compiled(no)
    return lambda data: then(data) if _truth(test(data)) else otherwise(data)


def _and(left: Node, right: Node) -> Program:
    programs = _chain("and", left, right)
    return lambda data: not _any(((program, data) for program in programs), wanted=False)


def _or(left: Node, right: Node) -> Program:
    programs = _chain("or", left, right)
    return lambda data: _any(((program, data) for program in programs), wanted=True)


def _chain(sign: str, left: Node, right: Node) -> tuple[Program, ...]:
    """Return the operands of a chain of one operator, ``a && b && c``, whose order decides nothing."""
    before = _chain(*left) if left[0] == sign else (compiled(left),)
    return (*before, compiled(right))


def _unary(sign: str, operand: Node) -> Program:
    of = compiled(operand)
    if sign == "!":
        return lambda data: not _truth(of(data))
    return lambda data: values.subtracted(0, of(data))


def _binary(sign: str, left: Node, right: Node) -> Program:
    one, other = compiled(left), compiled(right)
    function = _BINARY.get(sign)
    if function is None:
        return lambda data: values.compare(sign, one(data), other(data))
    return lambda data: function(one(data), other(data))


def _call(name: str, target: Node | None, arguments: tuple[Node, ...]) -> Program:
    if name == "has" and target is None and len(arguments) == 1 and arguments[0][0] == "field":
        _, of, field = arguments[0]
        program = compiled(of)
        return lambda data: values.has(program(data), field)
    if name in _MACROS and target is not None and len(arguments) == 2 and arguments[0][0] == "name":
        return _MACROS[name](compiled(target), arguments[0][1], compiled(arguments[1]))
    programs = [compiled(argument) for argument in arguments]
    if target is None and name in FUNCTIONS and len(programs) == 1:
        (argument,) = programs
        return lambda data: FUNCTIONS[name](argument(data))
    if target is not None and (name in METHODS or name == "size"):
        of = compiled(target)
        return lambda data: call_method(name, of(data), [program(data) for program in programs])
    raise CelError(f"not known here: {name}() with {len(arguments)} arguments")


def _all(of: Program, name: str, test: Program) -> Program:
    return lambda data: not _any(((test, {**data, name: item}) for item in _items(of(data))), wanted=False)


def _exists(of: Program, name: str, test: Program) -> Program:
    return lambda data: _any(((test, {**data, name: item}) for item in _items(of(data))), wanted=True)


def _filter(of: Program, name: str, test: Program) -> Program:
    return lambda data: [item for item in _items(of(data)) if _truth(test({**data, name: item}))]


def _mapped(of: Program, name: str, program: Program) -> Program:
    return lambda data: [program({**data, name: item}) for item in _items(of(data))]


def _items(value: Any) -> list[Any]:
    if kind(value) not in {"list", "map"}:
        raise CelError(f"no such overload: a loop over {kind(value)}")
    return list(value)


def _any(questions: Any, *, wanted: bool) -> bool:
    """Return whether one of the answers is `wanted`. An error counts only if no answer is."""
    error: CelError | None = None
    for program, data in questions:
        try:
            if _truth(program(data)) is wanted:
                return True
        except CelError as found:
            error = error or found
    if error is not None:
        raise error
    return False


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise CelError(f"no such overload: {kind(value)} where a bool is needed")
    return value


_MACROS: Final[dict[str, Callable[[Program, str, Program], Program]]] = {
    "all": _all,
    "exists": _exists,
    "filter": _filter,
    "map": _mapped,
}
_KINDS: Final[dict[str, Callable[..., Program]]] = {
    "and": _and,
    "binary": _binary,
    "call": _call,
    "constant": _constant,
    "field": _field,
    "if": _if,
    "index": _index,
    "list": _list,
    "map": _map,
    "name": _name,
    "or": _or,
    "unary": _unary,
}
