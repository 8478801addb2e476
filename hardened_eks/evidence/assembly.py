"""All templates of an app, or all resources of an account, indexed once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, TypeVar

from hardened_eks import _clock
from hardened_eks.evidence.graph import Graph
from hardened_eks.evidence.outputs import Outputs
from hardened_eks.evidence.unknown import branches

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from hardened_eks.evidence.noting import Note
    from hardened_eks.evidence.resource import Resource, Template
    from hardened_eks.evidence.unknown import Output, Scope

_T = TypeVar("_T")
_UNREAD: Final = "not read: "


class Assembly:
    """All templates of an app, or all resources of an account, with the look-ups that checks need."""

    templates: tuple[Template, ...]
    """The templates, by name."""
    previous: Assembly | None
    """What is deployed now; None if that is not known."""
    today: date
    """The day for which dates are evaluated."""
    complete: frozenset[str]
    """The types of which every resource is included; ``"*"`` stands for all types."""
    regions: tuple[str, ...]
    """The Regions of an account that were read; empty for templates."""
    hidden: frozenset[str]
    """The types of an account of which resources may be missing."""
    opened: list[Note] | None
    """The recorded reads of values that parameters leave open; None if they are not recorded."""

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
            templates: all templates of the assembly.
            previous: the deployed state, for controls that evaluate a change. Default: none; these controls then
                evaluate nothing.
            today: the date for which dates are evaluated. Default: today, UTC.
            complete: the types of which the assembly has every resource, ``"*"`` for all types. A resource that is
                missing then does not exist. Default: none, because another stack may contain it.
            regions: for an account, the Regions that were read. Default: none, for templates.
            hidden: for an account, the types of which resources may be missing, because a call was denied or failed.
                Default: none.
        """
        self.hidden = frozenset(hidden)
        self._asked: set[str] = set()
        self.complete = frozenset(complete)
        self.regions = tuple(regions)
        # In an order of their own: the order in which a caller names files must change no finding.
        self.templates = tuple(sorted(templates, key=lambda one: (one.name, one.path)))
        self.previous = previous
        self.today = today or _clock.today()
        self.opened: list[Note] | None = None
        self._memo: dict[Hashable, Any] = {}
        self._by_type: dict[str, list[Resource]] = defaultdict(list)
        for template in self.templates:
            template.assembly = self
            for resource in template.resources.values():
                self._by_type[resource.type].append(resource)
        self._connect()

    def _connect(self) -> None:
        """Create the indexes, which read the resources on first use."""
        self._graph = Graph([resource for resources in self._by_type.values() for resource in resources])
        self._outputs = Outputs(self.templates)

    def of(self, *types: str) -> list[Resource]:
        """Return the resources of these CloudFormation types, ``"*"`` for all of them.

        Args:
            *types: CloudFormation types, or only ``"*"`` for every resource.
        """
        if self.hidden:
            self._note(types)
        found: list[Resource] = []
        for type_ in self._by_type if types == ("*",) else types:
            if type_ in self._by_type:
                found += self._by_type[type_]
        return found

    @property
    def types(self) -> frozenset[str]:
        """The CloudFormation types in the assembly."""
        return frozenset(self._by_type)

    def target(self, value: Any, *types: str, near: Resource | None = None) -> Resource | None:
        """Return the resource that `value` points at, or None.

        Follows ``Ref``, ``Fn::GetAtt``, ``Fn::Sub`` and ``Fn::Join`` with exactly one resource, ``Fn::ImportValue``,
        ``Fn::GetStackOutput`` and parameters of nested stacks. A plain string is looked up as an ID, an ARN or a name.
        A name that is not known before deployment matches resources of the same template whose name is written in the
        same way.

        Args:
            value: a property, as `Resource.get` returns it.
            types: the accepted types; for a resource of another type, the result is None. Default: every type.
            near: the resource that has the property `value`. A string then matches no resource of another account or
                Region, and the nearest resource if several have the name. Default: the first match.
        """
        if self.hidden:
            self._note(types)
        return self._graph.target(value, types, near.template if near is not None else None)

    def targets(self, value: Any, *types: str, near: Resource | None = None) -> list[Resource]:
        """Return every resource that `value` may point at, including lists and branches of ``Fn::If``.

        Args:
            value: a property, as `Resource.get` returns it.
            *types: types of the resources. Default: every type.
            near: the resource that `value` is a property of. A string then refers to no resource of another account or
                Region, and to the nearest one if several have the name. Default: none, the first of all.
        """
        if self.hidden:
            self._note(types)
        return self._targets(value, types, near.template if near is not None else None)

    def _targets(self, value: Any, types: tuple[str, ...], home: Scope | None, key: str = "") -> list[Resource]:
        values: Iterable[Any] = value if isinstance(value, list) else [value]
        each = (branch for one in values for branch in branches(one))
        return [found for one in each if (found := self._graph.target(one, types, home, key)) is not None]

    def referring(self, resource: Resource, *types: str) -> Iterator[Resource]:
        """Yield the resources of `types` that mention `resource` anywhere in their properties.

        A mention is an intrinsic function, its ID, its ARN or, in a property that takes such a name, its name.

        Args:
            resource: the resource that is mentioned.
            *types: CloudFormation types; none for every type.
        """
        self._note(types or ("*",))
        for type_, users in self._graph.users(resource).items():
            if not types or type_ in types:
                yield from users

    def users(self, resource: Resource) -> Mapping[str, Sequence[Resource]]:
        """Return the resources that mention `resource`, as `referring` finds them, by type.

        Args:
            resource: the resource that is mentioned.
        """
        self._note(("*",))
        return self._graph.users(resource)

    def mentions(self, user: Resource, path: str) -> frozenset[Resource]:
        """Return the resources that a property mentions, at any depth, as `referring` finds them.

        Args:
            user: the resource with the property.
            path: dotted path of the property, with list items by index: ``Tags.0.Key``.
        """
        key = ("mentions", path, user)
        return self.once(key, lambda: frozenset(self._graph.mentioned(user.get(path), user.template, _key(path))))

    def pointing(self, path: str, resource: Resource, *types: str) -> Sequence[Resource]:
        """Return the resources of `types` of which a value of the property `path` points at `resource`.

        Args:
            path: dotted path of the property, with list items by index: ``Tags.0.Key``.
            resource: the resource that the property refers to.
            *types: CloudFormation types of the results.
        """
        return self.once(("pointing", path, types), lambda: self._pointing(path, types)).get(resource, ())

    def _pointing(self, path: str, types: tuple[str, ...]) -> Mapping[Resource, Sequence[Resource]]:
        found: dict[Resource, list[Resource]] = defaultdict(list)
        for user in self.of(*types):
            for resource in dict.fromkeys(self._targets(user.items(path), (), user.template, _key(path))):
                found[resource].append(user)
        return found

    def release(self) -> None:
        """Drop cached results after an evaluation, so that only the evidence of many accounts is kept."""
        self._memo.clear()
        self._connect()
        for template in self.templates:
            template.memo.clear()
            for resource in template.resources.values():
                resource.__dict__.clear()

    def once(self, key: Hashable, compute: Callable[[], _T]) -> _T:
        """Return the result of `compute()`, computed once for this assembly and shared by checks and resources.

        Args:
            key: the cache key, which starts with the name of the module: ``("network", "usage", action)``.
            compute: a function that depends only on the assembly.
        """
        if self.regions:
            return self._once_noted(key, compute)
        if key not in self._memo:
            self._memo[key] = compute()
        found: _T = self._memo[key]
        return found

    def _once_noted(self, key: Hashable, compute: Callable[[], _T]) -> _T:
        """Do the same, and record the types that the computation read."""
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
        """Record that a property was read that the audit had no permission to read, and the reason.

        Args:
            why: why the property was not read.
        """
        self._asked.add(f"{_UNREAD}{why}")

    def asked_hidden(self) -> tuple[list[str], list[str]]:
        """Return the unseen values that were read since the last call, and reset the record.

        Returns:
            The types of which resources may be missing, and the reasons why properties were not read.
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


def _key(path: str) -> str:
    """Return the property name of a dotted `path`: Roles for ``Roles.0``."""
    return next((step for step in reversed(path.split(".")) if not step.isdecimal()), "")
