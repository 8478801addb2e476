from hardened_eks.controls.nodes import asg_health
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
from tests.controls.nodes.base import ASG, EVENTS, SCALED, chosen, plus

TELLS = "EventPattern.detail-type"
RULE = "AWS::Events::Rule"
ALL = [f"EC2 Instance {what} {how}" for what in ("Launch", "Terminate") for how in ("Successful", "Unsuccessful")]
UNTOLD = drop(ASG, "NotificationConfigurations")
HEARS = plus(
    Rule=(
        RULE,
        {
            "EventPattern": {
                "source": ["aws.autoscaling"],
                "detail-type": ALL,
                "detail": {"AutoScalingGroupName": [{"Ref": "Group"}]},
            },
            "Targets": [{"Id": "Topic", "Arn": {"Ref": "Topic"}}],
        },
    )
)


def heard(mutation):
    """A rule of EventBridge instead of notifications, mutated."""
    return both(both(UNTOLD, HEARS), mutation)


CASE = Case(
    asg_health,
    SCALED,
    bad={
        **at(
            "HealthCheckType",
            {
                "EC2's health": change(ASG, "HealthCheckType", "EC2"),
                "left out": drop(ASG, "HealthCheckType"),
                "hidden": hide(ASG, "HealthCheckType"),
                "hidden by a telling name": change(ASG, "HealthCheckType", {"Ref": "ELBHealth"}),
                "sometimes": change(ASG, "HealthCheckType", chosen("ELB", "EC2")),
                "malformed": change(ASG, "HealthCheckType", {"Type": "ELB"}),
                "classic": both(
                    both(drop(ASG, "TargetGroupARNs"), change(ASG, "LoadBalancerNames", ["x"])),
                    drop(ASG, "HealthCheckType"),
                ),
                "traffic source": both(
                    both(drop(ASG, "TargetGroupARNs"), change(ASG, "TrafficSources", [{"Identifier": "arn:x"}])),
                    drop(ASG, "HealthCheckType"),
                ),
                "balancer hidden": both(hide(ASG, "TargetGroupARNs"), drop(ASG, "HealthCheckType")),
            },
        ),
        **at(
            "NotificationConfigurations",
            {
                "nobody is told": drop(ASG, "NotificationConfigurations"),
                "nobody named": change(ASG, "NotificationConfigurations", []),
                "a rule for half of it": heard(change(RULE, TELLS, ALL[:2])),
                "a rule for another group": heard(
                    change(RULE, "EventPattern.detail", {"AutoScalingGroupName": ["other"]})
                ),
                "a rule that is off": heard(change(RULE, "State", "DISABLED")),
                "a rule without targets": heard(drop(RULE, "Targets")),
                "told hidden": hide(ASG, "NotificationConfigurations"),
            },
        ),
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
        "a rule": heard(change(RULE, "State", "ENABLED")),
        "a rule for every group": heard(drop(RULE, "EventPattern.detail")),
        "a rule for the rest": both(
            HEARS,
            both(
                change(RULE, TELLS, ALL[2:]),
                change(ASG, "NotificationConfigurations.0.NotificationTypes", EVENTS[:2]),
            ),
        ),
    },
)
