"""Evidence: CloudFormation-shaped resources, whoever wrote them, indexed once.

A value that is only known at deployment is an `Unknown`. It equals no literal, so a check written as
``is not False`` or ``not in ALLOWED`` fails closed without a word about intrinsics.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from hardened_eks import _clock
from hardened_eks.controls import intrinsics, references

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

_T = TypeVar("_T")
ABSENT: Final = object()


@dataclass(slots=True, eq=False)  # not frozen: there are many, and each attribute would take three times as long
class Unknown:
    """A value behind an intrinsic function that the template alone does not determine. Falsy, equal to nothing."""

    expression: Any
    """The intrinsic as written, for example ``{"Ref": "Key"}``."""
    template: Template
    """Where it was written: names in `expression` belong to this template."""
    _text: str | None = field(default=None, init=False, repr=False)

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        """Render what is known, the rest as ``${LogicalId.Attribute}``: ``arn:${AWS::Partition}:iam::aws:policy/X``."""
        if self._text is None:
            self._text = intrinsics.text(self.expression, self.template)
        return self._text

    def __repr__(self) -> str:
        return f"<Unknown {self}>"

    @property
    def branches(self) -> tuple[Any, ...]:
        """The alternatives of an ``Fn::If``, resolved; for anything else the value itself."""
        if isinstance(self.expression, dict) and "Fn::If" in self.expression:
            parts = self.expression["Fn::If"]
            if isinstance(parts, list) and len(parts) == 3:
                return tuple(
                    branch
                    for part in parts[1:]
                    for value in [intrinsics.resolve(part, self.template)]
                    for branch in (value.branches if isinstance(value, Unknown) else (value,))
                )
        return (self,)


def _truth(value: Any) -> Any:
    texts = {"true": True, "false": False}
    return texts.get(value.lower(), value) if isinstance(value, str) else value


class Resource:
    """One resource of a template, or of a live account in the same shape."""

    __slots__ = ("__dict__", "body", "logical_id", "template", "type")

    def __init__(self, template: Template, logical_id: str, type: str, body: Mapping[str, Any]) -> None:
        """Wrap the resource `logical_id` of `template`; `body` is its entry under ``Resources``."""
        self.template = template
        self.logical_id = logical_id
        self.type = type
        self.body = body

    @cached_property
    def properties(self) -> Any:
        """The properties with literal intrinsics folded, ``AWS::NoValue`` dropped, the rest `Unknown`."""
        return intrinsics.resolve(self.body.get("Properties", {}), self.template)

    def get(self, path: str, default: Any = None) -> Any:
        """Return the value at the dotted `path`: a plain value, an `Unknown`, or `default` where nothing is written.

        List items go by index: ``Tags.0.Key``. A step into a value of the wrong shape gives that value's own
        `Unknown`, or `default`, never an exception.
        """
        value: Any = self.properties
        for step in path.split("."):
            if isinstance(value, Unknown):
                return value
            if isinstance(value, dict):
                value = value.get(step, ABSENT)
            elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
                value = value[int(step)]
            else:
                value = ABSENT
            if value is ABSENT:
                return default
        return default if value is None else value

    def flag(self, path: str, *, default: bool | None = None) -> Any:
        """Return a boolean property. CloudFormation also takes the texts "true" and "false"."""
        value = self.get(path, default)
        if isinstance(value, Unknown):
            first, *others = (_truth(branch) for branch in value.branches)
            return first if all(other == first for other in others) else value
        return _truth(value) if isinstance(value, str) else value

    def number(self, path: str, default: float | None = None) -> Any:
        """Return a numeric property. CloudFormation also takes numbers written as text."""
        value = self.get(path, default)
        if isinstance(value, str):
            for kind in (int, float):
                try:
                    return kind(value)
                except ValueError:
                    continue
        return value

    def items(self, path: str) -> list[Any]:
        """Return a list property: ``[]`` where nothing is written, a lone value or `Unknown` as a list of one."""
        value = self.get(path, ABSENT)
        if value is ABSENT:
            return []
        return value if isinstance(value, list) else [value]

    @property
    def id(self) -> str:
        """``Stack/LogicalId``, unique in the assembly."""
        return f"{self.template.name}/{self.logical_id}"

    @property
    def construct_path(self) -> str:
        """The CDK construct path, or ``Stack/LogicalId`` for a template that was not made by the CDK."""
        metadata = self.body.get("Metadata")
        path = metadata.get("aws:cdk:path") if isinstance(metadata, dict) else None
        return path if isinstance(path, str) else self.template.construct_paths.get(self.logical_id, self.id)

    @property
    def depends_on(self) -> tuple[str, ...]:
        """Logical ids under ``DependsOn``."""
        value = self.body.get("DependsOn")
        values = value if isinstance(value, list) else [value]
        return tuple(x for x in values if isinstance(x, str))

    def line(self, path: str = "") -> int | None:
        """Return the 1-based source line of a property, of its nearest written parent, or of the resource."""
        return self.template.line(("Resources", self.logical_id, *(("Properties", *path.split(".")) if path else ())))

    def __repr__(self) -> str:
        return f"<Resource {self.id} {self.type}>"


@dataclass(slots=True, eq=False)
class Template:
    """One CloudFormation template as read, with what surrounds it in the assembly."""

    name: str
    """Stack name, or the file's path for a template outside an assembly."""
    body: Mapping[str, Any]
    path: str = ""
    """The file it came from; empty for a template in memory."""
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    """Source line of each key path."""
    account: str = ""
    region: str = ""
    """Of the stack's environment, empty when not known."""
    parent: tuple[Template, Mapping[str, Any]] | None = None
    """For a nested stack: the parent template and the parameters it passes."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Parameter values that whoever runs the check fixes: a ``Ref`` to one is known."""
    construct_paths: Mapping[str, str] = field(default_factory=dict)
    """CDK construct path of each logical id, from the cloud assembly."""
    assembly: Assembly | None = None
    resources: dict[str, Resource] = field(default_factory=dict)
    memo: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)
    """What `intrinsics` has worked out already."""

    def __post_init__(self) -> None:
        entries = self.body.get("Resources")
        if not isinstance(entries, dict):
            return
        for logical_id, body in entries.items():
            if isinstance(body, dict) and isinstance(body.get("Type"), str):
                self.resources[str(logical_id)] = Resource(self, str(logical_id), body["Type"], body)

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a top-level section, ``{}`` where it is missing or no mapping."""
        value = self.body.get(name)
        return value if isinstance(value, dict) else {}

    def line(self, path: Sequence[str]) -> int | None:
        """Return the line of `path`, or of its nearest parent that stands in the source."""
        key = tuple(path)
        while key:
            if key in self.lines:
                return self.lines[key]
            key = key[:-1]
        return None


class Assembly:
    """All templates of an app, or all resources of an account: what checks look things up in."""

    def __init__(
        self, templates: Iterable[Template], *, previous: Assembly | None = None, today: date | None = None
    ) -> None:
        """Index `templates` by type, export and name, once.

        Args:
            templates: all of the assembly.
            previous: what is deployed now, for controls that judge a change. Default: none, and they judge nothing.
            today: the day on which dates are judged. Default: the current day, UTC.
        """
        self.templates = tuple(templates)
        self.previous = previous
        self.today = today or _clock.today()
        self._memo: dict[Hashable, Any] = {}
        self._by_type: dict[str, list[Resource]] = defaultdict(list)
        for template in self.templates:
            template.assembly = self
            for resource in template.resources.values():
                self._by_type[resource.type].append(resource)

    def of(self, *types: str) -> list[Resource]:
        """Return the resources of these CloudFormation types, ``"*"`` for all of them."""
        if types == ("*",):
            return [resource for resources in self._by_type.values() for resource in resources]
        return [resource for type_ in types for resource in self._by_type.get(type_, ())]

    @property
    def types(self) -> frozenset[str]:
        """The CloudFormation types that occur."""
        return frozenset(self._by_type)

    def target(self, value: Any, *types: str) -> Resource | None:
        """Return the resource that `value` points at, or None.

        Follows ``Ref``, ``Fn::GetAtt``, ``Fn::Sub`` and ``Fn::Join`` with exactly one resource, ``Fn::ImportValue``
        and parameters of nested stacks. A plain text is looked up as a name, ARN or id among `types` (all types when
        none is given), a name that the template leaves open among those of the same template whose name is written in
        the same way. With `types`, a resource of another type is None.
        """
        found = references.target(value.expression, value.template) if isinstance(value, Unknown) else None
        if found is None and isinstance(value, str):
            candidates = self._identifiers.get(value, ())
            found = next((r for r in candidates if not types or r.type in types), None)
        if found is None and types and isinstance(value, Unknown):
            candidates = self._named.get((value.template, str(value)), ())
            found = next((r for r in candidates if r.type in types), None)
        return found if found is None or not types or found.type in types else None

    def targets(self, value: Any, *types: str) -> list[Resource]:
        """Return every resource that `value`, a list or any branch of an ``Fn::If`` may point at."""
        values: Iterable[Any] = value if isinstance(value, list) else [value]
        branches = [b for v in values for b in (v.branches if isinstance(v, Unknown) else (v,))]
        return [found for b in branches if (found := self.target(b, *types)) is not None]

    def referring(self, resource: Resource, *types: str) -> Iterator[Resource]:
        """Yield the resources of `types` that mention `resource` anywhere in their properties."""
        for user in self._users.get(resource, ()):
            if not types or user.type in types:
                yield user

    def pointing(self, path: str, resource: Resource, *types: str) -> Sequence[Resource]:
        """Return the resources of `types` whose property at `path` points, with one of its values, at `resource`."""
        return self.once(("pointing", path, types), lambda: self._pointing(path, types)).get(resource, ())

    def _pointing(self, path: str, types: tuple[str, ...]) -> Mapping[Resource, Sequence[Resource]]:
        found: dict[Resource, list[Resource]] = defaultdict(list)
        for user in self.of(*types):
            for resource in dict.fromkeys(self.targets(user.items(path))):
                found[resource].append(user)
        return found

    def once(self, key: Hashable, compute: Callable[[], _T]) -> _T:
        """Return `compute()`, worked out once for this assembly: for what several checks, or resources, ask for.

        Args:
            key: names the question, with the asking module first: ``("network", "usage", action)``.
            compute: answers it from the assembly alone.
        """
        if key not in self._memo:
            self._memo[key] = compute()
        found: _T = self._memo[key]
        return found

    def export(self, name: Any, user: Template) -> tuple[Template, str, Any] | None:
        """Return who exports `name` to `user`, the name as text, and the exported value; None where nobody does.

        Exports belong to an account and region: with both known, those of another environment are not seen.
        """
        text = intrinsics.text(name, user)
        for template, value in self._exports.get(text, ()):
            elsewhere = any(
                ours and theirs and ours != theirs
                for ours, theirs in ((user.account, template.account), (user.region, template.region))
            )
            if not elsewhere:
                return template, text, value
        return None

    @cached_property
    def _exports(self) -> Mapping[str, list[tuple[Template, Any]]]:
        self.__dict__["_exports"] = {}  # while they are being named, there are none: a name may import
        found: dict[str, list[tuple[Template, Any]]] = defaultdict(list)
        for template in self.templates:
            for output in template.section("Outputs").values():
                if isinstance(output, dict) and isinstance(output.get("Export"), dict):
                    name = intrinsics.text(output["Export"].get("Name"), template)
                    found[name].append((template, output.get("Value")))
        return found

    @cached_property
    def _identifiers(self) -> Mapping[str, list[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for resource in self.of("*"):
            properties = resource.properties if isinstance(resource.properties, dict) else {}
            for key, value in properties.items():
                # What a key encrypts is not the key.
                if isinstance(value, str) and key.endswith(("Name", "Arn", "Id")) and not key.startswith("Kms"):
                    found[value].append(resource)
        return found

    @cached_property
    def _named(self) -> Mapping[tuple[Template, str], list[Resource]]:
        found: dict[tuple[Template, str], list[Resource]] = defaultdict(list)
        for resource in self.of("*"):
            for key, value in resource.properties.items() if isinstance(resource.properties, dict) else ():
                if isinstance(value, Unknown) and str(key).endswith("Name") and "${Fn::" not in str(value):
                    found[value.template, str(value)].append(resource)
        return found

    @cached_property
    def _users(self) -> Mapping[Resource, list[Resource]]:
        found: dict[Resource, list[Resource]] = defaultdict(list)
        for user in self.of("*"):
            for used in dict.fromkeys(references.mentioned(user.body.get("Properties"), user.template)):
                found[used].append(user)
        return found
