from hardened_eks.controls.messaging import topic_encrypted
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.messaging.base import TOPIC, TOPICS

CASE = Case(
    topic_encrypted,
    TOPICS,
    bad=at(
        "KmsMasterKeyId",
        {
            "left out": drop(TOPIC, "KmsMasterKeyId"),
            "empty": change(TOPIC, "KmsMasterKeyId", ""),
            "no value": change(TOPIC, "KmsMasterKeyId", {"Ref": "AWS::NoValue"}),
        },
    ),
    edge={"in a parameter": hide(TOPIC, "KmsMasterKeyId"), "of AWS": change(TOPIC, "KmsMasterKeyId", "alias/aws/sns")},
)
