"""Sources of the launch settings of node groups, instances and Auto Scaling groups, and those not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence import Unknown
from hardened_eks.evidence.unknown import branches
from hardened_eks.evidence.views.launch import AUTO_SCALING, CONFIGURATION, INSTANCE, NODEGROUP, TEMPLATE, entries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource

LAUNCHED: Final = (NODEGROUP, AUTO_SCALING)
"""Types that launch instances with the settings of a launch template only."""
_NAMES: Final = ("Id", "Name", "LaunchTemplateId", "LaunchTemplateName")
_MIXED: Final = "MixedInstancesPolicy.LaunchTemplate"


def templates_of(resource: Resource, assembly: Assembly) -> list[Resource]:
    """Return the launch templates of the assembly that a node group, instance or Auto Scaling group may use."""
    found = [
        template
        for value, _ in _references(resource)
        for named in _named(value)
        for template in assembly.targets(named, TEMPLATE, near=resource)
    ]
    return list(dict.fromkeys(found))


def launch_template(resource: Resource, assembly: Assembly) -> Resource | None:
    """Return the launch template of a node group, an instance or an Auto Scaling group if it is in the assembly."""
    for path in _paths(resource):
        for name in _NAMES:
            found = assembly.target(resource.get(f"{path}.{name}"), TEMPLATE, near=resource)
            if found is not None:
                return found
    return None


def launch_settings(resource: Resource, assembly: Assembly) -> Resource | None:
    """Return the launch template or, for an Auto Scaling group, the launch configuration, if it is in the assembly."""
    found = launch_template(resource, assembly)
    if found is None and resource.type == AUTO_SCALING:
        return assembly.target(resource.get("LaunchConfigurationName"), CONFIGURATION, near=resource)
    return found


def settings_path(group: Resource) -> str:
    """Return the property with which an Auto Scaling group names its launch settings."""
    plain = (path for path in ("LaunchConfigurationName", "LaunchTemplate") if group.get(path) is not None)
    return next(plain, "MixedInstancesPolicy")


def unseen_settings(resource: Resource, assembly: Assembly, *sections: str) -> Iterator[tuple[str, str]]:
    """Yield (message, path) for each unseen source of launch settings.

    Args:
        resource: a node group, an instance or an Auto Scaling group; for other resources, nothing is yielded.
        assembly: the assembly that may contain its launch template.
        sections: the settings, such as ``MetadataOptions``. An instance with all of them needs no launch template.
    """
    if resource.type == INSTANCE and all(resource.get(section) is not None for section in sections):
        return
    for value, path in _references(resource):
        why = _unseen(value, resource, assembly)
        if why:
            yield why, path
            return
    if resource.type == AUTO_SCALING:
        yield from _unseen_older(resource, assembly)


def names_elsewhere(group: Resource, assembly: Assembly) -> bool:
    """Return whether the launch template of the node group sets an instance type, or is not seen."""
    template = launch_template(group, assembly)
    if template is None:
        return group.get("LaunchTemplate") is not None
    return any(template.get(f"LaunchTemplateData.{n}") is not None for n in ("InstanceType", "InstanceRequirements"))


def _paths(resource: Resource) -> tuple[str, ...]:
    mixed = (f"{_MIXED}.LaunchTemplateSpecification",) if resource.type == AUTO_SCALING else ()
    return ("LaunchTemplate", *mixed)


def _references(resource: Resource) -> Iterator[tuple[Any, str]]:
    """Yield each reference to a launch template with its path, in all branches of conditions."""
    if resource.type not in {NODEGROUP, INSTANCE, AUTO_SCALING}:
        return
    for path in _paths(resource):
        yield from ((branch, path) for branch in branches(resource.get(path)) if branch is not None)
    if resource.type == AUTO_SCALING:
        for path, override in entries(resource, f"{_MIXED}.Overrides"):
            value = override.get("LaunchTemplateSpecification") if isinstance(override, dict) else None
            if value is not None:
                yield value, f"{path}.LaunchTemplateSpecification"


def _named(value: Any) -> list[Any]:
    return [value[name] for name in _NAMES if name in value] if isinstance(value, dict) else []


def _unseen(value: Any, resource: Resource, assembly: Assembly) -> str:
    """Return why a launch template is not seen; empty if it is seen.

    A numbered version may differ from the one in the template, because each deployment creates a new version.
    """
    if isinstance(value, Unknown):
        return "the launch template is not known before deployment"
    named = _named(value)
    if not named:
        return ""
    found = next((t for name in named for t in assembly.targets(name, TEMPLATE, near=resource)), None)
    if found is None:
        return f"the launch template {named[0]} is not among the templates"
    version = value.get("Version", "$Default")
    if assembly.regions:  # an account contains the version with this number
        return ""
    if isinstance(version, Unknown):
        if assembly.target(version, TEMPLATE, near=resource) is not found:
            return f"the version of the launch template {found.logical_id} is not known before deployment"
    elif str(version) not in {"$Default", "$Latest"}:
        return f"it uses version {version} of the launch template {found.logical_id}, which no template contains"
    return ""


def _unseen_older(group: Resource, assembly: Assembly) -> Iterator[tuple[str, str]]:
    """Yield the same for launch configurations and instances, the older sources of Auto Scaling groups."""
    for path, type_, kind in (
        ("LaunchConfigurationName", CONFIGURATION, "launch configuration"),
        ("InstanceId", INSTANCE, "instance"),
    ):
        for branch in branches(group.get(path)):
            if branch is not None and assembly.target(branch, type_, near=group) is None:
                yield f"the {kind} {branch} is not among the templates", path
