"""CloudWatch Logs and alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks.sources.account.found import Found, Wanted
from hardened_eks.sources.account.shape import pascal, pick, plain, tag_map, with_tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.sources.account.asking import Asker


def cluster_logs(asker: Asker, name: str) -> Iterator[Wanted]:
    """Ask for the log groups of a cluster: those of EKS and of Container Insights."""
    for prefix in (f"/aws/eks/{name}/", f"/aws/containerinsights/{name}/"):
        for entry in asker.pages("logs:DescribeLogGroups", "logGroups", logGroupNamePrefix=prefix):
            yield Wanted("log-group", entry["logGroupName"])


def log_group(asker: Asker, name: str) -> Iterator[Found]:
    """Yield a log group with its filters."""
    entries = asker.pages("logs:DescribeLogGroups", "logGroups", logGroupNamePrefix=name)
    entry = next((one for one in entries if one["logGroupName"] == name), None)
    if entry is None:
        return
    arn = str(entry.get("arn", "")).removesuffix(":*")
    tags = asker.value("logs:ListTagsForResource", "tags", {}, resourceArn=arn)
    properties = pascal(pick(entry, "logGroupName", "retentionInDays", "kmsKeyId", "logGroupClass"))
    properties |= {"Arn": f"{arn}:*"}
    if entry.get("deletionProtectionEnabled"):
        properties["DeletionProtectionEnabled"] = True
    yield Found("AWS::Logs::LogGroup", name, with_tags(properties, tags), f"{arn}:*", tag_map(tags))
    yield from _filters(asker, name)


def _filters(asker: Asker, name: str) -> Iterator[Found]:
    for one in asker.pages("logs:DescribeMetricFilters", "metricFilters", logGroupName=name):
        transformations = [
            {**pascal(plain({k: v for k, v in entry.items() if k != "dimensions"})),
             **({"Dimensions": [{"Key": k, "Value": v} for k, v in entry["dimensions"].items()]}
                if entry.get("dimensions") else {})}
            for entry in one.get("metricTransformations", ())
        ]  # fmt: skip
        properties = {
            "LogGroupName": name,
            "FilterName": one["filterName"],
            "FilterPattern": one.get("filterPattern", ""),
            "MetricTransformations": transformations,
        }
        if one.get("applyOnTransformedLogs"):
            properties["ApplyOnTransformedLogs"] = True
        yield Found("AWS::Logs::MetricFilter", f"{name}|{one['filterName']}", properties)
    for one in asker.pages("logs:DescribeSubscriptionFilters", "subscriptionFilters", logGroupName=name):
        properties = pascal(pick(one, "filterName", "filterPattern", "destinationArn", "roleArn", "distribution"))
        properties |= {"LogGroupName": name, "FilterPattern": one.get("filterPattern", "")}
        yield Found("AWS::Logs::SubscriptionFilter", f"{one['filterName']}|{name}", properties)
    told = asker.ask("logs:GetTransformer", logGroupIdentifier=name)
    if told and told.get("transformerConfig"):
        properties = {"LogGroupIdentifier": name, "TransformerConfig": pascal(plain(told["transformerConfig"]))}
        yield Found("AWS::Logs::Transformer", name, properties)


def resource_policies(asker: Asker) -> Iterator[Found]:
    """Yield the resource policies of CloudWatch Logs in the Region, which let others write to log groups."""
    for entry in asker.pages("logs:DescribeResourcePolicies", "resourcePolicies"):
        properties = {"PolicyName": entry["policyName"], "PolicyDocument": entry.get("policyDocument", "")}
        yield Found("AWS::Logs::ResourcePolicy", entry["policyName"], properties)


def alarms(asker: Asker) -> list[Found]:
    """Return all alarms of the Region. Which of them watch a cluster is known only later, with its parts."""
    types = {"MetricAlarms": "AWS::CloudWatch::Alarm", "CompositeAlarms": "AWS::CloudWatch::CompositeAlarm"}
    return [
        Found(type_, entry["AlarmName"], _alarm(entry), entry.get("AlarmArn", ""))
        for answer in asker.answers("cloudwatch:DescribeAlarms", AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        for key, type_ in types.items()
        for entry in answer.get(key) or ()
    ]


def _alarm(entry: Mapping[str, Any]) -> dict[str, Any]:
    properties = pick(
        entry,
        "AlarmName",
        "AlarmDescription",
        "ActionsEnabled",
        "OKActions",
        "AlarmActions",
        "InsufficientDataActions",
        "MetricName",
        "Namespace",
        "Statistic",
        "ExtendedStatistic",
        "Dimensions",
        "Period",
        "Unit",
        "EvaluationPeriods",
        "DatapointsToAlarm",
        "Threshold",
        "ComparisonOperator",
        "TreatMissingData",
        "Metrics",
        "AlarmRule",
        "ActionsSuppressor",
    )
    return {**properties, "Arn": entry.get("AlarmArn", "")}


def tagged(asker: Asker, alarm: Found) -> Found:
    """Return an alarm with its tags."""
    tags = asker.value("cloudwatch:ListTagsForResource", "Tags", (), ResourceARN=alarm.arn)
    alarm.properties = with_tags(alarm.properties, tags)
    alarm.tags = tag_map(tags)
    return alarm
