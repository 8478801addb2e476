"""Launch settings of nodes, for several controls."""

import fnmatch
from collections.abc import Callable, Iterator
from typing import Any, Final

from hardened_eks.data.instances import InstanceType, known, lookup, names
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.unknown import branches

NODEGROUP: Final = "AWS::EKS::Nodegroup"
TEMPLATE: Final = "AWS::EC2::LaunchTemplate"
INSTANCE: Final = "AWS::EC2::Instance"
CONFIGURATION: Final = "AWS::AutoScaling::LaunchConfiguration"
AUTO_SCALING: Final = "AWS::AutoScaling::AutoScalingGroup"
OVERRIDES: Final = "MixedInstancesPolicy.LaunchTemplate.Overrides"


def entries(resource: Resource, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the possible items of a list property with their paths, in both branches of an ``Fn::If``."""
    for place, item in resource.each(path):
        for branch in branches(item):
            for value in branch if isinstance(branch, list) else [branch]:
                if value is not None:
                    yield place, value


def prefix_of(resource: Resource) -> str:
    """Return the path prefix of the launch settings of a resource."""
    return "LaunchTemplateData." if resource.type == TEMPLATE else ""


def settings(resource: Resource, section: str) -> Iterator[tuple[Resource | None, str]]:
    """Yield the resources with the launch settings of `section`, with the prefix of their paths.

    A launch template is evaluated by itself. A node group is evaluated only without a launch template: the EKS defaults
    apply, and the resource is None. An Auto Scaling group has no settings of its own. An instance is evaluated if it
    has no launch template, or overrides the `section` of the launch template.
    """
    has_template = resource.get("LaunchTemplate") is not None
    if resource.type == NODEGROUP:
        if any(not isinstance(b, Unknown) and not b for b in branches(resource.get("LaunchTemplate"))):
            yield None, ""
    elif resource.type == AUTO_SCALING:
        return
    elif resource.type != INSTANCE or not has_template or resource.get(section) is not None:
        yield resource, prefix_of(resource)


def volumes(where: Resource, prefix: str) -> Iterator[tuple[str, Any]]:
    """Yield the block devices that are, or may be, EBS volumes, with their paths."""
    for path, device in entries(where, f"{prefix}BlockDeviceMappings"):
        if not isinstance(device, dict) or "Ebs" in device or not {"NoDevice", "VirtualName"} & device.keys():
            yield path, device


def setting(path: str, item: Any, key: str) -> str:
    """Return the path of the setting `key` of a list item, or of the item if it is hidden or malformed."""
    return f"{path}.{key}" if isinstance(item, dict) else path


def named_types(resource: Resource) -> Iterator[tuple[Any, str]]:
    """Yield the instance types and patterns of a resource with their paths, whether they are known or not."""
    if resource.type == NODEGROUP:
        for path, name in entries(resource, "InstanceTypes"):
            yield name, path
    elif resource.type == AUTO_SCALING:
        for path, override in entries(resource, OVERRIDES):
            if not isinstance(override, dict):
                yield override, path
                continue
            yield from ((name, f"{path}.InstanceType") for name in branches(override.get("InstanceType")) if name)
            yield from _required(override.get("InstanceRequirements"), f"{path}.InstanceRequirements")
    else:
        path = f"{prefix_of(resource)}InstanceType"
        for _, name in entries(resource, path):
            yield name, path
        if resource.type == TEMPLATE and not isinstance(resource.get("LaunchTemplateData"), Unknown):
            path = f"{prefix_of(resource)}InstanceRequirements"
            yield from _required(resource.get(path), path)


def _required(requirements: Any, path: str) -> Iterator[tuple[Any, str]]:
    if requirements is None:
        return
    allowed = requirements.get("AllowedInstanceTypes", "*") if isinstance(requirements, dict) else requirements
    for pattern in allowed if isinstance(allowed, list) else [allowed]:
        yield pattern, f"{path}.AllowedInstanceTypes"


def unsuitable(resource: Resource, suits: Callable[[InstanceType], bool], lack: str) -> Iterator[tuple[str, str]]:
    """Yield (message, path) for each instance type that is unsuitable, unknown, or known only at deployment."""
    if resource.type == INSTANCE and resource.get("InstanceType") is None and resource.get("LaunchTemplate") is None:
        yield f"no instance type is set, so EC2 uses m1.small, which {lack}", "InstanceType"
    for name, path in named_types(resource):
        if not isinstance(name, str):
            yield "the instance type is not known before deployment", path
            continue
        if "*" in name:
            found = next((n for n in names() if fnmatch.fnmatchcase(n, name) and not _suits(n, suits)), None)
            if found is not None:
                yield f"{name} allows {found}, which {lack}", path
            continue
        kind = known(name)
        if kind is None or not suits(kind):
            yield f"{name} {'is not known' if kind is None else lack}", path


def _suits(name: str, suits: Callable[[InstanceType], bool]) -> bool:
    kind = lookup(name)
    return kind is not None and suits(kind)


def instance_types(resource: Resource) -> Iterator[tuple[str, str]]:
    """Yield the literal instance types of a node group, launch template or instance, with the path of each."""
    one = {"AWS::EC2::LaunchTemplate": "LaunchTemplateData.InstanceType", "AWS::EC2::Instance": "InstanceType"}
    if path := one.get(resource.type):
        name = resource.get(path)
        if isinstance(name, str):
            yield name, path
        return
    for index, name in enumerate(resource.items("InstanceTypes")):
        if isinstance(name, str):
            yield name, f"InstanceTypes.{index}"


def unseen_role(group: Resource, assembly: Assembly) -> Iterator[tuple[str, str]]:
    """Yield (message, path) if the permissions of the role of a node group are not seen."""
    for branch in branches(group.get("NodeRole")):
        if branch is not None and assembly.target(branch, "AWS::IAM::Role", near=group) is None:
            yield f"the role {branch} is not among the templates", "NodeRole"


def policies_of(role: Resource) -> Iterator[tuple[str | None, Any, str]]:
    """Yield the name (None if it is not an AWS managed policy), value and path of each attached policy of a role."""
    for path, arn in entries(role, "ManagedPolicyArns"):
        text = str(arn)
        yield text.rsplit("/", 1)[1] if ":aws:policy/" in text else None, arn, path
