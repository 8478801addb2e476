from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import CONFIGURATION, INSTANCE, TEMPLATE, launched_from


@control(
    id="ND-17",
    title="Detailed monitoring of nodes is on",
    requirement="node.monitoring.detailed",
    types=(TEMPLATE, INSTANCE, CONFIGURATION),
    needs="assembly",
    severity=Severity.LOW,
    why="At five-minute steps a crypto miner or a node in trouble is seen late.",
    fix="Set Monitoring.Enabled (instances: Monitoring, launch configurations: InstanceMonitoring) to true.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html",
    enforced_by="NodeGroup",
)
def detailed_monitoring(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == CONFIGURATION:
        if resource.flag("InstanceMonitoring", default=True) is not True:  # absent means on
            yield Problem("detailed monitoring is off", "InstanceMonitoring")
        return
    path, inherited = "LaunchTemplateData.Monitoring.Enabled", None
    if resource.type == INSTANCE:
        template = launched_from(resource, assembly)
        inherited = template.flag(path) if template is not None else None
        path = "Monitoring"
    if resource.flag(path, default=inherited) is not True:
        yield Problem("detailed monitoring is off", path)
