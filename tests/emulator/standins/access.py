"""A stand-in for resource policies where AWS's services send: topics, queues, their keys, log groups.

ministack stores these policies and asks none. They are decided by `tests.iam`, with the service as the principal and the
condition keys that the service fills in: for a topic and its key, EventBridge fills in none
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions).
"""

from __future__ import annotations

import json
from typing import Any

from tests.iam.evaluation import Policies, Request, evaluate

_DEFAULT = "__default_policy_ID"


def install() -> None:
    """Hold alarm actions to the policy of their topic."""
    from ministack.services import cloudwatch, sns

    dispatch = cloudwatch._dispatch_alarm_actions

    def dispatch_alarm_actions(alarm: dict[str, Any], old: str, new: str, reason: str) -> None:
        fields = ("AlarmActions", "OKActions", "InsufficientDataActions")
        held = {field: [arn for arn in alarm.get(field) or [] if _reached(alarm, arn)] for field in fields}
        dispatch({**alarm, **held}, old, new, reason)

    def _reached(alarm: dict[str, Any], arn: str) -> bool:
        found = sns._topic_by_arn_any_scope(arn)
        if found is None:
            return False
        problem = topic(found, "cloudwatch.amazonaws.com", alarm["AlarmArn"])
        if problem:
            cloudwatch.logger.warning("alarm %s: %s", alarm["AlarmName"], problem)
        return not problem

    cloudwatch._dispatch_alarm_actions = dispatch_alarm_actions


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the handler of topics: ministack's drops the key, and its default policy lets everybody in."""
    theirs = dict(table["AWS::SNS::Topic"])

    def keep(arn: str, props: dict[str, Any]) -> None:
        from ministack.services import sns

        attributes = sns._topics[arn]["attributes"]
        attributes.pop("KmsMasterKeyId", None)
        if props.get("KmsMasterKeyId"):
            attributes["KmsMasterKeyId"] = props["KmsMasterKeyId"]
        policy = json.loads(attributes["Policy"])
        if policy.get("Id") == _DEFAULT:
            owner = {"StringEquals": {"AWS:SourceOwner": attributes["Owner"]}}
            policy["Statement"][0]["Condition"] = owner
            attributes["Policy"] = json.dumps(policy)

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        result = theirs["create"](logical_id, props, stack_name)
        keep(result[0], props)
        return result

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any) -> Any:
        result = theirs["update"](physical_id, old, new, *rest, **more)
        keep(result[0], new)
        return result

    return {"AWS::SNS::Topic": {**theirs, "create": create, "update": update}}


def topic(found: dict[str, Any], service: str, source: str) -> str:
    """Return why `service` may not publish to a topic on behalf of the rule or alarm `source`; empty: it may."""
    attributes = found["attributes"]
    if _DEFAULT in attributes.get("Policy", "") and service == "cloudwatch.amazonaws.com":
        return _key(
            attributes.get("KmsMasterKeyId"), service, source
        )  # the default policy lets the account's alarms in
    arn, told = found["arn"], "" if service == "events.amazonaws.com" else source
    return _refused(attributes.get("Policy"), "sns:Publish", arn, service, told) or _key(
        attributes.get("KmsMasterKeyId"), service, source
    )


def queue(found: dict[str, Any], service: str, source: str) -> str:
    """Return why `service` may not send to a queue; empty: it may."""
    attributes = found["attributes"]
    arn = attributes["QueueArn"]
    return _refused(attributes.get("Policy"), "sqs:SendMessage", arn, service, source) or _key(
        attributes.get("KmsMasterKeyId"), service, source
    )


def log_group(arn: str, source: str) -> str:
    """Return why EventBridge may not write to a log stream; empty: it may."""
    from ministack.services import cloudwatch_logs

    documents = [entry["policyDocument"] for entry in cloudwatch_logs._resource_policies.values()]
    if any(not _refused(text, "logs:PutLogEvents", arn, "events.amazonaws.com", source) for text in documents):
        return ""
    return f"no resource policy of CloudWatch Logs lets events.amazonaws.com write to {arn}"


def _key(name: str | None, service: str, source: str) -> str:
    """Return why a service may not use a customer managed key."""
    from ministack.services import kms

    if not name or name.startswith("alias/aws/"):
        return f"{service} cannot use the key {name}" if name else ""
    record = kms._resolve_key(name)
    if record is None:
        return f"there is no key {name}"
    by_rule = service == "events.amazonaws.com"
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        problem = _refused(record["Policy"], action, record["Arn"], service, "" if by_rule else source)
        if problem:
            return problem
    return ""


def _refused(policy: Any, action: str, arn: str, service: str, source: str) -> str:
    """Return a sentence where the policy does not allow the action."""
    document = json.loads(policy) if isinstance(policy, str) and policy else policy or None
    context = {"aws:SecureTransport": "true", "aws:PrincipalIsAWSService": "true"}
    if source:
        context |= {"aws:SourceArn": source, "aws:SourceAccount": source.split(":")[4]}
    request = Request(action=action, resource=arn, principal=service, context=context)
    owner = arn.split(":")[4]
    verdict = evaluate(request, Policies(resource=document, resource_account=owner, resource_decides=True))
    return "" if verdict else f"{service} may not {action} on {arn}: {verdict.reason}"
