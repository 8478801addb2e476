"""A break-glass role as it should be, with the whole way of its alarm: what the cases of its controls are made of."""

import copy

from tests.controls.access.base import ROLE, TRUST, document, sub, with_resources
from tests.controls.cases import change, drop, template

RULE = "AWS::Events::Rule"
FILTER = "AWS::Logs::MetricFilter"
ALARM = "AWS::CloudWatch::Alarm"
ENTRY = "AWS::EKS::AccessEntry"
TOPIC = "AWS::SNS::Topic"
TOPIC_POLICY = "AWS::SNS::TopicPolicy"
QUEUE = "AWS::SQS::Queue"
QUEUE_POLICY = "AWS::SQS::QueuePolicy"
KEY = "AWS::KMS::Key"
POLICY = "arn:aws:eks::aws:cluster-access-policy/"
ADMIN = f"{POLICY}AmazonEKSClusterAdminPolicy"
ROLE_ARN = {"Fn::GetAtt": ["Role", "Arn"]}
RULE_ARN = {"Fn::GetAtt": ["Rule", "Arn"]}
QUEUE_ARN = {"Fn::GetAtt": ["Queue", "Arn"]}
ALL_CALLS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
ANA = "arn:aws:iam::111122223333:user/emergency/ana"
BEN = "arn:aws:iam::111122223333:user/emergency/ben"
USER_ID = "906736b8-d0e1-70f8-2ac3-4d5e6f708192"
ROOT = sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")
CENTER = sub(
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-reserved/sso.amazonaws.com/*/"
    "AWSReservedSSO_BreakGlass_????????????????"
)
SAME = {
    "Bool": {"aws:MultiFactorAuthPresent": "true"},
    "NumericLessThan": {"aws:MultiFactorAuthAge": "900"},
    "StringEquals": {"sts:SourceIdentity": "${aws:username}", "aws:RequestedRegion": {"Ref": "AWS::Region"}},
}
USERS = {"Effect": "Allow", "Principal": {"AWS": [ANA, BEN]}, "Action": "sts:AssumeRole", "Condition": SAME}
NAMES = {**USERS, "Action": "sts:SetSourceIdentity"}
PERSON = {
    "Effect": "Allow",
    "Principal": {"AWS": ROOT},
    "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
    "Condition": {
        "ArnLike": {"aws:PrincipalArn": [CENTER]},
        "StringEquals": {
            "identitystore:UserId": USER_ID,
            "sts:SourceIdentity": USER_ID,
            "aws:RequestedRegion": {"Ref": "AWS::Region"},
        },
    },
}
TAKEN = {
    "source": ["aws.sts"],
    "detail-type": ["AWS API Call via CloudTrail"],
    "detail": {
        "eventSource": ["sts.amazonaws.com"],
        "eventName": ["AssumeRole"],
        "requestParameters": {"roleArn": [ROLE_ARN]},
    },
}
KEY_USE = ["kms:Decrypt", "kms:GenerateDataKey*"]


def lets(service, action, resource, **condition):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


OWNER = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}
ONLY_RULE = {"ArnEquals": {"aws:SourceArn": RULE_ARN}}
TLS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["sns:Publish", "sqs:*"],
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}

BREAK_GLASS = template(
    {
        "Role": (ROLE, {TRUST: document(USERS, NAMES), "MaxSessionDuration": 3600}),
        "Key": (KEY, {"KeyPolicy": document(OWNER, lets("events.amazonaws.com", KEY_USE, "*"))}),
        "Topic": (TOPIC, {"KmsMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}),
        "TopicPolicy": (
            TOPIC_POLICY,
            {
                "Topics": [{"Ref": "Topic"}],
                "PolicyDocument": document(lets("events.amazonaws.com", "sns:Publish", {"Ref": "Topic"}), TLS),
            },
        ),
        "Queue": (QUEUE, {"KmsMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}),
        "QueuePolicy": (
            QUEUE_POLICY,
            {
                "Queues": [{"Ref": "Queue"}],
                "PolicyDocument": document(
                    lets("events.amazonaws.com", "sqs:SendMessage", QUEUE_ARN, **ONLY_RULE), TLS
                ),
            },
        ),
        "Entry": (
            ENTRY,
            {
                "ClusterName": "one",
                "PrincipalArn": ROLE_ARN,
                "AccessPolicies": [{"PolicyArn": ADMIN, "AccessScope": {"Type": "cluster"}}],
            },
        ),
        "Rule": (
            RULE,
            {
                "EventPattern": TAKEN,
                "Targets": [{"Id": "t", "Arn": {"Ref": "Topic"}, "DeadLetterConfig": {"Arn": QUEUE_ARN}}],
                "State": ALL_CALLS,
            },
        ),
    },
    Parameters={"Stage": {"Type": "String"}, "Who": {"Type": "String"}},
    Conditions={"Whether": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
)


def trusted(*statements):
    """Return a mutation: the trust of the role is these statements."""
    return change(ROLE, TRUST, document(*statements))


def users(change_condition, **more):
    """Return the trust with its conditions changed in both statements."""
    condition = copy.deepcopy(SAME)
    change_condition(condition)
    return trusted({**USERS, "Condition": condition, **more}, {**NAMES, "Condition": condition, **more})


def without(operator, key):
    return users(lambda condition: condition[operator].pop(key))


def person(change_condition):
    condition = copy.deepcopy(PERSON["Condition"])
    change_condition(condition)
    return trusted({**PERSON, "Condition": condition})


def viewer(body):
    """Return the template without an administrator: the role is judged by none of the controls."""
    return change(ENTRY, "AccessPolicies.0.PolicyArn", f"{POLICY}AmazonEKSViewPolicy")(body)


def heard(alarm, pattern='{ $.eventName = "AssumeRole" && $.requestParameters.roleArn = "${Role.Arn}" }'):
    """Return the way by a metric filter on the trail's log group, and an alarm on its metric."""
    return with_resources(
        drop(RULE, ""),
        {
            "Filter": (
                FILTER,
                {
                    "FilterPattern": sub(pattern),
                    "MetricTransformations": [{"MetricName": "BreakGlass", "MetricNamespace": "Trail"}],
                },
            ),
            "Alarm": (ALARM, alarm),
        },
    )
