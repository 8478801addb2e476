"""Resources in the shape of CloudFormation, and the templates that contain them, from any source."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.evidence import adapted, intrinsics, noting, objects
from hardened_eks.evidence.expressions import MACRO
from hardened_eks.evidence.leaves import leaves_of
from hardened_eks.evidence.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hardened_eks.evidence.leaves import Leaf
    from hardened_eks.evidence.unknown import Surroundings

ABSENT: Final = object()
ARN: Final = "hardened-eks:arn"
"""The metadata key with the ARN of a resource of an account."""
NOT_SEEN: Final = "Fn::NotSeen"
"""In an account, the function that marks a property without read permission, with the reason."""


def _truth(value: Any) -> Any:
    texts = {"true": True, "false": False}
    return texts.get(value.lower(), value) if isinstance(value, str) else value


def _at(value: Any, steps: list[str]) -> Any:
    """Return the value at a path, or the `Unknown` on the way to it; None if nothing is there."""
    for step in steps:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, Unknown):
            return value
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


class Resource:
    """One resource of a template, or of a live account in the same shape."""

    __slots__ = ("__dict__", "_places", "body", "logical_id", "owner", "template", "type", "written_type")

    template: Template
    """The template of the resource."""
    logical_id: str
    """Logical ID of the resource."""
    owner: Resource | None
    """The resource in whose text a Kubernetes object is written; None for any other."""
    type: str
    """CloudFormation type of the resource."""
    written_type: str
    """The type in the template; differs from `type` for a custom resource of the CDK."""
    body: Mapping[str, Any]
    """The entry under ``Resources``, in the shape of `type`."""

    def __init__(
        self, template: Template, logical_id: str, type: str, body: Mapping[str, Any], owner: Resource | None = None
    ) -> None:
        """Wrap the resource `logical_id` of `template`; `body` is its entry under ``Resources``.

        `owner` is the resource that contains a Kubernetes object.

        A custom resource of the CDK that creates a cluster or a Fargate profile is converted to that type:
        `written_type` is the type in the template, and `written` returns the path there.

        Args:
            template: the template.
            logical_id: logical ID of the resource.
            type: CloudFormation type.
            body: its entry under ``Resources``.
            owner: the resource in whose text a Kubernetes object is written. Default: none.
        """
        self.template = template
        self.logical_id = logical_id
        self.owner = owner
        self.written_type = type
        self.type, self.body, self._places = adapted.adapt(type, body)

    @cached_property
    def properties(self) -> Any:
        """The properties, with literal functions evaluated, ``AWS::NoValue`` removed, and the rest as `Unknown`."""
        written = self.body.get("Properties", {})
        if MACRO in self.body and isinstance(written, dict):  # the macro rewrites what is beside it
            written = {**written, MACRO: self.body[MACRO]}
        return noting.noting(intrinsics.resolve(written, self.template), self)

    @cached_property
    def leaves(self) -> Mapping[str, Sequence[Leaf]]:
        """The strings and unknown values of each property, at any depth; reading them accesses no open value."""
        properties = self.properties
        if type(properties) is dict:  # all of its values are closed
            return {name: leaves_of(value, str(name)) for name, value in properties.items()}
        with noting.unnoted(self.template.assembly):
            named = properties if isinstance(properties, dict) else {"": properties}
            return {name: leaves_of(value, str(name)) for name, value in named.items()}

    def get(self, path: str, default: Any = None) -> Any:
        """Return the value at the dotted `path`: a plain value, an `Unknown`, or `default` if it is not set.

        List items are selected by index: ``Tags.0.Key``. A step into a value of the wrong type returns the `Unknown` of
        that value or `default`, and never raises an exception.

        Args:
            path: dotted path of the property, with list items by index: ``Tags.0.Key``.
            default: the result if nothing is set. Default: None.
        """
        value: Any = self.properties
        if isinstance(value, Unknown):
            noting.read_whole(value, self)
        value = value.get(path) if isinstance(value, dict) and "." not in path else _at(value, path.split("."))
        if isinstance(value, Unknown):
            self._note(value)
        return default if value is None else value

    def text(self, path: str) -> str:
        """Return a property as a string, to compare it with other values.

        If a parameter determines it, the result is ``${Parameter}``, which equals the same reference elsewhere even
        though the value is not known.

        Args:
            path: dotted path of the property, with list items by index: ``Tags.0.Key``.
        """
        with noting.unnoted(self.template.assembly):
            return str(self.get(path))

    def _note(self, value: Unknown) -> None:
        """Record in the account that a control read a value without read permission."""
        assembly = self.template.assembly
        if assembly is not None and assembly.regions and isinstance(value.expression, dict):
            why = value.expression.get(NOT_SEEN)
            if isinstance(why, str):
                assembly.note_unread(why)

    def flag(self, path: str, *, default: bool | None = None) -> Any:
        """Return a boolean property. CloudFormation also accepts the strings "true" and "false".

        Args:
            path: dotted path of the property, with list items by index: ``Tags.0.Key``.
            default: the result if nothing is set. Default: None.
        """
        value = self.get(path, default)
        if isinstance(value, Unknown):
            first, *others = (_truth(branch) for branch in value.branches)
            return first if all(other == first for other in others) else value
        return _truth(value) if isinstance(value, str) else value

    def number(self, path: str, default: float | None = None) -> Any:
        """Return a numeric property. CloudFormation also accepts numbers as strings.

        Args:
            path: dotted path of the property, with list items by index: ``Tags.0.Key``.
            default: the result if nothing is set. Default: None.
        """
        value = self.get(path, default)
        if isinstance(value, str):
            for kind in (int, float):
                try:
                    return kind(value)
                except ValueError:
                    continue
        return value

    def items(self, path: str) -> list[Any]:
        """Return a list property: ``[]`` if it is not set; a single value or `Unknown` as a list of one.

        Args:
            path: dotted path of the property, with list items by index: ``Tags.0.Key``.
        """
        value = self.get(path, ABSENT)
        if value is ABSENT:
            return []
        return value if isinstance(value, list) else [value]

    def each(self, path: str) -> Iterator[tuple[str, Any]]:
        """Yield the items of a list property with their paths; a property that is not a list is one item.

        Args:
            path: dotted path of the property, with list items by index: ``Tags.0.Key``.
        """
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
        """The value that ``Ref`` returns after deployment; empty if it is not deployed or not known."""
        return self.template.physical_ids.get(self.logical_id, "")

    @property
    def arn(self) -> str:
        """The ARN of a resource of an account; empty in a template."""
        metadata = self.body.get("Metadata")
        told = metadata.get(ARN) if isinstance(metadata, dict) else None
        return told if isinstance(told, str) else ""

    def not_seen(self, path: str) -> str:
        """Return why the value at `path` of a resource of an account is not seen; empty if it is seen.

        Args:
            path: dotted path of the property, with list items by index: ``Tags.0.Key``.
        """
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
        """The logical IDs under ``DependsOn``."""
        value = self.body.get("DependsOn")
        values = value if isinstance(value, list) else [value]
        return tuple(x for x in values if isinstance(x, str))

    def written(self, path: str) -> str:
        """Return the path of the property `path` in the template, which differs only for converted custom resources.

        Args:
            path: dotted path of the property, with list items by index: ``Tags.0.Key``.
        """
        return ".".join(adapted.written(tuple(path.split(".")), self._places)) if path and self._places else path

    def line(self, path: str = "") -> int | None:
        """Return the 1-based source line of a property, of its nearest parent, or of the resource.

        Args:
            path: dotted path of a property. Default: empty, the resource itself.
        """
        if self.owner is not None:
            return self.owner.line(objects.property_of(self.owner.written_type))
        steps = ("Properties", *self.written(path).split(".")) if path else ()
        return self.template.line(("Resources", self.logical_id, *steps))

    def __repr__(self) -> str:
        return f"<Resource {self.id} {self.type}>"


@dataclass(slots=True, eq=False)
class Template:
    """One CloudFormation template as read, with its place in the assembly."""

    name: str
    """The stack name, or the file path for a template outside an assembly."""
    body: Mapping[str, Any]
    path: str = ""
    """The file that contains it; empty for a template in memory."""
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    """The source line of each key path."""
    account: str = ""
    """The account of the environment of the stack; empty if unknown."""
    region: str = ""
    """The Region of the environment of the stack; empty if unknown."""
    parent: tuple[Template, Mapping[str, Any]] | None = None
    """Of a nested stack, the template that contains it, and the parameters that it passes."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Parameter values that the user of the check sets, so that a ``Ref`` to them is known."""
    construct_paths: Mapping[str, str] = field(default_factory=dict)
    """The CDK construct path of each logical ID, from the cloud assembly."""
    physical_ids: Mapping[str, str] = field(default_factory=dict)
    """The physical ID of each logical ID, if it was read from the deployed stack."""
    assembly: Surroundings | None = None
    resources: dict[str, Resource] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    """Logical IDs of resources that apply Kubernetes manifests with unknown content."""
    memo: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)
    """Cached results of `intrinsics`."""

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
        """Add the Kubernetes objects that a resource contains."""
        found = objects.written_out(owner.written_type, owner.body.get("Properties"), self)
        if found is None:
            self.unread.add(owner.logical_id)
        for item in found or ():
            name = objects.unused(f"{owner.logical_id}/{objects.name_of(item)}", self.resources)
            type_ = objects.type_of(item)
            self.resources[name] = Resource(self, name, type_, {"Type": type_, "Properties": item}, owner)

    def render(self, expression: Any) -> str:
        """Render an expression of this template as a string, with unknown parts as ``${LogicalId.Attribute}``."""
        return intrinsics.text(expression, self)

    def branches(self, value: Unknown) -> tuple[Any, ...]:
        """Return the resolved branches of an ``Fn::If``; for anything else, the value itself."""
        return intrinsics.branches(value)

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a top-level section, or ``{}`` if it is missing or not a mapping."""
        value = self.body.get(name)
        return value if isinstance(value, dict) else {}

    def line(self, path: Sequence[str]) -> int | None:
        """Return the line of `path`, or of its nearest parent in the source."""
        key = tuple(path)
        while key:
            if key in self.lines:
                return self.lines[key]
            key = key[:-1]
        return None
