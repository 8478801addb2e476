from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="ND-17",
    title="Detailed monitoring of nodes is on",
    requirement="node.monitoring.detailed",
    types=("AWS::EC2::LaunchTemplate", "AWS::EC2::Instance"),
    severity=Severity.LOW,
    why="At five-minute steps a crypto miner or a node in trouble is seen late.",
    fix="Set Monitoring.Enabled (instances: Monitoring) to true.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html",
)
def detailed_monitoring(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "LaunchTemplateData.Monitoring.Enabled" if resource.type.endswith("Template") else "Monitoring"
    if resource.flag(path, default=False) is not True:
        yield Problem("detailed monitoring is off", path)
