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
    why="A hole that is found after an image was pushed or a node was started is found by nobody else.",
    fix="Run: aws inspector2 enable --resource-types ECR EC2 LAMBDA, in each Region.",
    source="https://docs.aws.amazon.com/inspector/latest/user/getting_started_tutorial.html",
    blind="It is a setting of the account, which CloudFormation has no type for: only an account shows it.",
    detective="CloudFormation has no type for it: `AccountDefaults.commands` has the command.",
)
def inspector_on(status: Resource, assembly: Assembly) -> Iterator[Problem]:
    for name, what in _SCANNED.items():
        state = status.get(name, "DISABLED")
        if state not in _ON:
            yield Problem(f"{what} are not scanned (the status is {state})", name)
