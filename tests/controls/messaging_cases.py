"""Cases of the messaging area."""

import json

from hardened_eks.controls import messaging as c
from tests.controls.cases import Case, both, change, drop, hide, template

TOPIC, SUB, TP = "AWS::SNS::Topic", "AWS::SNS::Subscription", "AWS::SNS::TopicPolicy"
QUEUE, QP, RULE = "AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "AWS::Events::Rule"
BUS, BP = "AWS::Events::EventBus", "AWS::Events::EventBusPolicy"
ARN = {"Fn::GetAtt": ["Dead", "Arn"]}
TLS = {
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": "sns:Publish",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
TLS_QUEUE = {**TLS, "Action": "sqs:*"}


def allow(principal, action="sns:Publish", **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    return statement | ({"Condition": condition} if condition else {})


TOPICS = template(
    {
        "Key": ("AWS::KMS::Key", {}),
        "Topic": (
            TOPIC,
            {
                "KmsMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]},
                "Tags": [{"Key": "owner", "Value": "payments"}],
                "DeliveryStatusLogging": [{"Protocol": "sqs", "FailureFeedbackRoleArn": "arn:x"}],
            },
        ),
        "Policy": (
            TP,
            {
                "Topics": [{"Ref": "Topic"}],
                "PolicyDocument": {
                    "Statement": [
                        TLS,
                        allow(
                            {"Service": "cloudwatch.amazonaws.com"},
                            StringEquals={"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
                        ),
                    ]
                },
            },
        ),
        "Subscription": (
            SUB,
            {
                "TopicArn": {"Ref": "Topic"},
                "Protocol": "https",
                "Endpoint": "https://pager.example",
                "RedrivePolicy": {"deadLetterTargetArn": ARN},
            },
        ),
        "Dead": (QUEUE, {}),
    }
)
QUEUES = template(
    {
        "Queue": (
            QUEUE,
            {"KmsMasterKeyId": "alias/queue", "RedrivePolicy": {"deadLetterTargetArn": ARN, "maxReceiveCount": 3}},
        ),
        "Dead": (QUEUE, {"KmsMasterKeyId": "alias/queue"}),
        "Policy": (
            QP,
            {
                "Queues": [{"Ref": "Queue"}, {"Ref": "Dead"}],
                "PolicyDocument": {
                    "Statement": [
                        TLS_QUEUE,
                        allow(
                            {"Service": "events.amazonaws.com"}, "sqs:SendMessage", ArnEquals={"aws:SourceArn": "arn:x"}
                        ),
                    ]
                },
            },
        ),
    }
)
RULES = template(
    {
        "Rule": (
            RULE,
            {
                "EventPattern": {"source": ["aws.eks"]},
                "Targets": [{"Id": "1", "Arn": "arn:x", "DeadLetterConfig": {"Arn": ARN}}],
            },
        ),
        "Dead": (QUEUE, {}),
    }
)
BUSES = template(
    {
        "Bus": (BUS, {"Name": "findings"}),
        "Policy": (
            BP,
            {
                "EventBusName": {"Ref": "Bus"},
                "StatementId": "org",
                "Statement": {
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "events:PutEvents",
                    "Resource": "*",
                    "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
                },
            },
        ),
    }
)


def policy(type_, *statements):
    return change(type_, "PolicyDocument", {"Statement": list(statements)})


def without(*names):
    return lambda body: {**body, "Resources": {k: v for k, v in body["Resources"].items() if k not in names}}


def lone(user):
    """A queue that only `user` names as its dead-letter queue."""
    return template({"Dead": (QUEUE, {}), "User": user})


OPEN = {
    "everybody": [allow("*")],
    "everybody in AWS": [allow({"AWS": "*"})],
    "an open condition": [allow("*", StringLike={"aws:PrincipalOrgID": "*"})],
    "an address is no caller": [allow("*", IpAddress={"aws:SourceIp": "198.51.100.0/24"})],
    "principal hidden": [allow({"AWS": {"Ref": "Who"}})],
    "everybody but one": [{"Effect": "Allow", "NotPrincipal": {"AWS": "1"}, "Action": "*", "Resource": "*"}],
}
NARROW = {
    "this account": [allow("*", StringEquals={"aws:SourceAccount": "123456789012"})],
    "organization": [allow({"AWS": "*"}, StringEquals={"aws:PrincipalOrgID": "o-1"})],
    "source": [allow("*", ArnLike={"aws:SourceArn": "arn:x"})],
    "owner": [allow("*", StringEquals={"AWS:SourceOwner": {"Ref": "AWS::AccountId"}})],
}

CASES = [
    Case(
        c.topic_encrypted,
        TOPICS,
        {
            "left out": drop(TOPIC, "KmsMasterKeyId"),
            "empty": change(TOPIC, "KmsMasterKeyId", ""),
            "no value": change(TOPIC, "KmsMasterKeyId", {"Ref": "AWS::NoValue"}),
        },
        {"in a parameter": hide(TOPIC, "KmsMasterKeyId"), "of AWS": change(TOPIC, "KmsMasterKeyId", "alias/aws/sns")},
    ),
    Case(
        c.topic_customer_key,
        TOPICS,
        {
            "left out": drop(TOPIC, "KmsMasterKeyId"),
            "of AWS": change(TOPIC, "KmsMasterKeyId", "alias/aws/sns"),
            "of AWS, by ARN": change(
                TOPIC, "KmsMasterKeyId", {"Fn::Sub": "arn:aws:kms:${AWS::Region}:1:alias/aws/sns"}
            ),
        },
        {"in a parameter": hide(TOPIC, "KmsMasterKeyId"), "by alias": change(TOPIC, "KmsMasterKeyId", "alias/alerts")},
    ),
    Case(
        c.topic_tls_only,
        TOPICS,
        {
            "no policy": without("Policy"),
            "no such statement": policy(TP, allow({"Service": "x.amazonaws.com"})),
            "an allow instead": policy(TP, {**TLS, "Effect": "Allow"}),
            "true instead": policy(TP, {**TLS, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
            "for one principal only": policy(TP, {**TLS, "Principal": {"AWS": "123456789012"}}),
            "another action": policy(TP, {**TLS, "Action": "sns:Subscribe"}),
            "narrowed": policy(
                TP, {**TLS, "Condition": {**TLS["Condition"], "StringEquals": {"aws:PrincipalTag/a": "b"}}}
            ),
            "another topic's": change(TP, "Topics", ["arn:x"]),
            "hidden": hide(TP, "PolicyDocument"),
        },
        {
            "a boolean": policy(TP, {**TLS, "Condition": {"Bool": {"aws:SecureTransport": False}}}),
            "all actions, services spared": policy(
                TP,
                {
                    **TLS,
                    "Action": "sns:*",
                    "Condition": {"Bool": {"aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false"}},
                },
            ),
        },
    ),
    Case(
        c.topic_policy_not_public,
        TOPICS,
        {**{k: policy(TP, *v) for k, v in OPEN.items()}, "hidden": hide(TP, "PolicyDocument")},
        {k: policy(TP, *v) for k, v in NARROW.items()},
    ),
    Case(
        c.subscription_not_http,
        TOPICS,
        {
            "http": change(SUB, "Protocol", "http"),
            "hidden": hide(SUB, "Protocol"),
            "endpoint in the clear": change(SUB, "Endpoint", "http://pager.example"),
            "inline": change(TOPIC, "Subscription", [{"Protocol": "http", "Endpoint": "http://x"}]),
        },
        {
            "mail": both(change(SUB, "Protocol", "email"), change(SUB, "Endpoint", "a@b.example")),
            "inline queue": change(TOPIC, "Subscription", [{"Protocol": "sqs", "Endpoint": "arn:x"}]),
        },
    ),
    Case(
        c.topic_delivery_logged,
        TOPICS,
        {
            "not logged": drop(TOPIC, "DeliveryStatusLogging"),
            "no dead letters": drop(SUB, "RedrivePolicy"),
            "inline subscription": change(TOPIC, "Subscription", [{"Protocol": "sqs", "Endpoint": "arn:x"}]),
        },
        {"mail has no log": both(drop(TOPIC, "DeliveryStatusLogging"), change(SUB, "Protocol", "email"))},
    ),
    Case(
        c.topic_tagged,
        TOPICS,
        {
            "left out": drop(TOPIC, "Tags"),
            "empty": change(TOPIC, "Tags", []),
            "no value": change(TOPIC, "Tags", {"Ref": "AWS::NoValue"}),
        },
        {"value in a parameter": hide(TOPIC, "Tags.0.Value")},
    ),
    Case(
        c.event_bus_not_open,
        BUSES,
        {
            "no policy": without("Policy"),
            "everybody": drop(BP, "Statement.Condition"),
            "old form": both(drop(BP, "Statement"), change(BP, "Principal", "*")),
            "old form, hidden": both(drop(BP, "Statement"), hide(BP, "Principal")),
            "hidden": hide(BP, "Statement"),
            "inline": change(BUS, "Policy", {"Statement": [allow("*", "events:PutEvents")]}),
        },
        {
            "old form, organization": both(
                drop(BP, "Statement"),
                change(BP, "Principal", "*"),
                change(BP, "Condition", {"Key": "aws:PrincipalOrgID", "Type": "StringEquals", "Value": {"Ref": "Org"}}),
            ),
            "old form, one account": both(drop(BP, "Statement"), change(BP, "Principal", "123456789012")),
        },
    ),
    Case(
        c.rule_dead_letters,
        RULES,
        {
            "left out": drop(RULE, "Targets.0.DeadLetterConfig"),
            "empty": change(RULE, "Targets.0.DeadLetterConfig", {}),
            "second target": change(RULE, "Targets", [{"Id": "1", "DeadLetterConfig": {"Arn": "arn:x"}}, {"Id": "2"}]),
        },
        {"in a parameter": hide(RULE, "Targets.0.DeadLetterConfig.Arn"), "no target": drop(RULE, "Targets")},
    ),
    Case(
        c.queue_encrypted,
        QUEUES,
        {
            "off": both(drop(QUEUE, "KmsMasterKeyId"), change(QUEUE, "SqsManagedSseEnabled", False)),
            "off as text": both(drop(QUEUE, "KmsMasterKeyId"), change(QUEUE, "SqsManagedSseEnabled", "false")),
            "hidden": both(drop(QUEUE, "KmsMasterKeyId"), hide(QUEUE, "SqsManagedSseEnabled")),
        },
        {
            "the service's default": drop(QUEUE, "KmsMasterKeyId"),
            "a key instead": change(QUEUE, "SqsManagedSseEnabled", False),
        },
    ),
    Case(
        c.queue_policy_safe,
        QUEUES,
        {
            "no policy": without("Policy"),
            "no TLS": policy(QP, allow({"Service": "events.amazonaws.com"}, "sqs:SendMessage")),
            "TLS for sending only": policy(QP, {**TLS_QUEUE, "Action": "sqs:SendMessage"}),
            "hidden": hide(QP, "PolicyDocument"),
            "one queue forgotten": change(QP, "Queues", [{"Ref": "Queue"}]),
            **{k: policy(QP, TLS_QUEUE, *v) for k, v in OPEN.items()},
        },
        {k: policy(QP, TLS_QUEUE, *v) for k, v in NARROW.items()},
    ),
    Case(
        c.queue_dead_letters,
        QUEUES,
        {
            "left out": without("Queue"),
            "empty": change(QUEUE, "RedrivePolicy", ""),
            "names another queue": both(
                without("Dead"),
                lambda body: {**body, "Resources": {**body["Resources"], "Second": {"Type": QUEUE, "Properties": {}}}},
            ),
        },
        {
            "of a rule": lone((RULE, {"Targets": [{"Id": "1", "DeadLetterConfig": {"Arn": ARN}}]})),
            "of a subscription": lone((SUB, {"RedrivePolicy": {"deadLetterTargetArn": ARN}})),
            "of a function": lone(("AWS::Lambda::Function", {"DeadLetterConfig": {"TargetArn": ARN}})),
            "of an asynchronous call": lone(
                ("AWS::Lambda::EventInvokeConfig", {"DestinationConfig": {"OnFailure": {"Destination": ARN}}})
            ),
            "said by itself": template({"Dead": (QUEUE, {"RedriveAllowPolicy": {"redrivePermission": "byQueue"}})}),
            "as text": change(
                QUEUE, "RedrivePolicy", json.dumps({"deadLetterTargetArn": "arn:x", "maxReceiveCount": 3})
            ),
        },
    ),
]
