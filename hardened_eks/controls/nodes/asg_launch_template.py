from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource, Unknown
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="ND-18",
    title="Auto Scaling groups use launch templates over several zones and types",
    requirement="node.asg.launch_template",
    types=("AWS::AutoScaling::AutoScalingGroup",),
    severity=Severity.LOW,
    why="Launch configurations get no new EC2 features; one zone or one type is one failure.",
    fix="Use a mixed instances policy with a launch template over two zones or more.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/autoscaling-controls.html",
    detective="The library makes managed node groups only; there is no construct with an Auto Scaling group.",
)
def asg_launch_template(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    if group.get("LaunchConfigurationName") is not None or not (
        group.get("LaunchTemplate") or group.get("MixedInstancesPolicy")
    ):
        yield Problem("it has no launch template", "LaunchTemplate")
    zones = group.items("VPCZoneIdentifier") or group.items("AvailabilityZones")
    if len(zones) < 2 and not any(isinstance(zone, Unknown) for zone in zones):
        yield Problem("it lives in one zone", "VPCZoneIdentifier")
    if group.get("MixedInstancesPolicy") is None:
        yield Problem("it has one instance type (no MixedInstancesPolicy)", "MixedInstancesPolicy")
