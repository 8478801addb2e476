from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Template

_LANGUAGE = "AWS::LanguageExtensions"
_LOOP = "Fn::ForEach"
_MODULE = "::MODULE"


@control(
    id="DP-72",
    title="DependsOn names resources that are in the template",
    types=("*",),
    needs="stack",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why='CloudFormation rejects the whole template: "Unresolved resource dependencies in the Resources block".',
    fix=(
        "Use the logical ID of a resource in the same template, or remove the entry. Between stacks, an export "
        "already determines the order."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html",
    blind="Templates whose resources a macro, a module or a loop generates.",
    detective="The CDK generates DependsOn from its own resources; other templates are written by hand.",
)
def depends_on_exists(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    written = resource.body.get("DependsOn")
    if written is None:
        return
    template = resource.template
    for index, name in enumerate(written if isinstance(written, list) else [written]):
        path = f"DependsOn.{index}" if isinstance(written, list) else "DependsOn"
        if not isinstance(name, str):
            yield Problem("DependsOn takes logical IDs, not functions", path)
        elif name == resource.logical_id:
            yield Problem("it depends on itself", path)
        elif name not in template.section("Resources") and not _made_elsewhere(template):
            yield Problem(f"the template has no resource {name}", path)


def _made_elsewhere(template: Template) -> bool:
    """Return whether the template has generated resources."""
    transforms = template.body.get("Transform")
    named = transforms if isinstance(transforms, list) else [transforms]
    resources = template.section("Resources")
    return (
        any(one not in (None, _LANGUAGE) for one in named)
        or any(str(key).startswith((_LOOP, "Fn::Transform")) for key in resources)
        or any(str(one.get("Type")).endswith(_MODULE) for one in resources.values() if isinstance(one, dict))
    )
