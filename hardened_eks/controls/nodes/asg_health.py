from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="ND-19",
    title="Auto Scaling groups check health and tell of scaling",
    requirement="node.asg.health_and_notifications",
    types=("AWS::AutoScaling::AutoScalingGroup",),
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
    if (group.items("TargetGroupARNs") or group.items("LoadBalancerNames")) and "ELB" not in str(
        group.get("HealthCheckType")
    ):
        yield Problem("it stands behind a load balancer and does not use its health checks", "HealthCheckType")
    if not (group.items("NotificationConfigurations") or group.items("NotificationConfiguration")):
        yield Problem("nobody is told when it scales", "NotificationConfigurations")
