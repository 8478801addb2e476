from hardened_eks.controls.messaging import topic_tagged
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.messaging.base import TOPIC, TOPICS

CASE = Case(
    topic_tagged,
    TOPICS,
    bad=at(
        "Tags",
        {
            "left out": drop(TOPIC, "Tags"),
            "empty": change(TOPIC, "Tags", []),
            "no value": change(TOPIC, "Tags", {"Ref": "AWS::NoValue"}),
        },
    ),
    edge={"value in a parameter": hide(TOPIC, "Tags.0.Value")},
)
