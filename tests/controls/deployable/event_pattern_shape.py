from hardened_eks.controls.deployable import event_pattern_shape
from tests.controls.cases import ITSELF, Bad, Case, both, change, drop, template


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
        "broken text": Bad(change("AWS::Events::Rule", "EventPattern", "{"), "EventPattern"),
        "a list": Bad(change("AWS::Events::Rule", "EventPattern", ["aws.eks"]), "EventPattern"),
        "a list as text": Bad(change("AWS::Events::Rule", "EventPattern", "[1]"), "EventPattern"),
        "two operators": Bad(
            change("AWS::Events::Rule", "EventPattern.detail.eventName", [{"prefix": "a", "suffix": "b"}]),
            "EventPattern.detail.eventName.0",
        ),
        "exists as text": Bad(matcher("exists", "yes"), "EventPattern.detail.eventName.0"),
        "prefixes": Bad(matcher("prefix", ["a", "b"]), "EventPattern.detail.eventName.0"),
        "half a comparison": Bad(matcher("numeric", [">"]), "EventPattern.detail.eventName.0"),
        "unknown comparison": Bad(matcher("numeric", ["=>", 1]), "EventPattern.detail.eventName.0"),
        "address for a block": Bad(matcher("cidr", "10.0.0.1"), "EventPattern.detail.eventName.0"),
        "anything but what": Bad(matcher("anything-but", {"startswith": "a"}), "EventPattern.detail.eventName.0"),
        "two wildcards together": Bad(matcher("wildcard", "a**"), "EventPattern.detail.eventName.0"),
        "or of one": Bad(change("AWS::Events::Rule", "EventPattern.$or", [{"account": ["1"]}]), "EventPattern.$or"),
        "or without a list": Bad(
            change("AWS::Events::Rule", "EventPattern.$or", {"account": ["1"]}), "EventPattern.$or"
        ),
    },
    edge={
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
