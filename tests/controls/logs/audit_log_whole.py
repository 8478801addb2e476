from hardened_eks.controls.logs import audit_log_whole
from tests.controls.cases import Case, at, both, change, drop, hide, template
from tests.controls.logs.base import GROUP

FILTER = "AWS::Logs::SubscriptionFilter"
TRANSFORMER = "AWS::Logs::Transformer"
FOREIGN = "arn:aws:logs:eu-west-1:999999999999:destination:theirs"

READ = template(
    {
        "Audit": (GROUP, {"LogGroupName": "/aws/eks/prod/cluster"}),
        "Stream": ("AWS::Kinesis::Stream", {}),
        "Reader": (
            FILTER,
            {
                "LogGroupName": {"Ref": "Audit"},
                "DestinationArn": {"Fn::GetAtt": ["Stream", "Arn"]},
                "FilterPattern": "",
            },
        ),
    }
)
REWRITE = {"LogGroupIdentifier": {"Ref": "Audit"}, "TransformerConfig": [{"DeleteKeys": {"WithKeys": ["user"]}}]}


def with_transformer(group):
    return lambda body: {
        **body,
        "Resources": {
            **body["Resources"],
            "Rewrite": {"Type": TRANSFORMER, "Properties": {**REWRITE, "LogGroupIdentifier": group}},
        },
    }


CASE = Case(
    audit_log_whole,
    READ,
    bad={
        **at(
            "DestinationArn",
            {
                "to another account": change(FILTER, "DestinationArn", FOREIGN),
                "hidden": hide(FILTER, "DestinationArn"),
                "group by name": both(
                    change(FILTER, "LogGroupName", "/aws/eks/other/cluster"), change(FILTER, "DestinationArn", FOREIGN)
                ),
                "name in parts": both(
                    change(FILTER, "LogGroupName", {"Fn::Sub": "/aws/eks/${Name}/cluster"}),
                    change(FILTER, "DestinationArn", FOREIGN),
                ),
            },
        ),
        **at(
            "LogGroupIdentifier",
            {
                "rewritten": with_transformer({"Ref": "Audit"}),
                "rewritten by ARN": with_transformer({"Fn::GetAtt": ["Audit", "Arn"]}),
                "rewritten by a literal ARN": with_transformer(
                    "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/eks/prod/cluster"
                ),
            },
        ),
    },
    edge={
        "another group rewritten": with_transformer("/aws/lambda/f"),
        "another group sent away": both(
            change(FILTER, "LogGroupName", "/aws/lambda/f"), change(FILTER, "DestinationArn", FOREIGN)
        ),
        "not subscribed": drop(FILTER, ""),
    },
)
