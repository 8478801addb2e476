import copy

from hardened_eks.controls.access import break_glass_alarm
from tests.controls.access.base import ROLE, document, sub, with_resources
from tests.controls.access.break_glass import (
    ALARM,
    BREAK_GLASS,
    ENTRY,
    FILTER,
    KEY,
    KEY_USE,
    OWNER,
    QUEUE,
    QUEUE_POLICY,
    ROLE_ARN,
    RULE,
    RULE_ARN,
    TOPIC,
    TOPIC_POLICY,
    heard,
    lets,
    viewer,
)
from tests.controls.cases import ITSELF, Case, at, both, change, drop, hide

EVENTS, ALARMS = "events.amazonaws.com", "cloudwatch.amazonaws.com"
PUBLISHES = lets(EVENTS, "sns:Publish", {"Ref": "Topic"})


def pattern(path, value):
    return change(RULE, f"EventPattern.{path}", value)


def admits(*statements):
    return change(TOPIC_POLICY, "PolicyDocument", document(*statements))


def where(**condition):
    return admits(lets(EVENTS, "sns:Publish", {"Ref": "Topic"}, **condition))


def key(*statements):
    return change(KEY, "KeyPolicy", document(OWNER, *statements))


def source(arn, operator="ArnLike"):
    return {operator: {"aws:SourceArn": arn}}


