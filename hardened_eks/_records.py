"""Data classes whose methods are written when somebody first asks for them.

`dataclasses` compiles up to six methods for each class while its module is imported. For the modules behind `Checks`,
that was a fifth of its CPU, and most of those methods are called never or a few times. `dataclass` here takes the
arguments below and makes the same class; a type checker sees the one of the standard library.
"""

from __future__ import annotations

import dataclasses
from functools import cached_property, partial
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from dataclasses import Field, dataclass
else:

    def dataclass(
        cls: type | None = None,
        /,
        *,
        frozen: bool = False,
        slots: bool = False,
        eq: bool = True,
        kw_only: bool = False,
    ) -> Any:
        """Do what `dataclasses.dataclass` does."""

        def make(cls: type) -> type:
            written = vars(cls).get("__annotations__", {})
            cls.__annotations__ = {name: _unless_special(kind) for name, kind in written.items()}
            made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
            made.__annotations__ = written
            for name, one in made.__dataclass_fields__.items():
                one.type = written.get(name, one.type)
            added = {"__init__": _Init(made, frozen=frozen), **dict(_methods(made, frozen=frozen, slots=slots, eq=eq))}
            for name, method in added.items():
                if name not in vars(cls):
                    setattr(made, name, method)
            return made

        return make if cls is None else make(cls)


__all__ = ["dataclass"]

_FEW: Final = 50
"""The number of instances of a class that are filled before its ``__init__`` is compiled."""
_ABSENT: Final = object()
"""The default of an argument whose default a factory makes."""


def _unless_special(kind: Any) -> Any:
    """Return a type for `dataclasses`, which searches a string for three names, each with a regular expression."""
    special = not isinstance(kind, str) or "ClassVar" in kind or "InitVar" in kind or "KW_ONLY" in kind
    return kind if special else object


class _Init:
    """The ``__init__`` of a class until it has a number of instances.

    To compile the method takes as long as to fill 100 instances without it, and most classes of a run have fewer.
    """

    def __init__(self, of: type, *, frozen: bool) -> None:
        self._of = of
        self._frozen = frozen
        self._left = _FEW

    def __get__(self, instance: object | None, owner: type) -> Any:
        """Return a function that fills `instance`, or write the method into its class and return it."""
        if self._left and isinstance(instance, self._of):  # `inspect.signature` asks for the method of the class itself
            self._left -= 1
            return partial(self._fill, instance)
        written = self._written()
        return written if instance is None else written.__get__(instance, owner)

    def _written(self) -> Any:
        written = _init(self._of, frozen=self._frozen)
        self._of.__init__ = written  # type: ignore[misc]
        return written

    def _fill(self, made: object, /, *several: object, **named: object) -> None:
        fields, names, allowed, needed = self._arguments
        values = {**dict(zip(names, several, strict=False)), **named}
        if len(values) < len(several) + len(named) or not needed <= values.keys() <= allowed:
            self._written()(made, *several, **named)  # the same error
            return
        put = object.__setattr__ if self._frozen else setattr
        for one in fields:
            if one.name in values:
                value = values[one.name]
            elif one.default_factory is not dataclasses.MISSING:
                value = one.default_factory()
            else:
                value = one.default
            put(made, one.name, value)
        if hasattr(made, "__post_init__"):
            made.__post_init__()

    @cached_property
    def _arguments(self) -> tuple[tuple[Field[Any], ...], list[str], frozenset[str], frozenset[str]]:
        """The fields, the names of arguments by position, of all arguments, and of those without a default."""
        fields = dataclasses.fields(self._of)
        given = [one for one in fields if one.init]
        needed = [one.name for one in given if one.default is one.default_factory is dataclasses.MISSING]
        names = [one.name for one in given if one.kw_only is not True]
        return fields, names, frozenset(one.name for one in given), frozenset(needed)


def _init(cls: type, *, frozen: bool) -> Any:
    """Return the ``__init__`` that `dataclasses` writes."""
    scope: dict[str, Any] = {"__put__": object.__setattr__, "__absent__": _ABSENT}
    arguments: dict[bool, list[str]] = {False: ["self"], True: []}
    body = ["pass"]
    for one in dataclasses.fields(cls):
        name, value = one.name, one.name
        if one.default is not dataclasses.MISSING:
            scope[f"__default_{name}"] = one.default
        elif one.default_factory is not dataclasses.MISSING:
            scope[f"__new_{name}"], scope[f"__default_{name}"] = one.default_factory, _ABSENT
            value = f"(__new_{name}() if {name} is __absent__ else {name})"
        if one.init:
            default = f"=__default_{name}" if f"__default_{name}" in scope else ""
            arguments[one.kw_only is True].append(f"{name}{default}")
        else:
            value = f"__new_{name}()" if f"__new_{name}" in scope else f"__default_{name}"
        body.append(f"__put__(self, '{name}', {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    several = [*arguments[False], *(["*", *arguments[True]] if arguments[True] else [])]
    exec(f"def __init__({', '.join(several)}):\n " + "\n ".join(body), scope)  # noqa: S102 - the names of fields alone
    written = scope["__init__"]
    written.__qualname__, written.__module__ = f"{cls.__qualname__}.__init__", cls.__module__
    written.__annotations__ = {**{one.name: one.type for one in dataclasses.fields(cls) if one.init}, "return": None}
    return written


def _methods(cls: type, *, frozen: bool, slots: bool, eq: bool) -> Iterator[tuple[str, Any]]:
    """Yield the other methods by name; they are the same for all classes and need no compiler."""
    fields = dataclasses.fields(cls)
    yield "__repr__", _repr([one.name for one in fields if one.repr])
    if eq:
        compared = _values([one for one in fields if one.compare])
        yield "__eq__", _eq(compared)
        hashed = _values([one for one in fields if (one.compare if one.hash is None else one.hash)])
        yield "__hash__", (lambda self: hash(hashed(self))) if frozen else None
    if frozen:
        yield from _frozen(cls, frozenset(one.name for one in fields))
    if frozen and slots:
        whole = _values(fields)
        yield "__getstate__", lambda self: list(whole(self))
        yield "__setstate__", _setstate([one.name for one in fields])


def _values(fields: Iterator[Field[Any]] | Any) -> Callable[[object], tuple[Any, ...]]:
    names = [one.name for one in fields]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)


def _repr(names: list[str]) -> Any:
    @recursive_repr()
    def shown(self: object) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return shown


def _eq(values: Callable[[object], tuple[Any, ...]]) -> Any:
    def equals(self: object, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return equals


def _setstate(names: list[str]) -> Any:
    def restore(self: object, state: list[Any]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    return restore


def _frozen(cls: type, names: frozenset[str]) -> Iterator[tuple[str, Any]]:
    def refuse_to_set(self: object, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)  # type: ignore[arg-type]

    def refuse_to_delete(self: object, name: str) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)  # type: ignore[arg-type]

    yield "__setattr__", refuse_to_set
    yield "__delattr__", refuse_to_delete
