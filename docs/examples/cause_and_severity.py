from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

NO_LABELS = "no labels"


@control(
    id="ACME-02",
    title="Node groups name their team",
    types=["AWS::EKS::Nodegroup"],
    severity=Severity.MEDIUM,
    why="The bill of a node group without a team goes to the platform team.",
    fix="Set the label 'team'.",
    source="https://wiki.example.com/eks/teams",
)
def team(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not group.get("Labels"):
        yield Problem("no labels, so no team", "Labels", cause=NO_LABELS)
    elif group.get("Labels.team") == "":
        yield Problem("the label 'team' is empty", "Labels.team", severity=Severity.LOW)


@control(
    id="ACME-03",
    title="Node groups name their stage",
    types=["AWS::EKS::Nodegroup"],
    severity=Severity.HIGH,
    why="Backups skip node groups without a stage.",
    fix="Set the label 'stage'.",
    source="https://wiki.example.com/eks/stages",
)
def stage(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not group.get("Labels"):
        yield Problem("no labels, so no stage", "Labels", cause=NO_LABELS)


CONTROLS = [team, stage]
