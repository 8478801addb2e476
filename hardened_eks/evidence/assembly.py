"""All templates of an app, or all resources of an account, indexed once."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from hardened_eks import _clock
from hardened_eks.evidence.graph import Graph
from hardened_eks.evidence.outputs import Outputs
from hardened_eks.evidence.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from hardened_eks.evidence.noting import Note
    from hardened_eks.evidence.resource import Resource, Template
    from hardened_eks.evidence.unknown import Output, Scope

_T = TypeVar("_T")
_UNREAD: Final = "not read: "


class Assembly:
    """All templates of an app, or all resources of an account: what checks look things up in."""

    def __init__(
        self,
        templates: Iterable[Template],
        *,
        previous: Assembly | None = None,
        today: date | None = None,
        complete: Iterable[str] = (),
        regions: Iterable[str] = (),
        hidden: Iterable[str] = (),
    ) -> None:
        """Index `templates` by type, export and name, once.

        Args:
            templates: all of the assembly.
            previous: what is deployed now, for controls that evaluate a change. Default: none, and they evaluate
                nothing.
            today: the day on which dates are evaluated. Default: the current day, UTC.
            complete: the types of which every resource is here, ``"*"`` for all of them: what is not here does not
                exist. Default: none, since another stack may have it.
            regions: for an account, the Regions that were read. Default: none, for templates.
            hidden: for an account, the types of which resources may be missing, for a call was denied or failed.
        """
        self.hidden = frozenset(hidden)
        self._asked: set[str] = set()
        self.complete = frozenset(complete)
        self.regions = tuple(regions)
        self.templates = tuple(templates)
        self.previous = previous
        self.today = today or _clock.today()
        self.opened: list[Note] | None = None
        self._memo: dict[Hashable, Any] = {}
        self._by_type: dict[str, list[Resource]] = defaultdict(list)
        for template in self.templates:
            template.assembly = self
            for resource in template.resources.values():
                self._by_type[resource.type].append(resource)

    def of(self, *types: str) -> list[Resource]:
        """Return the resources of these CloudFormation types, ``"*"`` for all of them."""
        self._note(types)
        if types == ("*",):
            return [resource for resources in self._by_type.values() for resource in resources]
        return [resource for type_ in types for resource in self._by_type.get(type_, ())]

    @property
    def types(self) -> frozenset[str]:
        """The CloudFormation types that occur."""
        return frozenset(self._by_type)

    def target(self, value: Any, *types: str, near: Resource | None = None) -> Resource | None:
        """Return the resource that `value` points at, or None.

        Follows ``Ref``, ``Fn::GetAtt``, ``Fn::Sub`` and ``Fn::Join`` with exactly one resource, ``Fn::ImportValue``,
        ``Fn::GetStackOutput`` and parameters of nested stacks. A plain text is looked up as an id, an ARN or a name, a
        name that the template leaves open among those of the same template whose name is written in the same way.

        Args:
            value: a property, as `Resource.get` returns it.
            types: with them, a resource of another type is None. Default: every type.
            near: the resource that `value` is a property of. A string then means no resource of another account or
                Region, and the nearest where several have the name. Default: the first of all.
        """
        self._note(types)
        return self._graph.target(value, types, near.template if near is not None else None)

    def targets(self, value: Any, *types: str, near: Resource | None = None) -> list[Resource]:
        """Return every resource that `value`, a list or any branch of an ``Fn::If`` may point at, as `target` does."""
        self._note(types)
        return self._targets(value, types, near.template if near is not None else None)

    def _targets(self, value: Any, types: Sequence[str], home: Scope | None, key: str = "") -> list[Resource]:
        values: Iterable[Any] = value if isinstance(value, list) else [value]
        branches = [b for v in values for b in (v.branches if isinstance(v, Unknown) else (v,))]
        return [found for b in branches if (found := self._graph.target(b, types, home, key)) is not None]

    def referring(self, resource: Resource, *types: str) -> Iterator[Resource]:
        """Yield the resources of `types` that mention `resource` anywhere in their properties.

        By an intrinsic function, or by its id, its ARN or, in a property that takes such a name, its name.
        """
        self._note(types or ("*",))
        for type_, users in self._graph.users(resource).items():
            if not types or type_ in types:
                yield from users

    def users(self, resource: Resource) -> Mapping[str, Sequence[Resource]]:
        """Return the resources that mention `resource`, as `referring` finds them, by type."""
        self._note(("*",))
        return self._graph.users(resource)

    def mentions(self, user: Resource, path: str) -> frozenset[Resource]:
        """Return the resources that a property mentions, at any depth, as `referring` finds them."""
        key = ("mentions", path, user)
        return self.once(key, lambda: frozenset(self._graph.mentioned(user.get(path), user.template, _key(path))))

    def pointing(self, path: str, resource: Resource, *types: str) -> Sequence[Resource]:
        """Return the resources of `types` whose property at `path` points, with one of its values, at `resource`."""
        return self.once(("pointing", path, types), lambda: self._pointing(path, types)).get(resource, ())

    def _pointing(self, path: str, types: tuple[str, ...]) -> Mapping[Resource, Sequence[Resource]]:
        found: dict[Resource, list[Resource]] = defaultdict(list)
        for user in self.of(*types):
            for resource in dict.fromkeys(self._targets(user.items(path), (), user.template, _key(path))):
                found[resource].append(user)
        return found

    def release(self) -> None:
        """Forget what was worked out, for an assembly that is evaluated: of many accounts only the evidence is kept."""
        self._memo.clear()
        for name in ("_graph", "_outputs"):
            self.__dict__.pop(name, None)
        for template in self.templates:
            template.memo.clear()
            for resource in template.resources.values():
                resource.__dict__.clear()

    def once(self, key: Hashable, compute: Callable[[], _T]) -> _T:
        """Return `compute()`, worked out once for this assembly: for what several checks, or resources, ask for.

        Args:
            key: names the question, with the asking module first: ``("network", "usage", action)``.
            compute: answers it from the assembly alone.
        """
        if self.regions:
            return self._once_noted(key, compute)
        if key not in self._memo:
            self._memo[key] = compute()
        found: _T = self._memo[key]
        return found

    def _once_noted(self, key: Hashable, compute: Callable[[], _T]) -> _T:
        """Do the same, and note with the answer which types it asked for."""
        if key not in self._memo:
            before, self._asked = self._asked, set()
            try:
                self._memo[key] = compute(), frozenset(self._asked)
            finally:
                self._asked = before
        found, asked = self._memo[key]
        self._asked |= asked
        answer: _T = found
        return answer

    def _note(self, types: Iterable[str]) -> None:
        if self.hidden:
            self._asked.update(types)

    def note_unread(self, why: str) -> None:
        """Note that somebody asked for a property that nobody allowed to read, and why it is not there."""
        self._asked.add(f"{_UNREAD}{why}")

    def asked_hidden(self) -> tuple[list[str], list[str]]:
        """Return the unseen values that were read since the last call, and forget them.

        Returns:
            Types of which resources may be missing; why properties were not read.
        """
        asked, self._asked = self._asked, set()
        types = self.hidden if "*" in asked else asked & self.hidden
        return sorted(types), sorted(one[len(_UNREAD) :] for one in asked if one.startswith(_UNREAD))

    def output(self, function: str, argument: Any, user: Scope) -> Output | None:
        """Return the output that an intrinsic function of the template `user` reads; None where nobody has it.

        Args:
            function: ``Fn::ImportValue``, ``Fn::GetStackOutput``, or ``Fn::GetAtt`` of a nested stack.
            argument: what the function is given.
            user: the template in which it is written.
        """
        return self._outputs.of(function, argument, user)

    @cached_property
    def _outputs(self) -> Outputs:
        return Outputs(self.templates)

    @cached_property
    def _graph(self) -> Graph:
        return Graph([resource for resources in self._by_type.values() for resource in resources])


def _key(path: str) -> str:
    """Return the property that a value at the dotted `path` is written as: Roles for ``Roles.0``."""
    return next((step for step in reversed(path.split(".")) if not step.isdecimal()), "")
