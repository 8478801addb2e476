"""The queue that notifies Karpenter before nodes are interrupted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_events as events
from aws_cdk import aws_sqs as sqs

from hardened_eks._l1 import create
from hardened_eks._roles import document
from hardened_eks.alerts._resources import dead_letters, tls_only
from hardened_eks.data.karpenter import EVENTS

if TYPE_CHECKING:
    from constructs import Construct

_RETENTION = 300  # seconds: an event is useless after the node is gone
_MOST_RECEIVES = 10


def interruption_queue(scope: Construct, *, cluster_name: str, key_arn: str) -> sqs.CfnQueue:
    """Create the queue, and the rules that fill it: only they may send to it, and only over TLS.

    Args:
        scope: the parent construct.
        cluster_name: name of the cluster, for the descriptions.
        key_arn: ARN of the KMS key of the messages, which must admit EventBridge.
    """
    rules = [_rule(scope, name, cluster_name) for name in EVENTS]
    arns = [rule.attr_arn for rule in rules]
    undelivered = dead_letters(scope, key_arn=key_arn, rule_arn=arns)
    queue = create(
        sqs.CfnQueue,
        scope,
        "Queue",
        kms_master_key_id=key_arn,
        message_retention_period=_RETENTION,
        redrive_policy={"deadLetterTargetArn": undelivered, "maxReceiveCount": _MOST_RECEIVES},
    )
    queue_arn = queue.attr_arn
    for rule in rules:
        target: Any = {"id": "Queue", "arn": queue_arn, "deadLetterConfig": {"arn": undelivered}}
        rule.targets = [target]
    create(
        sqs.CfnQueuePolicy,
        scope,
        "QueuePolicy",
        queues=[queue.ref],
        policy_document=document(
            {
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": queue_arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": arns}},
            },
            tls_only("sqs:*", queue_arn),
        ),
    )
    return queue


def _rule(scope: Construct, name: str, cluster_name: str) -> events.CfnRule:
    source, detail_type = EVENTS[name]
    return create(
        events.CfnRule,
        scope,
        name,
        description=f"{detail_type}, for Karpenter on EKS cluster {cluster_name}",
        event_pattern={"source": [source], "detail-type": [detail_type]},
    )
