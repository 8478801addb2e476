from hardened_eks.controls.deployable import event_pattern_shape
from tests.controls.cases import ITSELF, Bad, Case, at, both, change, drop, template


def matcher(operator, operand):
    return change("AWS::Events::Rule", "EventPattern.detail.eventName", [{operator: operand}])


PATTERN = {"source": ["aws.eks"], "detail": {"eventName": [{"prefix": "Create"}], "errorCode": [{"exists": False}]}}

CASE = Case(
    event_pattern_shape,
    template({"R": ("AWS::Events::Rule", {"EventPattern": PATTERN})}),
    bad={
        "scalar leaf": Bad(change("AWS::Events::Rule", "EventPattern.source", "aws.eks"), "EventPattern.source"),
        "unknown operator": Bad(
            change("AWS::Events::Rule", "EventPattern.detail.eventName", [{"startsWith": "Create"}]),
            "EventPattern.detail.eventName.0",
        ),
        "unknown field": Bad(
            change("AWS::Events::Rule", "EventPattern.eventName", ["CreateCluster"]), "EventPattern.eventName"
        ),
        "camel case": Bad(change("AWS::Events::Rule", "EventPattern.detailType", ["x"]), "EventPattern.detailType"),
        "empty list": Bad(change("AWS::Events::Rule", "EventPattern.source", []), "EventPattern.source"),
        "nothing": Bad(drop("AWS::Events::Rule", "EventPattern"), ITSELF),
        **at(
            "EventPattern",
            {
                "broken text": change("AWS::Events::Rule", "EventPattern", "{"),
                "a list": change("AWS::Events::Rule", "EventPattern", ["aws.eks"]),
                "a list as text": change("AWS::Events::Rule", "EventPattern", "[1]"),
            },
        ),
        **at(
            "EventPattern.detail.eventName.0",
            {
                "two operators": change(
                    "AWS::Events::Rule", "EventPattern.detail.eventName", [{"prefix": "a", "suffix": "b"}]
                ),
                "exists as text": matcher("exists", "yes"),
                "prefixes": matcher("prefix", ["a", "b"]),
                "half a comparison": matcher("numeric", [">"]),
                "unknown comparison": matcher("numeric", ["=>", 1]),
                "address for a block": matcher("cidr", "10.0.0.1"),
                "anything but what": matcher("anything-but", {"startswith": "a"}),
                "two wildcards together": matcher("wildcard", "a**"),
            },
        ),
        "source of a call": Bad(
            change("AWS::Events::Rule", "EventPattern.source", ["eks.amazonaws.com"]), "EventPattern.source.0"
        ),
        "source in another case": Bad(
            change("AWS::Events::Rule", "EventPattern.source", ["aws.EKS"]), "EventPattern.source.0"
        ),
        "source with a space": Bad(
            change("AWS::Events::Rule", "EventPattern.source", ["aws.eks "]), "EventPattern.source.0"
        ),
        "call of a source": Bad(
            change("AWS::Events::Rule", "EventPattern.detail.eventSource", ["aws.eks"]),
            "EventPattern.detail.eventSource.0",
        ),
        "detail-type in another case": Bad(
            change("AWS::Events::Rule", "EventPattern.detail-type", ["AWS API call via CloudTrail"]),
            "EventPattern.detail-type.0",
        ),
        "detail-type that lacks a letter": Bad(
            change("AWS::Events::Rule", "EventPattern.detail-type", ["C2 Instance State-change Notification"]),
            "EventPattern.detail-type.0",
        ),
        "or of one": Bad(change("AWS::Events::Rule", "EventPattern.$or", [{"account": ["1"]}]), "EventPattern.$or"),
        "or without a list": Bad(
            change("AWS::Events::Rule", "EventPattern.$or", {"account": ["1"]}), "EventPattern.$or"
        ),
    },
    edge={
        "a partner's source": change("AWS::Events::Rule", "EventPattern.source", ["aws.partner/Example.com/Orders"]),
        "calls": change(
            "AWS::Events::Rule",
            "EventPattern",
            {
                "source": ["aws.eks"],
                "detail-type": ["AWS API Call via CloudTrail", "EKS Cluster of a team of ours"],
                "detail": {"eventSource": ["eks.amazonaws.com"]},
            },
        ),
        "other detail-types of AWS": change(
            "AWS::Events::Rule",
            "EventPattern",
            {
                "source": ["aws.ec2", "aws.ecr"],
                "detail-type": [
                    "EC2 Spot Fleet Instance Change",
                    "EC2 Instance-launch Lifecycle Action",
                    "EC2 Instance Terminate Successful",
                    "ECR Image Signing",
                    "AWS API Call via EventBridge",
                ],
            },
        ),
        "schedule": both(
            drop("AWS::Events::Rule", "EventPattern"),
            change("AWS::Events::Rule", "ScheduleExpression", "rate(1 day)"),
        ),
        "or": change("AWS::Events::Rule", "EventPattern.$or", [{"account": ["1"]}, {"region": ["x"]}]),
        "range": matcher("numeric", [">", 0, "<=", 5]),
        "block": matcher("cidr", "10.0.0.0/24"),
        "case aside": matcher("prefix", {"equals-ignore-case": "create"}),
        "anything but": matcher("anything-but", {"prefix": "Describe"}),
        "anything but a list": matcher("anything-but", ["a", "b"]),
        "wildcard": matcher("wildcard", "Create*Profile"),
    },
)
