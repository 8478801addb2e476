from hardened_eks.controls.messaging import event_bus_not_open
from tests.controls.cases import Bad, Case, both, change, drop, hide, template, without
from tests.controls.messaging.base import allow

BUS = "AWS::Events::EventBus"
BP = "AWS::Events::EventBusPolicy"

BUSES = template(
    {
        "Bus": (BUS, {"Name": "findings"}),
        "Policy": (
            BP,
            {
                "EventBusName": {"Ref": "Bus"},
                "StatementId": "org",
                "Statement": {
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "events:PutEvents",
                    "Resource": "*",
                    "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
                },
            },
        ),
    }
)

CASE = Case(
    event_bus_not_open,
    BUSES,
    bad={
        "no policy": Bad(without("Policy"), "Policy"),
        "everybody": Bad(drop(BP, "Statement.Condition"), "Statement"),
        "old form": Bad(both(drop(BP, "Statement"), change(BP, "Principal", "*")), "Principal"),
        "old form, hidden": Bad(both(drop(BP, "Statement"), hide(BP, "Principal")), "Principal"),
        "hidden": Bad(hide(BP, "Statement"), "Statement"),
        "inline": Bad(change(BUS, "Policy", {"Statement": [allow("*", "events:PutEvents")]}), "Policy.Statement.0"),
    },
    edge={
        "old form, organization": both(
            drop(BP, "Statement"),
            change(BP, "Principal", "*"),
            change(BP, "Condition", {"Key": "aws:PrincipalOrgID", "Type": "StringEquals", "Value": {"Ref": "Org"}}),
        ),
        "old form, one account": both(drop(BP, "Statement"), change(BP, "Principal", "123456789012")),
    },
)
