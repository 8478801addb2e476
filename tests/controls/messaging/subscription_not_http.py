from hardened_eks.controls.messaging import subscription_not_http
from tests.controls.cases import Bad, Case, both, change, hide
from tests.controls.messaging.base import SUB, TOPIC, TOPICS

CASE = Case(
    subscription_not_http,
    TOPICS,
    bad={
        "http": Bad(change(SUB, "Protocol", "http"), "Protocol"),
        "hidden": Bad(hide(SUB, "Protocol"), "Protocol"),
        "endpoint in the clear": Bad(change(SUB, "Endpoint", "http://pager.example"), "Endpoint"),
        "inline": Bad(
            change(TOPIC, "Subscription", [{"Protocol": "http", "Endpoint": "http://x"}]), "Subscription.0.Protocol"
        ),
    },
    edge={
        "mail": both(change(SUB, "Protocol", "email"), change(SUB, "Endpoint", "a@b.example")),
        "inline queue": change(TOPIC, "Subscription", [{"Protocol": "sqs", "Endpoint": "arn:x"}]),
    },
)
