"""The key of the responses, for definitions, executions and approval requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks import _aws, _machines

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct


def key(scope: Construct) -> kms.Key:
    """Create the key, which Step Functions also uses for the tasks of activities."""
    activities = {"ArnLike": {"kms:EncryptionContext:aws:states:activityArn": _aws.arn("states", "activity:*")}}
    return _machines.key(
        scope,
        {
            "Sid": "Questions",
            "Principal": {"Service": "states.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": activities,
        },
        description="Encrypts responses: definitions, executions and approvals",
    )
