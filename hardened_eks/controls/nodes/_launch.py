"""What several node controls look up."""

from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.deployable._lookups import launch_template
from hardened_eks.controls.evidence import Assembly, Resource

_TEMPLATE = "AWS::EC2::LaunchTemplate"


def settings(resource: Resource, assembly: Assembly) -> Iterator[tuple[Resource | None, str]]:
    """Yield where launch settings are written, with the prefix of their paths.

    A launch template speaks for itself. A node group is judged only where it has none: then EKS's defaults hold, and
    None is yielded.
    """
    if resource.type == _TEMPLATE:
        yield resource, "LaunchTemplateData."
    elif resource.get("LaunchTemplate") is None:
        yield None, ""


def named_types(resource: Resource) -> Iterator[tuple[Any, str]]:
    """Yield the instance types that a resource names, known or not, with their paths."""
    path = {"AWS::EKS::Nodegroup": "InstanceTypes", _TEMPLATE: "LaunchTemplateData.InstanceType"}.get(
        resource.type, "InstanceType"
    )
    for index, name in enumerate(resource.items(path)):
        yield name, f"{path}.{index}" if path == "InstanceTypes" else path


def names_elsewhere(group: Resource, assembly: Assembly) -> bool:
    """Say whether the node group's launch template names the type, or cannot be seen."""
    template = launch_template(group, assembly)
    if template is None:
        return group.get("LaunchTemplate") is not None
    return template.get("LaunchTemplateData.InstanceType") is not None


def node_groups_of(role: Resource, assembly: Assembly) -> list[Resource]:
    """Return the node groups whose nodes have the role."""
    users = assembly.referring(role, "AWS::EKS::Nodegroup")
    return [group for group in users if assembly.target(group.get("NodeRole")) is role]


def policies_of(role: Resource) -> Iterator[tuple[str, str]]:
    """Yield the names of the AWS managed policies of a role, with their paths."""
    for index, arn in enumerate(role.items("ManagedPolicyArns")):
        text = str(arn)
        if ":aws:policy/" in text:
            yield text.rsplit("/", 1)[1], f"ManagedPolicyArns.{index}"
