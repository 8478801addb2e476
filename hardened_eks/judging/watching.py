"""An assembly that notes what a control looks at, as far as that depends on a choice."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from hardened_eks.evidence import Assembly, Resource, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    from hardened_eks.evidence.noting import Note
    from hardened_eks.judging.choices import Choice, Choices

_T = TypeVar("_T")


class Watched(Assembly):
    """The same assembly. `read` is what the controls asked it for since it was last emptied."""

    def __init__(self, assembly: Assembly, choices: Choices) -> None:
        """Share everything with `assembly` but what is worked out once: who asked for that is noted too."""
        vars(self).update(vars(assembly))
        self._noting = assembly
        """Where resources note what is read of the values that parameters leave open."""
        self._memo = {}
        self._choices = choices
        self.read: dict[Choice, None] = {}
        self.compares = False
        """Whether a control asked for what is deployed now."""
        self._reads: dict[Hashable, dict[Choice, None]] = {}
        self._opened: dict[Hashable, list[Note]] = {}
        self._judged: Resource | None = None

    def start(self, resource: Resource, read: dict[Choice, None]) -> None:
        """Forget what was read: from now on a control evaluates `resource`."""
        self.read, self.compares, self._judged = read, False, resource
        self._noting.opened = []

    def stop(self) -> list[Note]:
        """Return which values that parameters leave open were read since the start."""
        noted, self._noting.opened = self._noting.opened or [], None
        return noted

    @contextmanager
    def _followed(self, *values: Any) -> Iterator[None]:
        """Take no notes, and take those back that are about `values`: they only name other resources."""
        noted, self._noting.opened = self._noting.opened, None
        try:
            yield
        finally:
            if noted:
                names = [id(value.expression) for value in values if isinstance(value, Unknown)]
                noted = [note for note in noted if not any(id(one) in names for one in _ways(note.value.expression))]
            self._noting.opened = noted

    @property
    def previous(self) -> Assembly | None:
        """What is deployed now."""
        self.compares = True
        found: Assembly | None = vars(self)["previous"]
        return found

    @previous.setter
    def previous(self, value: Assembly | None) -> None:  # pragma: no cover - only for the type
        vars(self)["previous"] = value

    def of(self, *types: str) -> list[Resource]:
        """Return the resources of these types."""
        if types != ("*",):
            for type_ in types:
                self.read.update(self._choices.of_type(type_))
        return super().of(*types)

    def target(self, value: Any, *types: str, near: Resource | None = None) -> Resource | None:
        """Return the resource that `value` points at."""
        with self._followed(value):
            found = super().target(value, *types, near=near)
        if found is not None:
            self.read.update(self._choices.around(found))
        return found

    def targets(self, value: Any, *types: str, near: Resource | None = None) -> list[Resource]:
        """Return every resource that `value` may point at."""
        with self._followed(*(value if isinstance(value, list) else (value,))):
            found = super().targets(value, *types, near=near)
        for one in found:
            self.read.update(self._choices.around(one))
        return found

    def mentions(self, user: Resource, path: str) -> frozenset[Resource]:
        """Return the resources that a property mentions."""
        with self._followed():
            found = super().mentions(user, path)
        for one in found:
            self.read.update(self._choices.around(one))
        return found

    def referring(self, resource: Resource, *types: str) -> Iterator[Resource]:
        """Yield the resources of `types` that mention `resource`."""
        with self._followed():
            users = list(super().referring(resource, *types))
        for user in users:  # all, also where the control stops at the first: it may not be created
            self.read.update(self._choices.around(user))
        yield from users

    def pointing(self, path: str, resource: Resource, *types: str) -> Sequence[Resource]:
        """Return the resources of `types` whose property at `path` points at `resource`."""
        with self._followed():
            found = super().pointing(path, resource, *types)
        for one in found:
            self.read.update(self._choices.around(one))
        return found

    def users(self, resource: Resource) -> Mapping[str, Sequence[Resource]]:
        """Return the resources that mention `resource`, by type."""
        with self._followed():
            return super().users(resource)

    def once(self, key: Hashable, compute: Callable[[], _T]) -> _T:
        """Return `compute()`, and note each time what it looked at.

        A result that covers all resources gives no information about a value that another resource leaves open.
        """
        noted = self._noting.opened
        if key not in self._reads:
            outer, self.read = self.read, {}
            self._noting.opened = None if noted is None else []
            try:
                super().once(key, compute)
            finally:
                self._reads[key], self.read = self.read, outer
                self._opened[key], self._noting.opened = self._noting.opened or [], noted
        self.read.update(self._reads[key])
        if noted is not None:
            own = isinstance(key, tuple) and any(isinstance(part, Resource) for part in key)
            noted.extend(note for note in self._opened[key] if own or note.resource is self._judged)
        return super().once(key, compute)


def _ways(expression: Any) -> Iterator[Any]:
    """Yield an expression and, of an ``Fn::If``, the branches."""
    yield expression
    parts = expression.get("Fn::If") if isinstance(expression, dict) else None
    yield from parts[1:] if isinstance(parts, list) else ()
