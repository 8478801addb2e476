"""The resources of channels: an encrypted topic, and the dead-letter queue."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from hardened_eks import _aws
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks._records import dataclass
from hardened_eks._roles import document, shared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import aws_cdk as cdk
    from constructs import Construct

TWO_WEEKS = 14 * 24 * 3600
"""Seconds; the maximum for which Amazon SQS keeps a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A service that may send, and the condition on it."""

    service: str
    condition: Mapping[str, Any] | None = None
    """The condition. Default: none."""

    def statement(self, action: str, resource: str) -> dict[str, Any]:
        """Return the statement that allows the service to send."""
        admitted = {"Principal": {"Service": self.service}, "Action": action, "Resource": resource}
        return {**admitted, "Condition": self.condition} if self.condition else admitted


def topic(
    scope: Construct, *, key_arn: str, admitted: Sequence[Admitted], name: str | None = None, logged: bool = True
) -> tuple[sns.CfnTopic, str]:
    """Create a topic with its policy: only the admitted services may publish, and only over TLS.

    Args:
        scope: the parent construct of the topic, ``Topic``, and its resources.
        key_arn: ARN of the KMS key of its messages, which must admit the same services.
        admitted: services that may publish.
        name: name of the sender that people see; an SMS begins with its first ten characters. Default: none.
        logged: log the outcome of deliveries, which SNS does not for e-mail. Default: yes.

    Returns:
        The topic, and its ARN, since each read of it is a call into Node.
    """
    log = _delivery_log(scope) if logged else None
    made = create(
        sns.CfnTopic, scope, "Topic", display_name=name, kms_master_key_id=key_arn, delivery_status_logging=log
    )
    arn = made.ref
    statements = [one.statement("sns:Publish", arn) for one in admitted]
    create(
        sns.CfnTopicPolicy,
        scope,
        "TopicPolicy",
        topics=[arn],
        policy_document=document(*statements, tls_only("sns:Publish", arn)),
    )
    return made, arn


def dead_letters(scope: Construct, *, key_arn: str, rule_arn: str | Sequence[str]) -> str:
    """Create the queue that keeps refused alerts for two weeks, and return its ARN."""
    queue = create(sqs.CfnQueue, scope, "Undelivered", kms_master_key_id=key_arn, message_retention_period=TWO_WEEKS)
    acknowledge(queue, {"AwsSolutions::AwsSolutions-SQS3": "it is the dead-letter queue of the alert's rule"})
    arn: str = queue.attr_arn
    rule = Admitted(service="events.amazonaws.com", condition={"ArnEquals": {"aws:SourceArn": rule_arn}})
    create(
        sqs.CfnQueuePolicy,
        scope,
        "UndeliveredPolicy",
        queues=[queue.ref],
        policy_document=document(rule.statement("sqs:SendMessage", arn), tls_only("sqs:*", arn)),
    )
    return arn


def tls_only(action: str, resource: str) -> dict[str, Any]:
    """Return the statement that denies requests without TLS."""
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
    policy = create(
        iam.CfnManagedPolicy,
        scope,
        "DeliveryLogPolicy",
        description="Write the outcome of deliveries",
        policy_document=_write_delivery_logs(),
    )
    groups_id = "arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:sns/*"
    reason = "Amazon SNS names its log groups itself, below sns/"
    acknowledge(policy, {f"AwsSolutions::AwsSolutions-IAM5[Resource::{groups_id}]": reason})
    role = create(
        iam.CfnRole,
        scope,
        "DeliveryLogRole",
        description="Amazon SNS logs deliveries with it",
        assume_role_policy_document=_delivery_log_trust(),
        managed_policy_arns=[policy],
    )
    arn = role.attr_arn
    return [
        {"protocol": protocol, "failureFeedbackRoleArn": arn, "successFeedbackRoleArn": arn}
        for protocol in ("http/s", "lambda", "sqs")
    ]


@cache
def _write_delivery_logs() -> cdk.IResolvable:
    actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    return shared({"Action": actions, "Resource": _aws.arn("logs", "log-group:sns/*")})


@cache
def _delivery_log_trust() -> cdk.IResolvable:
    return shared(
        {
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sts:AssumeRole",
            # AWS's own sample has no condition, so SNS may not name the account. Only topics of this account can use
            # the role in any case, because SNS requires iam:PassRole for it.
            "Condition": {"StringEqualsIfExists": {"aws:SourceAccount": _aws.account()}},
        }
    )
