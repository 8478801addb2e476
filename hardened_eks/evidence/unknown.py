"""A value that is known only at deployment, and the template that contains it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(slots=True, eq=False)  # not frozen: there are many, and each attribute would take three times as long
class Unknown:
    """The value of an intrinsic function that the template does not determine. It is falsy and equals nothing."""

    expression: Any
    """The intrinsic function as written, for example ``{"Ref": "Key"}``."""
    template: Scope
    """The template that contains it: names in `expression` belong to this template."""
    _text: str | None = field(default=None, init=False, repr=False)

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        """Render the known parts as they are, and the rest as ``${LogicalId.Attribute}``."""
        if self._text is None:
            self._text = self.template.render(self.expression)
        return self._text

    def __repr__(self) -> str:
        return f"<Unknown {self}>"

    @property
    def branches(self) -> tuple[Any, ...]:
        """The resolved branches of an ``Fn::If``; for anything else, the value itself."""
        if isinstance(self.expression, dict) and "Fn::If" in self.expression:
            return self.template.branches(self)
        return (self,)


def branches(value: Any) -> tuple[Any, ...]:
    """Return the alternatives of an ``Fn::If`` (None for ``AWS::NoValue``), else the value alone."""
    return value.branches if isinstance(value, Unknown) else (value,)


def flat(value: Any) -> list[Any]:
    """Return the values of a list, or a value alone, with both branches of each ``Fn::If``, and without None."""
    if isinstance(value, list):
        return [one for item in value for one in flat(item)]
    if isinstance(value, Unknown) and value.branches != (value,):
        return [one for branch in value.branches for one in flat(branch)]
    return [] if value is None else [value]


def is_set(value: Any) -> bool:
    """Return whether a value is set in every deployment: one branch of an ``Fn::If`` may be ``AWS::NoValue``."""
    return value is not None and not (isinstance(value, Unknown) and None in value.branches)


class Output(NamedTuple):
    """An output of a template, for those that read it."""

    home: Scope
    """The template that has it."""
    name: str
    """How it is read, unique in `home`: ``export NAME`` or ``output NAME``."""
    value: Any
    """The value as it is written there."""


class Surroundings(Protocol):
    """The other templates that one template can refer to."""

    @property
    def templates(self) -> Sequence[Any]:
        """All of them."""

    @property
    def regions(self) -> Sequence[str]:
        """The Regions of an account that were read."""

    opened: list[Any] | None
    """The recorded reads of values that parameters leave open; None if they are not recorded."""

    def note_unread(self, why: str) -> None:
        """Record that a property without read permission was read."""

    def output(self, function: str, argument: Any, user: Scope) -> Output | None:
        """Return the output that an intrinsic function of the template `user` reads."""


class Scope(Protocol):
    """A template, as its intrinsic functions see it."""

    name: str
    path: str
    account: str
    region: str
    memo: dict[tuple[str, str], Any]

    @property
    def resources(self) -> Mapping[str, Any]:
        """The resources by logical id."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Parameter values that the user of the check sets."""

    @property
    def parent(self) -> tuple[Scope, Mapping[str, Any]] | None:
        """For a nested stack: the parent template and the parameters it passes."""

    @property
    def assembly(self) -> Surroundings | None:
        """The templates around this one."""

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a top-level section, or ``{}`` if it is missing or not a mapping."""

    def render(self, expression: Any) -> str:
        """Render an expression of this template as a string."""

    def branches(self, value: Unknown) -> tuple[Any, ...]:
        """Return the branches of an ``Fn::If``."""
