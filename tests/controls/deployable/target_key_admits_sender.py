from hardened_eks.controls.deployable import target_key_admits_sender
from tests.controls.cases import Bad, Case, at, both, change, drop, hide, template

KEY, QUEUE, RULE = "AWS::KMS::Key", "AWS::SQS::Queue", "AWS::Events::Rule"
TOPIC, TOPIC_POLICY, QUEUE_POLICY = "AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy"
OWNER = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}
EVENTS, ALARMS = "events.amazonaws.com", "cloudwatch.amazonaws.com"
FOR_RULE = {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["Rule", "Arn"]}}}


def admitting(*services, actions=("kms:Decrypt", "kms:GenerateDataKey*"), condition=None):
    statement = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": list(actions), "Resource": "*"}
    return {**statement, "Condition": condition} if condition else statement


def taking(service, action, resource, condition=None):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": resource}
    return {"Statement": [{**statement, "Condition": condition} if condition else statement]}


QUEUE_ARN = {"Fn::GetAtt": ["Queue", "Arn"]}
SENT = template(
    {
        "Key": (KEY, {"KeyPolicy": {"Statement": [OWNER, admitting(EVENTS)]}}),
        "Queue": (QUEUE, {"KmsMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}),
        "QueuePolicy": (
            QUEUE_POLICY,
            {"Queues": [{"Ref": "Queue"}], "PolicyDocument": taking(EVENTS, "sqs:SendMessage", QUEUE_ARN, FOR_RULE)},
        ),
        "Rule": (RULE, {"Targets": [{"Id": "a", "Arn": QUEUE_ARN}]}),
    }
)
OTHERS, TAKES = "KeyPolicy.Statement.1", "PolicyDocument.Statement.0"
DEAD = [{"Id": "a", "Arn": "x", "DeadLetterConfig": {"Arn": QUEUE_ARN}}]
OTHER_RULE = "arn:aws:events:eu-west-1:123456789012:rule/other"


def topic(source, service, *statements, condition=None, policy=True, key=None):
    """A rule or an alarm that tells an encrypted topic."""
    found = {
        "Key": (KEY, {"KeyPolicy": {"Statement": [OWNER, *statements]}}),
        "Topic": (TOPIC, {"KmsMasterKeyId": key or {"Ref": "Key"}}),
        **source,
    }
    if policy:
        document = taking(service, "sns:Publish", {"Ref": "Topic"}, condition)
        found["TopicPolicy"] = (TOPIC_POLICY, {"Topics": [{"Ref": "Topic"}], "PolicyDocument": document})
    return template(found)


ALARM = {"Alarm": ("AWS::CloudWatch::Alarm", {"AlarmActions": [{"Ref": "Topic"}]})}
COMPOSITE = {"Alarm": ("AWS::CloudWatch::CompositeAlarm", {"AlarmActions": [{"Ref": "Topic"}], "AlarmRule": "x"})}
TELLS = {"Rule": (RULE, {"Targets": [{"Id": "a", "Arn": {"Ref": "Topic"}}]})}
OF_ACCOUNT = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
OWNED = {"StringEquals": {"AWS:SourceOwner": {"Ref": "AWS::AccountId"}}}
OF_ALARMS = {"ArnLike": {"aws:SourceArn": {"Fn::Sub": "arn:aws:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*"}}}


def role_for(arn):
    return template({"Rule": (RULE, {"Targets": [{"Id": "a", "Arn": arn, "RoleArn": "arn:aws:iam::1:role/a"}]})})


CASE = Case(
    target_key_admits_sender,
    SENT,
    bad={
        **at(
            "Targets.0.Arn",
            {
                "account alone": change(KEY, "KeyPolicy", {"Statement": [OWNER]}),
                "another service": change(KEY, OTHERS, admitting(ALARMS)),
                "no data keys": change(KEY, OTHERS, admitting(EVENTS, actions=["kms:Decrypt"])),
                "denied": change(KEY, f"{OTHERS}.Effect", "Deny"),
                "source account at the key": change(KEY, OTHERS, admitting(EVENTS, condition=OF_ACCOUNT)),
                "source at the key": change(KEY, OTHERS, admitting(EVENTS, condition=FOR_RULE)),
                "managed key": change(QUEUE, "KmsMasterKeyId", "alias/aws/sqs"),
                "no queue policy": drop(QUEUE_POLICY, "Queues"),
                "policy for another service": change(QUEUE_POLICY, f"{TAKES}.Principal", {"Service": ALARMS}),
                "policy for another rule": change(
                    QUEUE_POLICY, f"{TAKES}.Condition.ArnEquals", {"aws:SourceArn": OTHER_RULE}
                ),
                "policy refuses": change(QUEUE_POLICY, f"{TAKES}.Effect", "Deny"),
                "topic without a policy": topic(TELLS, EVENTS, admitting(EVENTS), policy=False),
                "topic for alarms": topic(TELLS, ALARMS, admitting(EVENTS)),
                "topic for a rule alone": topic(TELLS, EVENTS, admitting(EVENTS), condition=FOR_RULE),
                "topic for rules of an account": topic(TELLS, EVENTS, admitting(EVENTS), condition=OF_ACCOUNT),
                "topic of its owner, a rule": topic(TELLS, EVENTS, admitting(EVENTS), condition=OWNED),
                "ours": change(TOPIC, "KmsMasterKeyId", "alias/aws/sns")(topic(TELLS, EVENTS)),
            },
        ),
        "dead letters": Bad(
            change(RULE, "Targets", DEAD)(change(KEY, "KeyPolicy", {"Statement": [OWNER]})(SENT)),
            "Targets.0.DeadLetterConfig.Arn",
        ),
        **at(
            "AlarmActions.0",
            {
                "alarm, key": topic(ALARM, ALARMS, admitting(EVENTS)),
                "alarm, policy for rules alone": topic(ALARM, EVENTS, admitting(ALARMS)),
                "composite alarm": topic(COMPOSITE, EVENTS, admitting(ALARMS)),
            },
        ),
        **at(
            "Targets.0.RoleArn",
            {
                "role for a queue": change(RULE, "Targets.0.RoleArn", "arn:aws:iam::123456789012:role/a"),
                "role for a foreign topic": role_for("arn:aws:sns:eu-west-1:123456789012:a"),
                "role for a foreign function": role_for("arn:aws:lambda:eu-west-1:123456789012:function:a"),
                "role for a foreign log group": role_for("arn:aws:logs:eu-west-1:123456789012:log-group:a"),
            },
        ),
    },
    edge={
        "key of SQS": drop(QUEUE, "KmsMasterKeyId"),
        "rule and topic": topic(TELLS, EVENTS, admitting(EVENTS)),
        "alarm": topic(ALARM, ALARMS, admitting(ALARMS)),
        "composite alarm": topic(COMPOSITE, ALARMS, admitting(ALARMS), condition=OF_ALARMS),
        "alarm, key by account": topic(ALARM, ALARMS, admitting(ALARMS, condition=OF_ACCOUNT), condition=OF_ACCOUNT),
        "alarm, owner's topic": topic(ALARM, ALARMS, admitting(ALARMS), condition=OWNED),
        "alarm, topic without a policy": topic(ALARM, ALARMS, admitting(ALARMS), policy=False),
        "hidden key policy": hide(KEY, "KeyPolicy"),
        "hidden queue policy": hide(QUEUE_POLICY, "PolicyDocument"),
        "source in a parameter": change(
            QUEUE_POLICY, f"{TAKES}.Condition", {"ArnEquals": {"aws:SourceArn": {"Ref": "Parameter"}}}
        ),
        "foreign key": change(QUEUE, "KmsMasterKeyId", "arn:aws:kms:eu-west-1:123456789012:key/a"),
        "foreign queue": change(RULE, "Targets.0.Arn", "arn:aws:sqs:eu-west-1:123456789012:a"),
        "everybody": both(
            change(KEY, f"{OTHERS}.Principal", "*"), change(QUEUE_POLICY, f"{TAKES}.Principal", {"AWS": "*"})
        ),
        "role for an event bus": role_for("arn:aws:events:eu-west-1:123456789012:event-bus/a"),
        "role for an API destination": role_for("arn:aws:events:eu-west-1:123456789012:api-destination/a/b"),
    },
)
