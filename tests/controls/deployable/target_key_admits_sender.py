from hardened_eks.controls.deployable import target_key_admits_sender
from tests.controls.cases import Bad, Case, at, change, drop, hide, template

KEY, QUEUE, RULE = "AWS::KMS::Key", "AWS::SQS::Queue", "AWS::Events::Rule"
OWNER = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}


def admitting(*services, actions=("kms:Decrypt", "kms:GenerateDataKey*")):
    return {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": list(actions), "Resource": "*"}


SENT = template(
    {
        "Key": (KEY, {"KeyPolicy": {"Statement": [OWNER, admitting("events.amazonaws.com")]}}),
        "Queue": (QUEUE, {"KmsMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}),
        "Rule": (RULE, {"Targets": [{"Id": "a", "Arn": {"Fn::GetAtt": ["Queue", "Arn"]}}]}),
    }
)
OTHERS = "KeyPolicy.Statement.1"
DEAD = [{"Id": "a", "Arn": "x", "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["Queue", "Arn"]}}}]


def alarmed(*statements, key=None):
    return template(
        {
            "Key": (KEY, {"KeyPolicy": {"Statement": [OWNER, *statements]}}),
            "Topic": ("AWS::SNS::Topic", {"KmsMasterKeyId": key or {"Ref": "Key"}}),
            "Alarm": ("AWS::CloudWatch::Alarm", {"AlarmActions": [{"Ref": "Topic"}]}),
        }
    )


CASE = Case(
    target_key_admits_sender,
    SENT,
    bad={
        **at(
            "Targets.0.Arn",
            {
                "account alone": change(KEY, "KeyPolicy", {"Statement": [OWNER]}),
                "another service": change(KEY, OTHERS, admitting("cloudwatch.amazonaws.com")),
                "no data keys": change(KEY, OTHERS, admitting("events.amazonaws.com", actions=["kms:Decrypt"])),
                "denied": change(KEY, f"{OTHERS}.Effect", "Deny"),
                "managed key": change(QUEUE, "KmsMasterKeyId", "alias/aws/sqs"),
                "ours": change("AWS::SNS::Topic", "KmsMasterKeyId", "alias/aws/sns")(
                    template(
                        {
                            "Topic": ("AWS::SNS::Topic", {}),
                            "Rule": (RULE, {"Targets": [{"Id": "a", "Arn": {"Ref": "Topic"}}]}),
                        }
                    )
                ),
            },
        ),
        "dead letters": Bad(
            change(RULE, "Targets", DEAD)(change(KEY, "KeyPolicy", {"Statement": [OWNER]})(SENT)),
            "Targets.0.DeadLetterConfig.Arn",
        ),
        "alarm": Bad(alarmed(admitting("events.amazonaws.com")), "AlarmActions.0"),
    },
    edge={
        "key of SQS": drop(QUEUE, "KmsMasterKeyId"),
        "alarm": alarmed(admitting("cloudwatch.amazonaws.com")),
        "hidden policy": hide(KEY, "KeyPolicy"),
        "foreign key": change(QUEUE, "KmsMasterKeyId", "arn:aws:kms:eu-west-1:123456789012:key/a"),
        "foreign queue": change(RULE, "Targets.0.Arn", "arn:aws:sqs:eu-west-1:123456789012:a"),
        "everybody": change(KEY, f"{OTHERS}.Principal", "*"),
    },
)
