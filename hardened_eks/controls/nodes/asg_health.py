from collections.abc import Iterator
from typing import Any, Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import branches, entries
from hardened_eks.evidence.worst import at_worst

_OF_BALANCER: Final = {"ELB", "VPC_LATTICE"}
_NOTIFICATIONS: Final = ("NotificationConfigurations", "NotificationConfiguration")
_EVENTS: Final = (
    "EC2_INSTANCE_LAUNCH",
    "EC2_INSTANCE_LAUNCH_ERROR",
    "EC2_INSTANCE_TERMINATE",
    "EC2_INSTANCE_TERMINATE_ERROR",
)


@control(
    id="ND-19",
    title="Auto Scaling groups check health and tell of scaling",
    requirement="node.asg.health_and_notifications",
    types=("AWS::AutoScaling::AutoScalingGroup",),
    needs="resource",
    severity=Severity.LOW,
    why="A group that replaces nodes silently hides both attacks and faults.",
    fix=(
        "Set HealthCheckType to ELB where there is a load balancer, and NotificationConfigurations for all "
        "scaling events."
    ),
    source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-sns-notifications.html",
    detective="The library makes managed node groups only; there is no construct with an Auto Scaling group.",
)
def asg_health(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    paths = ("TargetGroupARNs", "LoadBalancerNames", "TrafficSources")
    balanced = next((path for path in paths if group.items(path)), "")
    kinds = branches(group.get("HealthCheckType"))
    if balanced and not all(isinstance(kind, str) and _OF_BALANCER & set(kind.split(",")) for kind in kinds):
        message = "it stands behind a load balancer and does not use its health checks"
        yield Problem(at_worst(message, balanced, group.get(balanced)), "HealthCheckType")
    told = [c for path in _NOTIFICATIONS for _, c in entries(group, path) if isinstance(c, dict)]
    if not told:
        yield Problem("nobody is told when it scales", _NOTIFICATIONS[0])
        return
    types = [t for c in told for t in _listed(c.get("NotificationTypes"))]
    missing = [event for event in _EVENTS if f"autoscaling:{event}" not in types]
    if missing:
        yield Problem(f"nobody is told of {', '.join(missing)}", f"{_NOTIFICATIONS[0]}.0.NotificationTypes")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
