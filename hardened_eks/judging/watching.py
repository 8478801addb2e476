"""An assembly that notes what a control looks at, as far as that depends on a choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from hardened_eks.evidence import Assembly

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from hardened_eks.evidence import Resource
    from hardened_eks.judging.choices import Choice, Choices

_T = TypeVar("_T")


class Watched(Assembly):
    """The same assembly. `read` is what the controls asked it for since it was last emptied."""

    def __init__(self, assembly: Assembly, choices: Choices) -> None:
        """Share everything with `assembly` but what is worked out once: who asked for that is noted too."""
        vars(self).update(vars(assembly))
        self._memo = {}
        self._choices = choices
        self.read: dict[Choice, None] = {}
        self.compares = False
        """Whether a control asked for what is deployed now."""
        self._reads: dict[Hashable, dict[Choice, None]] = {}

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
        found = super().target(value, *types, near=near)
        if found is not None:
            self.read.update(self._choices.around(found))
        return found

    def targets(self, value: Any, *types: str, near: Resource | None = None) -> list[Resource]:
        """Return every resource that `value` may point at."""
        found = super().targets(value, *types, near=near)
        for one in found:
            self.read.update(self._choices.around(one))
        return found

    def mentions(self, user: Resource, path: str) -> frozenset[Resource]:
        """Return the resources that a property mentions."""
        found = super().mentions(user, path)
        for one in found:
            self.read.update(self._choices.around(one))
        return found

    def referring(self, resource: Resource, *types: str) -> Iterator[Resource]:
        """Yield the resources of `types` that mention `resource`."""
        users = list(super().referring(resource, *types))
        for user in users:  # all, also where the control stops at the first: it may not be created
            self.read.update(self._choices.around(user))
        yield from users

    def pointing(self, path: str, resource: Resource, *types: str) -> Sequence[Resource]:
        """Return the resources of `types` whose property at `path` points at `resource`."""
        found = super().pointing(path, resource, *types)
        for one in found:
            self.read.update(self._choices.around(one))
        return found

    def once(self, key: Hashable, compute: Callable[[], _T]) -> _T:
        """Return `compute()`, and note each time what it looked at."""
        if key not in self._reads:
            outer, self.read = self.read, {}
            try:
                super().once(key, compute)
            finally:
                self._reads[key], self.read = self.read, outer
        self.read.update(self._reads[key])
        return super().once(key, compute)
