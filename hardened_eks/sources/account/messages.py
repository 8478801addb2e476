"""EventBridge, SNS and SQS: how alerts reach a team."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.sources.account.asking import Refusal, mark
from hardened_eks.sources.account.found import Found, Wanted
from hardened_eks.sources.account.shape import document, pick, plain, tag_map, with_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.sources.account.asking import Asker

_OF_CLUSTERS: Final = re.compile(
    r"(?i)(?<![a-z0-9])(?:eks|ecr|kubernetes|karpenter)(?![a-z0-9])|aws\.(?:guardduty|sts|kms|health|securityhub"
    r"|inspector2|cloudtrail|access-analyzer|config|backup|signin|iam|autoscaling|ec2)\b"
)
"""Text in the event pattern of a rule that reports on clusters, or on services that monitor them."""
_DELIVERY: Final = {
    "Lambda": "lambda",
    "SQS": "sqs",
    "HTTP": "http/s",
    "Firehose": "firehose",
    "Application": "application",
}


def rules(asker: Asker) -> Iterator[Wanted]:
    """Yield the rules of the default event bus that report on clusters, which are then read."""
    for entry in asker.shared("events:ListRules", "Rules"):
        if _OF_CLUSTERS.search(entry.get("EventPattern", "")) and not entry.get("ManagedBy"):
            yield Wanted("event-rule", entry["Name"])


def rule(asker: Asker, name: str) -> Iterator[Found]:
    """Yield a rule of the default event bus with its targets."""
    entry = next(one for one in asker.shared("events:ListRules", "Rules") if one["Name"] == name)
    targets = asker.whole("events:ListTargetsByRule", "Targets", Rule=name)
    tags = asker.value("events:ListTagsForResource", "Tags", (), ResourceARN=entry["Arn"])
    properties = {**pick(entry, "Name", "Arn", "Description", "ScheduleExpression", "State", "RoleArn"),
                  "EventPattern": document(entry["EventPattern"]), "Targets": plain(targets)}  # fmt: skip
    if entry.get("EventBusName", "default") != "default":
        properties["EventBusName"] = entry["EventBusName"]
    yield Found("AWS::Events::Rule", name, with_tags(properties, tags), entry["Arn"], tag_map(tags))


def event_bus(asker: Asker, name: str) -> Iterator[Found]:
    """Yield an event bus and its policy."""
    told = asker.ask("events:DescribeEventBus", Name=name)
    if told:
        policy = document(told.get("Policy"))
        properties = {**pick(told, "Name", "Arn", "Description", "DeadLetterConfig"),
                      **({"KmsKeyIdentifier": told["KmsKeyIdentifier"]} if told.get("KmsKeyIdentifier") else {}),
                      **({"Policy": policy} if policy else {})}  # fmt: skip
        yield Found("AWS::Events::EventBus", name, properties, told.get("Arn", ""))


def topic(asker: Asker, arn: str) -> Iterator[Found]:
    """Yield a topic, its policy and its subscriptions."""
    told = asker.ask("sns:GetTopicAttributes", TopicArn=arn)
    if not told:
        return
    entry = told["Attributes"]
    tags = asker.value("sns:ListTagsForResource", "Tags", (), ResourceArn=arn)
    properties: dict[str, Any] = {"TopicArn": arn, "TopicName": arn.rpartition(":")[2]}
    properties |= pick(entry, "DisplayName", "KmsMasterKeyId", "TracingConfig", "SignatureVersion")
    logging = [
        {
            "Protocol": protocol,
            **{
                name: entry[key]
                for name in ("SuccessFeedbackRoleArn", "FailureFeedbackRoleArn", "SuccessFeedbackSampleRate")
                if entry.get(key := f"{prefix}{name}")
            },
        }
        for prefix, protocol in _DELIVERY.items()
        if entry.get(f"{prefix}SuccessFeedbackRoleArn") or entry.get(f"{prefix}FailureFeedbackRoleArn")
    ]
    properties |= {"DeliveryStatusLogging": logging} if logging else {}
    if entry.get("FifoTopic") == "true":
        properties["FifoTopic"] = True
    yield Found("AWS::SNS::Topic", arn, with_tags(properties, tags), arn, tag_map(tags))
    if entry.get("Policy"):
        policy = {"Topics": [arn], "PolicyDocument": document(entry["Policy"])}
        yield Found("AWS::SNS::TopicPolicy", f"{arn}/policy", policy)
    yield from _subscriptions(asker, arn)


def _subscriptions(asker: Asker, arn: str) -> Iterator[Found]:
    for one in asker.pages("sns:ListSubscriptionsByTopic", "Subscriptions", TopicArn=arn):
        properties = pick(one, "Protocol", "Endpoint", "TopicArn")
        if str(one.get("SubscriptionArn")).startswith("arn:"):  # it has no ARN until the subscription is confirmed
            told = asker.ask("sns:GetSubscriptionAttributes", SubscriptionArn=one["SubscriptionArn"])
            if isinstance(told, Refusal):
                properties["RedrivePolicy"] = mark(told)
            elif told and told["Attributes"].get("RedrivePolicy"):
                properties["RedrivePolicy"] = document(told["Attributes"]["RedrivePolicy"])
            properties["Arn"] = one["SubscriptionArn"]
        yield Found("AWS::SNS::Subscription", properties.get("Arn", f"{arn}|{one.get('Endpoint')}"), properties)


def queue(asker: Asker, arn: str) -> Iterator[Found]:
    """Yield a queue and its policy."""
    told = asker.ask("sqs:GetQueueUrl", QueueName=arn.rpartition(":")[2])
    if not told:
        return
    url = told["QueueUrl"]
    answer = asker.ask("sqs:GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])
    if not answer:
        return
    entry = answer.get("Attributes", {})
    tags = asker.value("sqs:ListQueueTags", "Tags", {}, QueueUrl=url)
    properties: dict[str, Any] = {"QueueUrl": url, "Arn": arn, "QueueName": arn.rpartition(":")[2]}
    properties |= pick(entry, "KmsMasterKeyId")
    for name in ("DelaySeconds", "MessageRetentionPeriod", "VisibilityTimeout", "KmsDataKeyReusePeriodSeconds"):
        properties |= {name: int(entry[name])} if entry.get(name) else {}
    if "KmsMasterKeyId" not in properties:
        properties["SqsManagedSseEnabled"] = entry.get("SqsManagedSseEnabled") == "true"
    for name in ("RedrivePolicy", "RedriveAllowPolicy"):
        properties |= {name: document(entry[name])} if entry.get(name) else {}
    yield Found("AWS::SQS::Queue", url, with_tags(properties, tags), arn, tag_map(tags))
    if entry.get("Policy"):
        yield Found("AWS::SQS::QueuePolicy", f"{url}/policy",
                    {"Queues": [url], "PolicyDocument": document(entry["Policy"])})  # fmt: skip
