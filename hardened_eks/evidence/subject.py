"""The subject of a finding, with the name that reports and waivers use."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from hardened_eks._records import dataclass
from hardened_eks.evidence.objects import property_of

if TYPE_CHECKING:
    from hardened_eks.evidence.assembly import Assembly
    from hardened_eks.evidence.resource import Resource, Template

_ENTRIES: Final = {
    "Parameters": "parameter",
    "Outputs": "output",
    "Mappings": "mapping",
    "Metadata": "metadata",
    "Conditions": "condition",
    "Rules": "rule",
}
# Attributes beside the properties of a resource; any other first part of a path is a property.
_ATTRIBUTES: Final = frozenset(
    {"CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "UpdatePolicy", "UpdateReplacePolicy"}
)


class Kind(StrEnum):
    """The kind of subject of a finding."""

    RESOURCE = "resource"
    """A resource of a template or an account."""
    ENTRY = "entry"
    """An entry of a template that is not a resource: a parameter, an output, a mapping, metadata."""
    ASSEMBLY = "assembly"
    """All templates together."""
    ACCOUNT = "account"
    """One Region of an account as a whole."""
    WAIVER = "waiver"
    """A waiver."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a finding. Two subjects with the same kind and ID are equal."""

    kind: Kind
    """The kind of the subject."""
    id: str
    """``Stack/LogicalId``, ``Stack/Parameters/Name``, ``assembly``, ``account:eu-west-1`` or the waiver's name."""
    type: str = field(default="", compare=False)
    """The CloudFormation type of a resource, or for example ``parameter`` for an entry; otherwise empty. Default:
    empty."""
    stack: str = field(default="", compare=False)
    """The name of the template; empty for an assembly, an account or a waiver. Default: empty."""
    name: str = field(default="", compare=False)
    """The logical ID of a resource, or the key of an entry; otherwise empty. Default: empty."""
    construct_path: str = field(default="", compare=False)
    """The CDK construct path (the ID if there is none), or the scope of a waiver; empty for an assembly or an account.
    Default: empty."""
    file: str = field(default="", compare=False)
    """The file that contains it; empty if it is not in a single file. Default: empty."""
    resource: Resource | None = field(default=None, compare=False, repr=False)
    """The resource; None for other kinds. Default: none."""
    _template: Template | None = field(default=None, compare=False, repr=False)
    _keys: tuple[str, ...] = field(default=(), compare=False, repr=False)
    _line: int | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of_resource(cls, resource: Resource) -> Subject:
        """Return the subject for a finding about `resource`.

        Args:
            resource: the resource.
        """
        template = resource.template
        return cls(
            Kind.RESOURCE,
            resource.id,
            type=resource.written_type,
            stack=template.name,
            name=resource.logical_id,
            construct_path=resource.construct_path,
            file=template.path,
            resource=resource,
            _template=template,
            _keys=("Resources", (resource.owner or resource).logical_id),
        )

    @classmethod
    def of_entry(cls, template: Template, section: str, name: str) -> Subject:
        """Return the subject for a finding about an entry: ``of_entry(template, "Parameters", "DbPassword")``.

        Args:
            template: the template.
            section: its section, such as ``Parameters``.
            name: key of the entry in the section.
        """
        id_ = f"{template.name}/{section}/{name}"
        # The CDK records construct paths by logical ID, also for parameters and outputs.
        path = template.construct_paths.get(name, id_) if section != "Metadata" else id_
        return cls(
            Kind.ENTRY,
            id_,
            type=_ENTRIES.get(section, section.lower()),
            stack=template.name,
            name=name,
            construct_path=path,
            file=template.path,
            _template=template,
            _keys=(section, name),
        )

    @classmethod
    def of_assembly(cls, assembly: Assembly, region: str = "") -> Subject:
        """Return the subject for a finding about the whole assembly; for an account, about one of its Regions.

        Args:
            assembly: the templates, or the account.
            region: the Region of the account. Default: the first that was read. Templates have none.
        """
        if assembly.regions:
            chosen = region or assembly.regions[0]
            there = next((t.path for t in assembly.templates if t.region == chosen), "")
            return cls(Kind.ACCOUNT, f"account:{chosen}", file=there if "://" in there else "")
        files = {template.path for template in assembly.templates}
        return cls(Kind.ASSEMBLY, "assembly", file=files.pop() if len(files) == 1 else "")

    def is_in(self, template: str, file: str) -> bool:
        """Return whether it is in a template or in a nested stack of it; an assembly, whether it is this file alone.

        Args:
            template: the name of the template.
            file: the file that contains the template.
        """
        if self.kind in {Kind.ASSEMBLY, Kind.ACCOUNT}:
            return self.file == file
        found = self._template
        while found is not None and found.name != template:
            found = found.parent[0] if found.parent is not None else None
        return found is not None

    def written(self, path: str) -> str:
        """Return the path of a property of the resource in its template; for other subjects, return `path`.

        Args:
            path: dotted path of the property, with list items by index: ``Tags.0.Key``.
        """
        return path if self.resource is None or self._beside(path) else self.resource.written(path)

    def place(self, path: str = "") -> str:
        """Return the dotted path of `path` in the body of a resource (``Properties.Tags.0``) or below an entry.

        Args:
            path: dotted path of a property. Default: empty, the subject itself.
        """
        if self.resource is not None and self.resource.owner is not None:
            return f"Properties.{property_of(self.resource.owner.written_type)}"
        if not path or self.resource is None:
            return path
        return path if self._beside(path) else f"Properties.{self.resource.written(path)}"

    def _beside(self, path: str) -> bool:
        """Return whether `path` is not below the properties of the resource, for example ``DeletionPolicy``."""
        first = path.partition(".")[0]
        properties = self.resource.body.get("Properties") if self.resource is not None else None
        return first in _ATTRIBUTES and not (isinstance(properties, dict) and first in properties)

    def line(self, path: str = "") -> int | None:
        """Return the 1-based source line of `path` or of its nearest parent; None if it is not known.

        Args:
            path: dotted path of a property. Default: empty, the subject itself.
        """
        if self._template is None:
            return self._line
        return self._template.line((*self._keys, *(self.place(path).split(".") if path else ())))
