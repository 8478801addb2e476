"""A value that is only known at deployment, and the template it is written in."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, Protocol

from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(slots=True, eq=False)  # not frozen: there are many, and each attribute would take three times as long
class Unknown:
    """A value behind an intrinsic function that the template alone does not determine. Falsy, equal to nothing."""

    expression: Any
    """The intrinsic as written, for example ``{"Ref": "Key"}``."""
    template: Scope
    """Where it was written: names in `expression` belong to this template."""
    _text: str | None = field(default=None, init=False, repr=False)

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        """Render what is known, the rest as ``${LogicalId.Attribute}``: ``arn:${AWS::Partition}:iam::aws:policy/X``."""
        if self._text is None:
            self._text = self.template.render(self.expression)
        return self._text

    def __repr__(self) -> str:
        return f"<Unknown {self}>"

    @property
    def branches(self) -> tuple[Any, ...]:
        """The alternatives of an ``Fn::If``, resolved; for anything else the value itself."""
        if isinstance(self.expression, dict) and "Fn::If" in self.expression:
            return self.template.branches(self)
        return (self,)


class Surroundings(Protocol):
    """The templates around one."""

    @property
    def templates(self) -> Sequence[Any]:
        """All of them."""

    @property
    def regions(self) -> Sequence[str]:
        """The Regions of an account that were read."""

    opened: list[Any] | None
    """What was read of the values that parameters leave open; None where nobody asks."""

    def note_unread(self, why: str) -> None:
        """Note that somebody asked for a property that nobody allowed to read."""

    def export(self, name: Any, user: Scope) -> tuple[Scope, str, Any] | None:
        """Return who exports `name` to `user`, the name as text, and the exported value."""


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
        """Parameter values that anyone who runs the check fixes."""

    @property
    def parent(self) -> tuple[Scope, Mapping[str, Any]] | None:
        """For a nested stack: the parent template and the parameters it passes."""

    @property
    def assembly(self) -> Surroundings | None:
        """The templates around this one."""

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a top-level section, ``{}`` where it is missing or no mapping."""

    def render(self, expression: Any) -> str:
        """Render an expression of this template as a string."""

    def branches(self, value: Unknown) -> tuple[Any, ...]:
        """Return the alternatives of an ``Fn::If``."""
