"""Somebody hears when the break-glass role is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from hardened_eks import _aws
from hardened_eks._nag import acknowledge
from hardened_eks._roles import document

if TYPE_CHECKING:
    from constructs import Construct

_TWO_WEEKS = 14 * 24 * 3600


def rule(scope: Construct, *, role_arn: str, what: str) -> events.CfnRule:
    """Match every call that takes the role; CloudTrail must be on."""
    return events.CfnRule(
        scope,
        "Rule",
        description=what,
        # CloudTrail calls sts:AssumeRole read-only; without this state read-only calls may not be delivered:
        # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
        state="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
        event_pattern={
            "source": ["aws.sts"],
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {
                "eventSource": ["sts.amazonaws.com"],
                "eventName": ["AssumeRole"],
                "requestParameters": {"roleArn": [role_arn]},
            },
        },
    )


def target(topic_arn: str, queue_arn: str, what: str) -> Any:
    """Tell the topic, in one line a person can read at night; keep what it refuses."""
    return {
        "id": "Topic",
        "arn": topic_arn,
        "deadLetterConfig": {"arn": queue_arn},
        "inputTransformer": {
            "inputPathsMap": {
                "who": "$.detail.userIdentity.arn",
                "source": "$.detail.requestParameters.sourceIdentity",
                "when": "$.time",
                "where": "$.detail.sourceIPAddress",
            },
            "inputTemplate": f'"{what} was taken by <source> (<who>) from <where> at <when>."',
        },
    }


def topic(scope: Construct, *, key_arn: str, rule_arn: str) -> str:
    """Make the topic, to which only the rule may publish, and only over TLS; return its ARN."""
    made = sns.CfnTopic(scope, "Topic", kms_master_key_id=key_arn, delivery_status_logging=_delivery_log(scope))
    arn = made.ref
    sns.CfnTopicPolicy(
        scope,
        "TopicPolicy",
        topics=[arn],
        policy_document=document(_from_rule("sns:Publish", arn, rule_arn), _tls_only("sns:Publish", arn)),
    )
    return arn


def dead_letters(scope: Construct, *, key_arn: str, rule_arn: str) -> str:
    """Make the queue where alerts wait for two weeks that the topic refused; return its ARN."""
    queue = sqs.CfnQueue(scope, "Undelivered", kms_master_key_id=key_arn, message_retention_period=_TWO_WEEKS)
    acknowledge(queue, {"AwsSolutions::AwsSolutions-SQS3": "it is the dead-letter queue of the alert's rule"})
    arn = queue.attr_arn
    sqs.CfnQueuePolicy(
        scope,
        "UndeliveredPolicy",
        queues=[queue.ref],
        policy_document=document(_from_rule("sqs:SendMessage", arn, rule_arn), _tls_only("sqs:*", arn)),
    )
    return arn


def _from_rule(action: str, resource: str, rule_arn: str) -> dict[str, Any]:
    return {
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": action,
        "Resource": resource,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
    }


def _tls_only(action: str, resource: str) -> dict[str, Any]:
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resource,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _delivery_log(scope: Construct) -> list[dict[str, Any]]:
    # https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html
    groups = _aws.arn("logs", "log-group:sns/*")
    policy = iam.CfnManagedPolicy(
        scope,
        "DeliveryLogPolicy",
        description="Write the outcome of deliveries",
        policy_document=document(
            {"Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], "Resource": groups}
        ),
    )
    groups_id = "arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:sns/*"
    reason = "Amazon SNS names its log groups itself, below sns/"
    acknowledge(policy, {f"AwsSolutions::AwsSolutions-IAM5[Resource::{groups_id}]": reason})
    role = iam.CfnRole(
        scope,
        "DeliveryLogRole",
        description="Amazon SNS logs deliveries with it",
        assume_role_policy_document=document(
            {
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:SourceAccount": _aws.account()}},
            }
        ),
        managed_policy_arns=[policy],
    )
    arn = role.attr_arn
    return [
        {"protocol": protocol, "failureFeedbackRoleArn": arn, "successFeedbackRoleArn": arn}
        for protocol in ("http/s", "lambda", "sqs")
    ]
