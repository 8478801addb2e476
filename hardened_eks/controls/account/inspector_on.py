from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_SCANNED: Final = {"Ec2": "instances", "Ecr": "images", "Lambda": "functions"}
_ON: Final = ("ENABLED", "ENABLING")


@control(
    id="AC-09",
    title="Amazon Inspector scans instances, images and functions",
    requirement=("node.scan.inspector", "ecr.scan.enhanced"),
    types=("AWS::InspectorV2::AccountStatus",),
    needs="resource",
    absence="Amazon Inspector is not enabled",
    severity=Severity.MEDIUM,
    why=(
        "Many vulnerabilities become known only after an image was pushed or a node was started. Only a scanner that "
        "rescans continuously reports them."
    ),
    fix="Run `aws inspector2 enable --resource-types ECR EC2 LAMBDA` in each Region.",
    source="https://docs.aws.amazon.com/inspector/latest/user/getting_started_tutorial.html",
    blind="Templates: this is an account setting without a CloudFormation resource type, so only an account shows it.",
    detective="CloudFormation has no resource type for this setting; `AccountDefaults.commands` lists the command.",
)
def inspector_on(status: Resource, assembly: Assembly) -> Iterator[Problem]:
    for name, what in _SCANNED.items():
        state = status.get(name, "DISABLED")
        if state not in _ON:
            yield Problem(f"{what} are not scanned (the status is {state})", name)
