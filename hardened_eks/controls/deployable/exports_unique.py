from collections.abc import Iterator

from hardened_eks.controls.deployable._twins import one_place
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Subject, Template
from hardened_eks.evidence.rendering import text

_Export = tuple[Template, str]


@control(
    id="DP-60",
    title="Each export name is used only once",
    types=("*",),
    needs="stack",
    evidence="template",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why='CloudFormation returns "Export with name X is already exported by stack Y" and rolls back.',
    fix='Include the stack name in the export name: !Sub "${AWS::StackName}-VpcId".',
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html",
    blind="Stacks that are not in the assembly, and stacks whose account or Region is not known.",
    detective="The app chooses the names of its exports.",
)
def exports_unique(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource is next(iter(resource.template.resources.values())):
        twins = assembly.once("deployable.exports", lambda: _twins(assembly))
        for (template, output), (first, other) in twins.items():
            if template is resource.template:
                where = "" if first is template else f" of {first.name}"
                message = f"the output {other}{where} has the same name"
                yield Problem(message, "Export.Name", Subject.of_entry(template, "Outputs", output))


def _twins(assembly: Assembly) -> dict[_Export, _Export]:
    """Return the earlier export for each duplicate export."""
    firsts: dict[tuple[object, ...], _Export] = {}
    twins: dict[_Export, _Export] = {}
    for template in assembly.templates:
        for name, output in template.section("Outputs").items():
            export = output.get("Export") if isinstance(output, dict) and "Condition" not in output else None
            if isinstance(export, dict) and export.get("Name") is not None:
                written = text(export["Name"], template)
                key = (one_place(template) if "${" not in written else template, written)
                first = firsts.setdefault(key, (template, str(name)))
                if first != (template, str(name)):
                    twins[template, str(name)] = first
    return twins
