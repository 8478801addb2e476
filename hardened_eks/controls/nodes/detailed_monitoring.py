from collections.abc import Iterator

from hardened_eks.controls._unseen import launch_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.controls.nodes._images import NO_TEMPLATE
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import CONFIGURATION, INSTANCE, NODEGROUP, TEMPLATE, settings
from hardened_eks.evidence.views.launch_source import LAUNCHED, launch_template


@control(
    id="ND-17",
    title="Detailed monitoring of nodes is on",
    requirement="node.monitoring.detailed",
    types=(TEMPLATE, INSTANCE, CONFIGURATION, *LAUNCHED),
    needs="assembly",
    severity=Severity.LOW,
    why="With metrics at five-minute intervals, a crypto miner or a failing node is noticed late.",
    fix="Set Monitoring.Enabled (instances: Monitoring, launch configurations: InstanceMonitoring) to true.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html",
    blind=(
        "Node groups without a launch template are not evaluated, because the value that EKS sets for them is not "
        "documented."
    ),
    enforced_by="NodeGroup",
)
def detailed_monitoring(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == CONFIGURATION:
        if resource.flag("InstanceMonitoring", default=True) is not True:  # absent means on
            yield Problem("detailed monitoring is off", "InstanceMonitoring")
        return
    hidden = list(launch_not_seen(resource, assembly, "Monitoring"))
    yield from hidden
    if resource.type == NODEGROUP and any(where is None for where, _ in settings(resource, "Monitoring")):
        message = "EKS does not document the monitoring of a node group without a launch template"
        yield Problem(message, "LaunchTemplate", cause=NO_TEMPLATE, unseen=True)
    if hidden or resource.type in LAUNCHED:
        return
    path, inherited = "LaunchTemplateData.Monitoring.Enabled", None
    if resource.type == INSTANCE:
        template = launch_template(resource, assembly)
        inherited = template.flag(path) if template is not None else None
        path = "Monitoring"
    if resource.flag(path, default=inherited) is not True:
        yield Problem("detailed monitoring is off", path)
