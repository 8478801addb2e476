"""CloudFormation-shaped resources and the templates they are written in, anyone who wrote them."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.evidence import adapted, intrinsics, left_open, objects
from hardened_eks.evidence.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hardened_eks.evidence.unknown import Surroundings

ABSENT: Final = object()
ARN: Final = "hardened-eks:arn"
"""The key in the metadata of a resource of an account."""
NOT_SEEN: Final = "Fn::NotSeen"
"""In an account, the function behind which a property stands that nobody allowed to read, with the reason."""


def _truth(value: Any) -> Any:
    texts = {"true": True, "false": False}
    return texts.get(value.lower(), value) if isinstance(value, str) else value


class Resource:
    """One resource of a template, or of a live account in the same shape."""

    __slots__ = ("__dict__", "_places", "body", "logical_id", "owner", "template", "type", "written_type")

    def __init__(
        self, template: Template, logical_id: str, type: str, body: Mapping[str, Any], owner: Resource | None = None
    ) -> None:
        """Wrap the resource `logical_id` of `template`; `body` is its entry under ``Resources``.

        `owner` is the resource in whose text a Kubernetes object is written.

        A custom resource of the CDK that creates a cluster or a Fargate profile has the type and the shape of those:
        `written_type` is the type in the template, and `written` leads to the property there.
        """
        self.template = template
        self.logical_id = logical_id
        self.owner = owner
        self.written_type = type
        self.type, self.body, self._places = adapted.adapt(type, body)

    @cached_property
    def properties(self) -> Any:
        """The properties with literal intrinsics folded, ``AWS::NoValue`` dropped, the rest `Unknown`."""
        return left_open.noting(intrinsics.resolve(self.body.get("Properties", {}), self.template), self)

    def get(self, path: str, default: Any = None) -> Any:
        """Return the value at the dotted `path`: a plain value, an `Unknown`, or `default` where nothing is written.

        List items go by index: ``Tags.0.Key``. A step into a value of the wrong shape gives that value's own
        `Unknown`, or `default`, never an exception.
        """
        value: Any = self.properties
        for step in path.split("."):
            if isinstance(value, Unknown):
                self._note(value)
                return value
            if isinstance(value, dict):
                value = value.get(step, ABSENT)
            elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
                value = value[int(step)]
            else:
                value = ABSENT
            if value is ABSENT:
                return default
        if isinstance(value, Unknown):
            self._note(value)
        return default if value is None else value

    def text(self, path: str) -> str:
        """Return a property as text, to compare with what is written elsewhere.

        Where a parameter decides it, this is ``${Parameter}`` and names what the same text names: nobody needs to see
        the value.
        """
        with left_open.unnoted(self.template.assembly):
            return str(self.get(path))

    def _note(self, value: Unknown) -> None:
        """Tell an account that a control asked for what nobody allowed to read."""
        assembly = self.template.assembly
        if assembly is not None and assembly.regions and isinstance(value.expression, dict):
            why = value.expression.get(NOT_SEEN)
            if isinstance(why, str):
                assembly.note_unread(why)

    def flag(self, path: str, *, default: bool | None = None) -> Any:
        """Return a boolean property. CloudFormation also takes the strings "true" and "false"."""
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

    def each(self, path: str) -> Iterator[tuple[str, Any]]:
        """Yield the items of a list property with the path of each; the property's own where no list is written."""
        value = self.get(path, ABSENT)
        if isinstance(value, list):
            yield from ((f"{path}.{index}", item) for index, item in enumerate(value))
        elif value is not ABSENT:
            yield path, value

    @property
    def id(self) -> str:
        """``Stack/LogicalId``, unique in the assembly."""
        return f"{self.template.name}/{self.logical_id}"

    @property
    def physical_id(self) -> str:
        """What ``Ref`` returns once it is deployed, empty where nothing is deployed or known of it."""
        return self.template.physical_ids.get(self.logical_id, "")

    @property
    def arn(self) -> str:
        """The ARN of a resource of an account; empty in a template."""
        metadata = self.body.get("Metadata")
        told = metadata.get(ARN) if isinstance(metadata, dict) else None
        return told if isinstance(told, str) else ""

    def not_seen(self, path: str) -> str:
        """Return why what is at `path` of a resource of an account is not seen; empty where it is."""
        value: Any = self.body.get("Properties")
        for step in path.split("."):
            value = value.get(step) if isinstance(value, dict) else None
            if isinstance(value, dict) and isinstance(value.get(NOT_SEEN), str):
                return str(value[NOT_SEEN])
        return ""

    @property
    def construct_path(self) -> str:
        """The CDK construct path, or ``Stack/LogicalId`` for a template that was not created by the CDK."""
        if self.owner is not None:
            return self.owner.construct_path
        metadata = self.body.get("Metadata")
        path = metadata.get("aws:cdk:path") if isinstance(metadata, dict) else None
        return path if isinstance(path, str) else self.template.construct_paths.get(self.logical_id, self.id)

    @property
    def depends_on(self) -> tuple[str, ...]:
        """Logical ids under ``DependsOn``."""
        value = self.body.get("DependsOn")
        values = value if isinstance(value, list) else [value]
        return tuple(x for x in values if isinstance(x, str))

    def written(self, path: str) -> str:
        """Return the path at which the property at `path` is written; the same but for an adapted custom resource."""
        return ".".join(adapted.written(tuple(path.split(".")), self._places)) if path and self._places else path

    def line(self, path: str = "") -> int | None:
        """Return the 1-based source line of a property, of its nearest written parent, or of the resource."""
        if self.owner is not None:
            return self.owner.line(objects.property_of(self.owner.written_type))
        steps = ("Properties", *self.written(path).split(".")) if path else ()
        return self.template.line(("Resources", self.logical_id, *steps))

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
    """The Region or account of the stack's environment; empty if unknown."""
    parent: tuple[Template, Mapping[str, Any]] | None = None
    """For a nested stack: the parent template and the parameters it passes."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Parameter values that anyone who runs the check fixes: a ``Ref`` to one is known."""
    construct_paths: Mapping[str, str] = field(default_factory=dict)
    """CDK construct path of each logical id, from the cloud assembly."""
    physical_ids: Mapping[str, str] = field(default_factory=dict)
    """The physical id of each logical id, where the stack is deployed and somebody has looked."""
    assembly: Surroundings | None = None
    resources: dict[str, Resource] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    """Logical ids of resources that apply Kubernetes manifests whose text is not known."""
    memo: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)
    """What `intrinsics` has worked out already."""

    def __post_init__(self) -> None:
        entries = self.body.get("Resources")
        if not isinstance(entries, dict):
            return
        for logical_id, body in entries.items():
            if isinstance(body, dict) and isinstance(body.get("Type"), str):
                self.resources[str(logical_id)] = Resource(self, str(logical_id), body["Type"], body)
        for owner in [one for one in self.resources.values() if objects.property_of(one.written_type)]:
            self._take_objects(owner)

    def _take_objects(self, owner: Resource) -> None:
        """Add the Kubernetes objects that a resource writes out."""
        found = objects.written_out(owner.written_type, owner.body.get("Properties"), self)
        if found is None:
            self.unread.add(owner.logical_id)
        for item in found or ():
            name = objects.unused(f"{owner.logical_id}/{objects.name_of(item)}", self.resources)
            type_ = objects.type_of(item)
            self.resources[name] = Resource(self, name, type_, {"Type": type_, "Properties": item}, owner)

    def render(self, expression: Any) -> str:
        """Render an expression of this template: what is known as it is, the rest as ``${LogicalId.Attribute}``."""
        return intrinsics.text(expression, self)

    def branches(self, value: Unknown) -> tuple[Any, ...]:
        """Return the alternatives of an ``Fn::If``, resolved; for anything else the value itself."""
        return intrinsics.branches(value)

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a top-level section, ``{}`` where it is missing or no mapping."""
        value = self.body.get(name)
        return value if isinstance(value, dict) else {}

    def line(self, path: Sequence[str]) -> int | None:
        """Return the line of `path`, or of its nearest parent that is in the source."""
        key = tuple(path)
        while key:
            if key in self.lines:
                return self.lines[key]
            key = key[:-1]
        return None
