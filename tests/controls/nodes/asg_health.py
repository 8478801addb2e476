from hardened_eks.controls.nodes import asg_health
from tests.controls.cases import Bad, Case, both, change, drop, hide
from tests.controls.nodes.base import ASG, EVENTS, SCALED, chosen

CASE = Case(
    asg_health,
    SCALED,
    bad={
        "EC2's health": Bad(change(ASG, "HealthCheckType", "EC2"), "HealthCheckType"),
        "left out": Bad(drop(ASG, "HealthCheckType"), "HealthCheckType"),
        "hidden": Bad(hide(ASG, "HealthCheckType"), "HealthCheckType"),
        "hidden by a telling name": Bad(change(ASG, "HealthCheckType", {"Ref": "ELBHealth"}), "HealthCheckType"),
        "sometimes": Bad(change(ASG, "HealthCheckType", chosen("ELB", "EC2")), "HealthCheckType"),
        "malformed": Bad(change(ASG, "HealthCheckType", {"Type": "ELB"}), "HealthCheckType"),
        "classic": Bad(
            both(
                both(drop(ASG, "TargetGroupARNs"), change(ASG, "LoadBalancerNames", ["x"])),
                drop(ASG, "HealthCheckType"),
            ),
            "HealthCheckType",
        ),
        "traffic source": Bad(
            both(
                both(drop(ASG, "TargetGroupARNs"), change(ASG, "TrafficSources", [{"Identifier": "arn:x"}])),
                drop(ASG, "HealthCheckType"),
            ),
            "HealthCheckType",
        ),
        "balancer hidden": Bad(both(hide(ASG, "TargetGroupARNs"), drop(ASG, "HealthCheckType")), "HealthCheckType"),
        "nobody is told": Bad(drop(ASG, "NotificationConfigurations"), "NotificationConfigurations"),
        "nobody named": Bad(change(ASG, "NotificationConfigurations", []), "NotificationConfigurations"),
        "told hidden": Bad(hide(ASG, "NotificationConfigurations"), "NotificationConfigurations"),
        "errors left out": Bad(
            change(ASG, "NotificationConfigurations.0.NotificationTypes", [EVENTS[0], EVENTS[2]]),
            "NotificationConfigurations.0.NotificationTypes",
        ),
        "of nothing": Bad(
            drop(ASG, "NotificationConfigurations.0.NotificationTypes"),
            "NotificationConfigurations.0.NotificationTypes",
        ),
        "malformed told": Bad(change(ASG, "NotificationConfigurations", ["arn:x"]), "NotificationConfigurations"),
    },
    edge={
        "no balancer": both(drop(ASG, "TargetGroupARNs"), drop(ASG, "HealthCheckType")),
        "both": change(ASG, "HealthCheckType", "EC2,ELB"),
        "lattice": change(ASG, "HealthCheckType", "VPC_LATTICE"),
        "one or the other": change(ASG, "HealthCheckType", chosen("ELB", "EBS,ELB")),
        "two topics": change(
            ASG,
            "NotificationConfigurations",
            [
                {"TopicARN": "arn:x", "NotificationTypes": EVENTS[:2]},
                {"TopicARN": "arn:y", "NotificationTypes": EVENTS[2:]},
            ],
        ),
        "the older property": both(
            drop(ASG, "NotificationConfigurations"),
            change(ASG, "NotificationConfiguration", {"TopicARN": "arn:x", "NotificationTypes": EVENTS}),
        ),
    },
)
