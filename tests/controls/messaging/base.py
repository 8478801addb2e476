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


ACCOUNT = {"Ref": "AWS::AccountId"}
ROOT = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
STRANGER = "arn:aws:iam::999988887777:role/x"
EVENTS = {"Service": "events.amazonaws.com"}
FROM_A_RULE = {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["Rule", "Arn"]}}}


def strangers(action):
    """Return statements that let in somebody else by name: an account, a service for anybody, all but some actions."""
    service = action.split(":")[0]
    return {
        "a stranger beside oneself": [allow({"AWS": [ROOT, STRANGER]}, action)],
        "a stranger's account": [allow({"AWS": [ROOT, "999988887777"]}, action)],
        "a stranger by condition": [
            allow("*", action, StringEquals={"aws:PrincipalAccount": [ACCOUNT, "999988887777"]})
        ],
        "a stranger's source": [
            allow({"AWS": ROOT}, action),
            allow("*", action, ArnLike={"aws:SourceArn": "arn:aws:sns:eu-west-1:999988887777:x"}),
        ],
        "a service for a stranger's account": [
            allow({"AWS": ROOT}, action),
            allow({"Service": "sns.amazonaws.com"}, action, StringEquals={"aws:SourceAccount": "999988887777"}),
        ],
        "a service for a stranger's topic": [
            allow({"AWS": ROOT}, action),
            allow(
                {"Service": "sns.amazonaws.com"},
                action,
                ArnEquals={"aws:SourceArn": "arn:aws:sns:eu-west-1:999988887777:x"},
            ),
        ],
        "all but some actions": [
            {"Effect": "Allow", "Principal": {"AWS": ROOT}, "NotAction": f"{service}:Delete*", "Resource": "*"}
        ],
        "everybody but one, of the account": [
            {
                "Effect": "Allow",
                "NotPrincipal": {"AWS": STRANGER},
                "Action": action,
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
            }
        ],
        "any bucket": [allow({"Service": "s3.amazonaws.com"}, action)],
        "any bucket but one": [
            allow({"Service": "s3.amazonaws.com"}, action, ArnNotEquals={"aws:SourceArn": "arn:aws:s3:::payments"})
        ],
        "a bucket if it is told": [
            allow({"Service": "s3.amazonaws.com"}, action, ArnLikeIfExists={"aws:SourceArn": "arn:aws:s3:::payments"})
        ],
        "alarms of every account": [
            allow(
                {"Service": "cloudwatch.amazonaws.com"},
                action,
                ArnLike={"aws:SourceArn": "arn:aws:cloudwatch:*:*:alarm:*"},
            )
        ],
    }


def known(action):
    """Return statements that let in what is one's own, or what says for whom it comes."""
    return {
        "oneself": [allow({"AWS": ROOT}, action)],
        "a role of the stack": [allow({"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}, action)],
        "an account by number": [allow({"AWS": "arn:aws:iam::111122223333:role/x"}, action)],
        "an account of the organization": [
            allow({"AWS": [ROOT, STRANGER]}, action, StringEquals={"aws:PrincipalOrgID": "o-a1b2c3d4e5"})
        ],
        "a bucket": [
            allow(
                {"Service": "s3.amazonaws.com"},
                action,
                ArnLike={"aws:SourceArn": "arn:aws:s3:*:*:payments"},
                StringEquals={"aws:SourceAccount": ACCOUNT},
            )
        ],
        "a topic": [allow({"Service": "sns.amazonaws.com"}, action, ArnEquals={"aws:SourceArn": {"Ref": "Topic"}})],
        "alarms of the account": [
            allow(
                {"Service": "cloudwatch.amazonaws.com"},
                action,
                ArnLike={"aws:SourceArn": {"Fn::Sub": "arn:aws:cloudwatch:*:${AWS::AccountId}:alarm:*"}},
            )
        ],
        "the organization's services": [
            allow({"Service": "cloudtrail.amazonaws.com"}, action, StringEquals={"aws:SourceOrgID": "o-a1b2c3d4e5"})
        ],
        "the trail of another account": [
            allow({"AWS": ROOT}, action),
            allow(
                {"Service": "cloudtrail.amazonaws.com"},
                action,
                ArnEquals={"aws:SourceArn": "arn:aws:cloudtrail:eu-west-1:999988887777:trail/x"},
            ),
        ],
        "a service that sends no source": [allow({"Service": "codestar-notifications.amazonaws.com"}, action)],
    }
