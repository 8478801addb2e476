"""What all state machines share."""

import aws_cdk as cdk
from aws_cdk.assertions import Template

from hardened_eks import _machines


def test_the_log_service_may_decrypt_what_a_role_encrypted_for_the_log() -> None:
    """The role encrypts with the context SourceArn, as the CDK's StateMachine lets it; another condition never holds."""
    stack = cdk.Stack(cdk.App(), "Stack")
    _machines.key(
        stack,
        {"Sid": "More", "Principal": {"Service": "events.amazonaws.com"}, "Action": "kms:DescribeKey", "Resource": "*"},
        description="d",
    )
    (key,) = Template.from_stack(stack).find_resources("AWS::KMS::Key").values()
    statements = {one["Sid"]: one for one in key["Properties"]["KeyPolicy"]["Statement"]}
    assert list(statements) == ["Manage", "DeliverLogs", "More", "GrantsForAwsServicesOnly"]
    delivery = statements["DeliverLogs"]
    assert delivery["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    assert list(delivery["Condition"]) == ["StringEquals"]
    assert stack.resolve(delivery["Condition"]["StringEquals"]) == {
        "kms:EncryptionContext:SourceArn": {
            "Fn::Join": [
                "",
                [
                    "arn:",
                    {"Ref": "AWS::Partition"},
                    ":logs:",
                    {"Ref": "AWS::Region"},
                    ":",
                    {"Ref": "AWS::AccountId"},
                    ":*",
                ],
            ]
        }
    }
