from hardened_eks.controls.messaging import topic_customer_key
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.messaging.base import TOPIC, TOPICS

CASE = Case(
    topic_customer_key,
    TOPICS,
    bad=at(
        "KmsMasterKeyId",
        {
            "left out": drop(TOPIC, "KmsMasterKeyId"),
            "of AWS": change(TOPIC, "KmsMasterKeyId", "alias/aws/sns"),
            "of AWS, by ARN": change(
                TOPIC, "KmsMasterKeyId", {"Fn::Sub": "arn:aws:kms:${AWS::Region}:1:alias/aws/sns"}
            ),
        },
    ),
    edge={"in a parameter": hide(TOPIC, "KmsMasterKeyId"), "by alias": change(TOPIC, "KmsMasterKeyId", "alias/alerts")},
)