GOOD_ALARM = {
    "MetricName": "BreakGlass",
    "Namespace": "Trail",
    "AlarmActions": [{"Ref": "Topic"}],
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    "Threshold": 1,
    "EvaluationPeriods": 1,
    "Statistic": "Sum",
}
FOR_ALARMS = both(drop(TOPIC, "KmsMasterKeyId"), drop(TOPIC_POLICY, ""))
DENIES = {"Effect": "Deny", "Principal": "*", "Action": "sns:*", "Resource": "*"}
PATTERNS = {
    "about another role": pattern("detail.requestParameters.roleArn", ["arn:aws:iam::1:role/x"]),
    "about nobody": change(RULE, "EventPattern", {"source": ["aws.sts"]}),
    "another call": pattern("detail.eventName", ["AssumeRoleWithSAML"]),
    "another service": pattern("source", ["aws.iam"]),
    "another kind of event": pattern("detail-type", ["AWS Console Sign In via CloudTrail"]),
    "from one address": pattern("detail.sourceIPAddress", [{"cidr": "203.0.113.0/24"}]),
    "by users alone": pattern("detail.userIdentity", {"type": ["IAMUser"]}),
    "for long sessions": pattern("detail.requestParameters.durationSeconds", [{"numeric": [">", 3600]}]),
    "refused ones": pattern("detail.errorCode", [{"exists": True}]),
    "but one person": pattern("detail.userIdentity", {"userName": [{"anything-but": ["ana"]}]}),
    "with a session's name": pattern("detail.requestParameters.roleSessionName", [{"prefix": "incident"}]),
    "a field that there is not": pattern("detail.roleArn", [ROLE_ARN]),
    "a parameter decides": pattern("detail.eventName", [{"Ref": "Who"}]),
    "no value at all": pattern("detail.eventName", []),
    "an or that is never": pattern("detail.$or", [{"awsRegion": ["mars-north-1"]}, {"errorCode": ["x"]}]),
    "one after the other in an or": pattern(
        "detail.$or", [{"userIdentity": {"type": ["Root"]}}, {"userIdentity": {"type": ["IAMUser"]}}]
    ),
}
RULES = {
    "no rule": drop(RULE, ""),
    "the role only delivers": both(
        change(RULE, "EventPattern", {"source": ["aws.sts"]}), change(RULE, "Targets.0.RoleArn", ROLE_ARN)
    ),
    "switched off": change(RULE, "State", "DISABLED"),
    "not told of read-only calls": change(RULE, "State", "ENABLED"),
    "state left out": drop(RULE, "State"),
    "state hidden": hide(RULE, "State"),
    "tells nobody": drop(RULE, "Targets"),
    "tells an empty list": change(RULE, "Targets", []),
    "on another bus": change(RULE, "EventBusName", "alerts"),
    "tells a log group": with_resources(
        change(RULE, "Targets.0.Arn", {"Fn::GetAtt": ["Group", "Arn"]}), {"Group": ("AWS::Logs::LogGroup", {})}
    ),
    "is off, and tells a topic that is not seen": both(
        change(RULE, "State", "DISABLED"), change(RULE, "Targets.0.Arn", "arn:aws:sns:eu-west-1:1:security")
    ),
}
RECEIVERS = {
    "no topic policy": drop(TOPIC_POLICY, ""),
    "the policy of another topic": change(TOPIC_POLICY, "Topics", ["arn:aws:sns:eu-west-1:111122223333:x"]),
    "admits another service": admits(lets("s3.amazonaws.com", "sns:Publish", {"Ref": "Topic"})),
    "admits another action": admits(lets(EVENTS, "sns:GetTopicAttributes", {"Ref": "Topic"})),
    "admits to another topic": admits(lets(EVENTS, "sns:Publish", "arn:aws:sns:eu-west-1:111122223333:x")),
    "admits another rule": where(**source(sub("arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/other"))),
    "admits rules of another account": where(**source("arn:aws:events:eu-west-1:999988887777:rule/*")),
    "admits the rule alone, which EventBridge does not name": where(**source(RULE_ARN, "ArnEquals")),
    "admits all rules of the account, which EventBridge does not name": where(
        **source(sub("arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/*"))
    ),
    "admits its own account, which EventBridge does not name": where(
        StringEquals={"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    ),
    "admits another account": where(StringEquals={"aws:SourceAccount": "999988887777"}),
    "admits by a key that is not sent": where(StringEquals={"aws:PrincipalOrgID": "o-1"}),
    "denies everybody": admits(PUBLISHES, DENIES),
    "denies the rule": admits(PUBLISHES, {**DENIES, "Condition": {"ArnEquals": {"aws:SourceArn": RULE_ARN}}}),
    "denies other accounts, its own among them": admits(
        PUBLISHES, {**DENIES, "Condition": {"StringNotEquals": {"aws:SourceAccount": "999988887777"}}}
    ),
    "denies other accounts, of which EventBridge says nothing": admits(
        PUBLISHES, {**DENIES, "Condition": {"StringNotEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}}
    ),
    "denies who comes from somewhere": admits(
        PUBLISHES, {**DENIES, "Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}
    ),
    "denies what is not understood": admits(
        PUBLISHES, {**DENIES, "Condition": {"IpAddress": {"aws:SourceArn": "192.0.2.0/24"}}}
    ),
    "admits who comes from somewhere": where(IpAddress={"aws:SourceIp": "192.0.2.0/24"}),
    "policy hidden": hide(TOPIC_POLICY, "PolicyDocument"),
    "the key of AWS": change(TOPIC, "KmsMasterKeyId", "alias/aws/sns"),
    "the key admits nobody": key(),
    "the key admits another service": key(lets("sqs.amazonaws.com", KEY_USE, "*")),
    "the key admits half": key(lets(EVENTS, "kms:Decrypt", "*")),
    "the key asks for whom": key(
        lets(EVENTS, KEY_USE, "*", StringEquals={"aws:SourceAccount": {"Ref": "AWS::AccountId"}})
    ),
    "the key denies it": key(
        lets(EVENTS, KEY_USE, "*"), {**DENIES, "Action": "kms:*", "Principal": {"Service": EVENTS}}
    ),
    "the queue admits nobody": drop(QUEUE_POLICY, ""),
    "the queue admits another rule": change(
        QUEUE_POLICY, "PolicyDocument.Statement.0.Condition", source("arn:aws:events:*:*:rule/other")
    ),
    "the queue has the key of AWS": change(QUEUE, "KmsMasterKeyId", "alias/aws/sqs"),
}
FILTERS = {
    "a filter without alarm": both(FOR_ALARMS, heard(GOOD_ALARM), drop(ALARM, "")),
    "an alarm on another metric": both(FOR_ALARMS, heard({**GOOD_ALARM, "MetricName": "Other"})),
    "an alarm in another namespace": both(FOR_ALARMS, heard({**GOOD_ALARM, "Namespace": "Other"})),
    "an alarm that tells nobody": both(FOR_ALARMS, heard({**GOOD_ALARM, "AlarmActions": []})),
    "an alarm that is switched off": both(FOR_ALARMS, heard({**GOOD_ALARM, "ActionsEnabled": False})),
    "an alarm that waits for two": both(FOR_ALARMS, heard({**GOOD_ALARM, "Threshold": 2})),
    "an alarm on less": both(FOR_ALARMS, heard({**GOOD_ALARM, "ComparisonOperator": "LessThanThreshold"})),
    "an alarm that waits for long": both(FOR_ALARMS, heard({**GOOD_ALARM, "EvaluationPeriods": 3})),
    "an alarm to a topic for rules": heard(GOOD_ALARM),
    "a filter with a condition": both(
        FOR_ALARMS,
        heard(GOOD_ALARM, '{ $.sourceIPAddress = "203.0.113.7" && $.requestParameters.roleArn = "${Role.Arn}" }'),
    ),
    "a filter on another call": both(
        FOR_ALARMS,
        heard(GOOD_ALARM, '{ ($.eventName = "AssumeRoleWithSAML") && ($.requestParameters.roleArn = "${Role.Arn}") }'),
    ),
    "a filter with a nested or": both(
        FOR_ALARMS,
        heard(
            GOOD_ALARM,
            '{ $.requestParameters.roleArn = "${Role.Arn}" && ($.eventName = "x" || $.eventName = "AssumeRole") }',
        ),
    ),
    "a filter that counts nothing": both(
        FOR_ALARMS, heard(GOOD_ALARM), change(FILTER, "MetricTransformations.0.MetricValue", "0")
    ),
    "an alarm with dimensions": both(FOR_ALARMS, heard({**GOOD_ALARM, "Dimensions": [{"Name": "a", "Value": "b"}]})),
    "an alarm with a unit": both(FOR_ALARMS, heard({**GOOD_ALARM, "Unit": "Bytes"})),
    "a filter on another log group than the trail's": both(
        FOR_ALARMS,
        heard(GOOD_ALARM),
        change(FILTER, "LogGroupName", {"Ref": "Other"}),
        lambda body: with_resources(
            change("AWS::CloudTrail::Trail", "CloudWatchLogsLogGroupArn", {"Fn::GetAtt": ["OfTrail", "Arn"]}),
            {
                "Other": ("AWS::Logs::LogGroup", {}),
                "OfTrail": ("AWS::Logs::LogGroup", {}),
                "Trail": ("AWS::CloudTrail::Trail", {"CloudWatchLogsLogGroupArn": {"Fn::GetAtt": ["OfTrail", "Arn"]}}),
            },
        )(body),
    ),  # fmt: skip
    "a filter of words": both(FOR_ALARMS, heard(GOOD_ALARM, '"${Role.Arn}"')),
}


def by_lambda(body, *, permission=True):
    changed = change(RULE, "Targets", [{"Id": "t", "Arn": {"Fn::GetAtt": ["Function", "Arn"]}}])(body)
    more = {"Function": {"Type": "AWS::Lambda::Function", "Properties": {}}}
    if permission:
        properties = {"FunctionName": {"Ref": "Function"}, "Principal": EVENTS, "Action": "lambda:InvokeFunction"}
        more["Permission"] = {"Type": "AWS::Lambda::Permission", "Properties": properties}
    return {**changed, "Resources": {**changed["Resources"], **more}}


def named(body):
    """Give the role a fixed name, and write it out where it was referred to."""
    arn = sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/glass")
    return both(
        change(ROLE, "RoleName", "glass"),
        change(ENTRY, "PrincipalArn", arn),
        change(RULE, "EventPattern.detail.requestParameters.roleArn", [arn]),
    )(body)


def second_way(body):
    """Add a rule that works beside one that does not."""
    changed = change(RULE, "State", "DISABLED")(body)
    good = copy.deepcopy(body["Resources"]["Rule"])
    good["Properties"]["Targets"][0].pop("DeadLetterConfig")
    return {**changed, "Resources": {**changed["Resources"], "Second": good}}


CASE = Case(
    break_glass_alarm,
    BREAK_GLASS,
    bad=at(
        ITSELF,
        {
            **PATTERNS,
            **RULES,
            **RECEIVERS,
            **FILTERS,
            "a function that it may not call": lambda body: by_lambda(body, permission=False),
            "policy joined": both(
                drop(RULE, ""),
                change(
                    ENTRY,
                    "AccessPolicies.0.PolicyArn",
                    sub("arn:${AWS::Partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"),
                ),
            ),
            "principal by name": both(named, drop(RULE, "")),
        },
    ),
    edge={
        "by metric and alarm": both(FOR_ALARMS, heard(GOOD_ALARM)),
        "by metric and an alarm of few words": both(
            FOR_ALARMS, heard({"MetricName": "BreakGlass", "AlarmActions": [{"Ref": "Topic"}]})
        ),
        "by metric, to a topic for alarms": both(
            heard(GOOD_ALARM),
            admits(lets(ALARMS, "sns:Publish", {"Ref": "Topic"})),
            key(lets(ALARMS, KEY_USE, "*", StringEquals={"aws:SourceAccount": {"Ref": "AWS::AccountId"}})),
        ),
        "by metric, either call": both(
            FOR_ALARMS,
            heard(
                GOOD_ALARM,
                '{ ($.requestParameters.roleArn = "${Role.Arn}" && $.eventName = "AssumeRole*") || ($.a = "b") }',
            ),
        ),
        "the pattern by Sub": pattern("detail.requestParameters.roleArn", [{"Fn::Sub": "${Role.Arn}"}]),
        "the pattern as text": change(
            RULE,
            "EventPattern",
            sub('{"source": ["aws.sts"], "detail": {"requestParameters": {"roleArn": ["${Role.Arn}"]}}}'),
        ),
        "the pattern on resources": change(
            RULE,
            "EventPattern",
            {"detail": {"eventName": [{"prefix": "AssumeRole"}], "resources": {"ARN": [ROLE_ARN]}}},
        ),
        "either of two calls": pattern("detail.eventName", ["AssumeRoleWithSAML", {"wildcard": "Assume*Role"}]),
        "not what is never": pattern("detail.eventName", [{"anything-but": ["GetCallerIdentity"]}]),
        "in its own region and account": both(
            pattern("region", [{"Ref": "AWS::Region"}]),
            pattern("detail.recipientAccountId", [{"Ref": "AWS::AccountId"}]),
        ),
        "only if it succeeds": pattern("detail.errorCode", [{"exists": False}]),
        "an or of both": pattern(
            "detail.$or", [{"userIdentity": {"type": ["AssumedRole"]}}, {"userIdentity": {"type": ["IAMUser"]}}]
        ),
        "all by name": named,
        "a second way": second_way,
        "a second target": change(
            RULE, "Targets", [{"Id": "a", "Arn": {"Ref": "Nowhere"}}, {"Id": "b", "Arn": {"Ref": "Topic"}}]
        ),
        "a function": by_lambda,
        "anybody's": where(),
        "every action": admits(lets(EVENTS, "*", "*")),
        "no encryption": drop(TOPIC, "KmsMasterKeyId"),
        "denies all of other organizations, where one is told": admits(
            PUBLISHES, {**DENIES, "Condition": {"ForAnyValue:StringNotLike": {"aws:SourceOrgID": "*"}}}
        ),
        "denies who is no service": admits(
            PUBLISHES, {**DENIES, "Condition": {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}
        ),
        "no dead letters": drop(RULE, "Targets.0.DeadLetterConfig"),
        "a topic that is not seen, which is IA-19's": change(RULE, "Targets.0.Arn", "arn:aws:sns:eu-west-1:1:security"),
        "no administrator": both(drop(RULE, ""), viewer),
        "no entry": both(drop(RULE, ""), drop(ENTRY, "")),
        "entry of another": both(drop(RULE, ""), change(ENTRY, "PrincipalArn", "arn:aws:iam::1:role/x")),
        "malformed": both(viewer, change(ENTRY, "AccessPolicies", [5, None, "x"]), change(RULE, "Targets", [5])),
    },
)
