from hardened_eks.controls.messaging import topic_delivery_logged
from tests.controls.cases import Bad, Case, both, change, drop
from tests.controls.messaging.base import SUB, TOPIC, TOPICS

CASE = Case(
    topic_delivery_logged,
    TOPICS,
    bad={
        "not logged": Bad(drop(TOPIC, "DeliveryStatusLogging"), "DeliveryStatusLogging"),
        "no dead letters": Bad(drop(SUB, "RedrivePolicy"), "RedrivePolicy"),
        "inline subscription": Bad(
            change(TOPIC, "Subscription", [{"Protocol": "sqs", "Endpoint": "arn:x"}]), "Subscription.0"
        ),
    },
    edge={"mail has no log": both(drop(TOPIC, "DeliveryStatusLogging"), change(SUB, "Protocol", "email"))},
)
