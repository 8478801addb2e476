"""What a finding is about, with the name that reports print and waivers use."""

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
# What is beside a resource's properties; any other first step of a path is a property.
_ATTRIBUTES: Final = frozenset(
    {"CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "UpdatePolicy", "UpdateReplacePolicy"}
)


class Kind(StrEnum):
    """What sort of thing a finding is about."""

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
    """What a finding is about. Two subjects with the same kind and id are equal."""

    kind: Kind
    id: str
    """``Stack/LogicalId``, ``Stack/Parameters/Name``, ``assembly``, ``account:eu-west-1`` or the waiver's name."""
    type: str = field(default="", compare=False)
    """CloudFormation type of a resource, ``parameter`` or the like for an entry; empty for the others."""
    stack: str = field(default="", compare=False)
    """Name of the template; empty for an assembly, an account or a waiver."""
    name: str = field(default="", compare=False)
    """Logical id of a resource, key of an entry; empty for the others."""
    construct_path: str = field(default="", compare=False)
    """The CDK construct path, the id where there is none, a waiver's scope; empty for an assembly or an account."""
    file: str = field(default="", compare=False)
    """Where it is written; empty where no single file is."""
    resource: Resource | None = field(default=None, compare=False, repr=False)
    """The resource; None for the other kinds."""
    _template: Template | None = field(default=None, compare=False, repr=False)
    _keys: tuple[str, ...] = field(default=(), compare=False, repr=False)
    _line: int | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of_resource(cls, resource: Resource) -> Subject:
        """Return the subject for a finding about `resource`."""
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
        """Return the subject for a finding about an entry: ``of_entry(template, "Parameters", "DbPassword")``."""
        id_ = f"{template.name}/{section}/{name}"
        # The CDK notes construct paths by logical id, which parameters and outputs have too.
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
        """Return the subject for a finding about everything: of an account, about one of its Regions.

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

    def written(self, path: str) -> str:
        """Return the path at which a property of the resource is written in its template, of other subjects `path`."""
        return path if self.resource is None or self._beside(path) else self.resource.written(path)

    def place(self, path: str = "") -> str:
        """Return the dotted place of `path` in a resource's body (``Properties.Tags.0``) or below an entry."""
        if self.resource is not None and self.resource.owner is not None:
            return f"Properties.{property_of(self.resource.owner.written_type)}"
        if not path or self.resource is None:
            return path
        return path if self._beside(path) else f"Properties.{self.resource.written(path)}"

    def _beside(self, path: str) -> bool:
        """Return whether `path` starts beside the properties of the resource: ``DeletionPolicy``."""
        first = path.partition(".")[0]
        properties = self.resource.body.get("Properties") if self.resource is not None else None
        return first in _ATTRIBUTES and not (isinstance(properties, dict) and first in properties)

    def line(self, path: str = "") -> int | None:
        """Return the 1-based source line of `path` or of its nearest written parent; None where it is not known."""
        if self._template is None:
            return self._line
        return self._template.line((*self._keys, *(self.place(path).split(".") if path else ())))
