"""The key of the responses: definitions, executions and questions to approvers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from hardened_eks import _aws
from hardened_eks._roles import document
from hardened_eks.keys import NO_FOREIGN_GRANTS

if TYPE_CHECKING:
    from constructs import Construct


def key(scope: Construct) -> kms.Key:
    """Create the key. Roles may use it by their own policies; CloudWatch Logs decrypts what it delivers.

    Source: https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
    """
    root = {"AWS": f"arn:{_aws.partition()}:iam::{_aws.account()}:root"}
    activities = {"ArnLike": {"kms:EncryptionContext:aws:states:activityArn": _aws.arn("states", "activity:*")}}
    logs = {"StringEquals": {"kms:EncryptionContext:SourceArn": _aws.arn("logs", "*")}}
    return kms.Key(
        scope,
        "Key",
        description="Encrypts responses: definitions, executions and approvals",
        enable_key_rotation=True,
        pending_window=cdk.Duration.days(30),
        removal_policy=cdk.RemovalPolicy.RETAIN,
        policy=iam.PolicyDocument.from_json(
            document(
                {"Sid": "Manage", "Principal": root, "Action": "kms:*", "Resource": "*"},
                {
                    "Sid": "Questions",
                    "Principal": {"Service": "states.amazonaws.com"},
                    "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                    "Resource": "*",
                    "Condition": activities,
                },
                {
                    "Sid": "DeliverLogs",
                    "Principal": {"Service": "delivery.logs.amazonaws.com"},
                    "Action": "kms:Decrypt",
                    "Resource": "*",
                    "Condition": logs,
                },
                NO_FOREIGN_GRANTS,
            )
        ),
    )
