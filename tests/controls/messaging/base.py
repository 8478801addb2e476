"""What the cases of the messaging area are made of."""

from tests.controls.cases import change, template

TOPIC = "AWS::SNS::Topic"
SUB = "AWS::SNS::Subscription"
TP = "AWS::SNS::TopicPolicy"
QUEUE = "AWS::SQS::Queue"
QP = "AWS::SQS::QueuePolicy"
RULE = "AWS::Events::Rule"
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


def policy(type_, *statements):
    return change(type_, "PolicyDocument", {"Statement": list(statements)})


def without(*names):
    return lambda body: {**body, "Resources": {k: v for k, v in body["Resources"].items() if k not in names}}


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
