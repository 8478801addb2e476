import json

from hardened_eks.controls.messaging import queue_dead_letters
from tests.controls.cases import Case, at, both, change, template, without
from tests.controls.messaging.base import ARN, QUEUE, QUEUES, RULE, SUB


def lone(user):
    """A queue that only `user` names as its dead-letter queue."""
    return template({"Dead": (QUEUE, {}), "User": user})


CASE = Case(
    queue_dead_letters,
    QUEUES,
    bad=at(
        "RedrivePolicy",
        {
            "left out": without("Queue"),
            "empty": change(QUEUE, "RedrivePolicy", ""),
            "names another queue": both(
                without("Dead"),
                lambda body: {**body, "Resources": {**body["Resources"], "Second": {"Type": QUEUE, "Properties": {}}}},
            ),
        },
    ),
    edge={
        "of a rule": lone((RULE, {"Targets": [{"Id": "1", "DeadLetterConfig": {"Arn": ARN}}]})),
        "of a subscription": lone((SUB, {"RedrivePolicy": {"deadLetterTargetArn": ARN}})),
        "of a function": lone(("AWS::Lambda::Function", {"DeadLetterConfig": {"TargetArn": ARN}})),
        "of an asynchronous call": lone(
            ("AWS::Lambda::EventInvokeConfig", {"DestinationConfig": {"OnFailure": {"Destination": ARN}}})
        ),
        "said by itself": template({"Dead": (QUEUE, {"RedriveAllowPolicy": {"redrivePermission": "byQueue"}})}),
        "as text": change(QUEUE, "RedrivePolicy", json.dumps({"deadLetterTargetArn": "arn:x", "maxReceiveCount": 3})),
    },
)
