"""What several deployable controls look up."""

from collections.abc import Iterator

from hardened_eks.controls import references
from hardened_eks.controls.evidence import Assembly, Resource


def launch_template(nodegroup: Resource, assembly: Assembly) -> Resource | None:
    """Return the launch template of a node group where it is in the assembly."""
    for path in ("LaunchTemplate.Id", "LaunchTemplate.Name"):
        found = assembly.target(nodegroup.get(path), "AWS::EC2::LaunchTemplate")
        if found is not None:
            return found
    return None


def instance_types(resource: Resource, assembly: Assembly) -> Iterator[tuple[str, str]]:
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


def precedes(first: Resource, second: Resource) -> bool:
    """Say whether CloudFormation makes `first` before `second`: by DependsOn or by a reference, at any distance."""
    template = second.template
    seen: set[str] = set()
    waiting = [second]
    while waiting:
        resource = waiting.pop()
        needed = {r for r in references.mentioned(resource.body.get("Properties"), template) if r.template is template}
        needed |= {template.resources[name] for name in resource.depends_on if name in template.resources}
        if first in needed:
            return True
        for other in needed:
            if other.logical_id not in seen:
                seen.add(other.logical_id)
                waiting.append(other)
    return False
