from collections.abc import Iterator
from typing import Any, Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.unknown import branches
from hardened_eks.evidence.views.auto_scaling import listeners
from hardened_eks.evidence.views.launch import entries
from hardened_eks.evidence.worst import at_worst

_OF_BALANCER: Final = {"ELB", "VPC_LATTICE"}
_NOTIFICATIONS: Final = ("NotificationConfigurations", "NotificationConfiguration")
_EVENTS: Final = {
    "EC2_INSTANCE_LAUNCH": "EC2 Instance Launch Successful",
    "EC2_INSTANCE_LAUNCH_ERROR": "EC2 Instance Launch Unsuccessful",
    "EC2_INSTANCE_TERMINATE": "EC2 Instance Terminate Successful",
    "EC2_INSTANCE_TERMINATE_ERROR": "EC2 Instance Terminate Unsuccessful",
}
"""The notification of Amazon SNS -> the event of EventBridge."""


@control(
    id="ND-19",
    title="Auto Scaling groups check health and report scaling",
    requirement="node.asg.health_and_notifications",
    types=("AWS::AutoScaling::AutoScalingGroup",),
    needs="assembly",
    severity=Severity.LOW,
    why="A group that replaces nodes silently hides both attacks and faults.",
    fix=(
        "Set HealthCheckType to ELB if there is a load balancer. Set NotificationConfigurations for all scaling "
        "events, or add an EventBridge rule with a target for them."
    ),
    source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-sns-notifications.html",
    enforced_by="SelfManagedNodeGroup",
)
def asg_health(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    paths = ("TargetGroupARNs", "LoadBalancerNames", "TrafficSources")
    balanced = next((path for path in paths if group.items(path)), "")
    kinds = branches(group.get("HealthCheckType"))
    if balanced and not all(isinstance(kind, str) and _OF_BALANCER & set(kind.split(",")) for kind in kinds):
        message = "it is behind a load balancer but does not use its health checks"
        yield Problem(at_worst(message, balanced, group.get(balanced)), "HealthCheckType")
    unheard = [event for event, name in _EVENTS.items() if not listeners(group, name, assembly)]
    if not unheard:
        return
    told = [c for path in _NOTIFICATIONS for _, c in entries(group, path) if isinstance(c, dict)]
    if not told and len(unheard) == len(_EVENTS):
        yield Problem("nobody is alerted when it scales", _NOTIFICATIONS[0])
        return
    types = [t for c in told for t in _listed(c.get("NotificationTypes"))]
    missing = [event for event in unheard if f"autoscaling:{event}" not in types]
    if missing:
        path = f"{_NOTIFICATIONS[0]}.0.NotificationTypes" if told else _NOTIFICATIONS[0]
        yield Problem(f"nobody is notified of {', '.join(missing)}", path)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
