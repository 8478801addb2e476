"""CloudTrail: trails by its API, after the checks of bucket, key, role and topic that CloudTrail makes itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.emulator.resources import ordering
from tests.iam import Policies, Request, evaluate

CALLER = "cloudtrail.amazonaws.com"


class RefusedError(ValueError):
    """What CloudTrail answers, as CloudFormation passes it on."""


INSIGHTS: dict[str, list[dict[str, Any]]] = {}
"""Name of a trail -> what CloudTrail Insights looks for."""


def install() -> None:
    """Answer GetInsightSelectors, which the emulator lacks."""
    from ministack.core.responses import error_response_json, json_response
    from ministack.services import cloudtrail

    ask, reset = cloudtrail.handle_request, cloudtrail.reset

    async def handle_request(method: str, path: str, headers: Any, body: Any, query_params: Any) -> Any:
        if headers.get("x-amz-target", "").split(".")[-1] != "GetInsightSelectors":
            return await ask(method, path, headers, body, query_params)
        name = json.loads(body)["TrailName"].rpartition("/")[2]
        if name not in INSIGHTS:
            return error_response_json("InsightNotEnabledException", f"{name} has no insights", 400)
        return json_response({"InsightSelectors": INSIGHTS[name]})

    def forget() -> None:
        reset()
        INSIGHTS.clear()

    cloudtrail.handle_request, cloudtrail.reset = handle_request, forget


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {"AWS::CloudTrail::Trail": {"create": _create, "update": _update, "delete": _delete}}


def _create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import cloudtrail

    name = props.get("TrailName") or f"{stack_name}-{logical_id}"
    arn = cloudtrail._trail_arn(name)
    if ordering.unordered_policies(stack_name, logical_id, "S3BucketName"):
        raise _insufficient(props["S3BucketName"], "the trail does not wait for it")
    _check(arn, props)
    _call(cloudtrail._create_trail, {"Name": name, **_body(props)})
    _configure(name, props)
    return name, {"Arn": arn, "SnsTopicArn": _topic_arn(props)}


def _update(physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import cloudtrail

    if old.get("TrailName") != new.get("TrailName"):
        return _create(physical_id, new, stack_name)
    arn = cloudtrail._trail_arn(physical_id)
    _check(arn, new)
    _configure(physical_id, new)
    return physical_id, {"Arn": arn, "SnsTopicArn": _topic_arn(new)}


def _delete(physical_id: str, props: dict[str, Any]) -> None:
    from ministack.services import cloudtrail

    _call(cloudtrail._delete_trail, {"Name": physical_id})


def _body(props: Mapping[str, Any]) -> dict[str, Any]:
    names = {"KMSKeyId": "KmsKeyId"}
    flags = ("IsMultiRegionTrail", "IsOrganizationTrail", "IncludeGlobalServiceEvents", "EnableLogFileValidation")
    texts = ("S3BucketName", "S3KeyPrefix", "SnsTopicName", "KMSKeyId", "CloudWatchLogsLogGroupArn",
             "CloudWatchLogsRoleArn")  # fmt: skip
    body: dict[str, Any] = {flag: str(props[flag]).lower() == "true" for flag in flags if flag in props}
    return body | {names.get(text, text): props[text] for text in texts if text in props}


def _configure(name: str, props: Mapping[str, Any]) -> None:
    """What CreateTrail of the emulator forgets, the selectors, and whether it logs."""
    from ministack.services import cloudtrail

    _call(cloudtrail._update_trail, {"Name": name, **_body(props)})
    selectors = {key: props[key] for key in ("EventSelectors", "AdvancedEventSelectors") if key in props}
    if selectors:
        _call(cloudtrail._put_event_selectors, {"TrailName": name, **selectors})
    INSIGHTS.pop(name, None)
    if "InsightSelectors" in props:
        INSIGHTS[name] = props["InsightSelectors"]
    logs = str(props["IsLogging"]).lower() == "true"
    _call(cloudtrail._start_logging if logs else cloudtrail._stop_logging, {"Name": name})


def _writes(selectors: Sequence[Mapping[str, Any]]) -> bool:
    """Whether one selects management events that are not read-only."""
    for selector in selectors:
        fields = {one["Field"]: one.get("Equals", []) for one in selector["FieldSelectors"]}
        if "Management" in fields.get("eventCategory", []) and "true" not in fields.get("readOnly", []):
            return True
    return False


def _call(operation: Any, body: dict[str, Any]) -> dict[str, Any]:
    status, _, text = operation(body)
    answer: dict[str, Any] = json.loads(text)
    if status >= 400:
        raise RefusedError(answer.get("message", text))
    return answer


def _check(trail_arn: str, props: Mapping[str, Any]) -> None:
    _check_bucket(trail_arn, props)
    if "KMSKeyId" in props:
        _check_key(trail_arn, props)
    if "InsightSelectors" in props and not _writes(props.get("AdvancedEventSelectors", ())):
        raise RefusedError(
            "You can only enable ApiCallRateInsight for trails that log write management events. "
            "(Service: CloudTrail, InvalidInsightSelectorsException)"
        )
    _check_logs(trail_arn, props)
    _check_topic(trail_arn, props)


def _check_bucket(trail_arn: str, props: Mapping[str, Any]) -> None:
    from ministack.services import s3

    bucket = props["S3BucketName"]
    if bucket not in s3._buckets:
        raise RefusedError(f"S3 bucket {bucket} does not exist! (Service: CloudTrail, S3BucketDoesNotExistException)")
    account = trail_arn.split(":")[4]
    prefix = f"{props['S3KeyPrefix']}/" if props.get("S3KeyPrefix") else ""
    owners = [account]
    if str(props.get("IsOrganizationTrail")).lower() == "true":
        owners.append(f"{_organization()}/{account}")  # both: the trail begins as one of its own account
    context = {"aws:SourceArn": trail_arn, "aws:SecureTransport": "true"}
    document = json.loads(s3._bucket_policies.get(bucket) or "{}")
    ours = {"s3:x-amz-acl": "bucket-owner-full-control"}
    written = [f"arn:aws:s3:::{bucket}/{prefix}AWSLogs/{owner}/CloudTrail/us-east-1/file" for owner in owners]
    for action, resource, more in (
        ("s3:GetBucketAcl", f"arn:aws:s3:::{bucket}", {}),
        *(("s3:PutObject", one, ours) for one in written),
    ):
        if not _allowed(document, action, resource, {**context, **more}):
            raise _insufficient(bucket, f"{action} on {resource}")


def _organization() -> str:
    from ministack.services import organizations

    answer = _call(organizations._describe_organization, {})
    return str(answer["Organization"]["Id"])


def _insufficient(bucket: str, why: str) -> RefusedError:
    return RefusedError(
        f"Incorrect S3 bucket policy is detected for bucket: {bucket} "
        f"(Service: CloudTrail, InsufficientS3BucketPolicyException; {why})"
    )


def _check_key(trail_arn: str, props: Mapping[str, Any]) -> None:
    from ministack.services import kms

    found = kms.key_policy_for_arn(props["KMSKeyId"])
    context = {"aws:SourceArn": trail_arn, "kms:EncryptionContext:aws:cloudtrail:arn": trail_arn}
    document = json.loads(found[0]) if found else {}
    if not all(_allowed(document, f"kms:{action}", "*", context) for action in ("GenerateDataKey", "DescribeKey")):
        raise RefusedError(
            f"Insufficient permissions to access S3 bucket {props['S3BucketName']} or KMS key {props['KMSKeyId']}. "
            "(Service: CloudTrail, InsufficientEncryptionPolicyException)"
        )


def _check_logs(trail_arn: str, props: Mapping[str, Any]) -> None:
    from ministack.services import cloudwatch_logs, iam

    group = props.get("CloudWatchLogsLogGroupArn")
    if group is None:
        return
    if not group.endswith(":*") or group.split(":")[6] not in cloudwatch_logs._log_groups:
        raise RefusedError(f"{group} is no log group (Service: CloudTrail, InvalidCloudWatchLogsLogGroupArnException)")
    name = props["CloudWatchLogsRoleArn"].rsplit("/", 1)[-1]
    role = iam._roles.get(name)
    trust = {} if role is None else role["AssumeRolePolicyDocument"]
    document = json.loads(trust) if isinstance(trust, str) else trust
    if not _allowed(document, "sts:AssumeRole", "*", {"aws:SourceArn": trail_arn}):
        raise RefusedError(
            f"Access denied. {name} cannot be taken (Service: CloudTrail, InvalidCloudWatchLogsRoleArnException)"
        )


def _check_topic(trail_arn: str, props: Mapping[str, Any]) -> None:
    from ministack.services import sns

    topic = props.get("SnsTopicName")
    if topic is None:
        return
    arn = _topic_arn(props)
    found = sns._topics.get(arn)
    policy = (found or {}).get("attributes", {}).get("Policy") or "{}"
    document = json.loads(policy) if isinstance(policy, str) else policy
    if not _allowed(document, "sns:Publish", arn, {"aws:SourceArn": trail_arn, "aws:SecureTransport": "true"}):
        raise RefusedError(
            f"SNS Topic does not exist or the topic policy is incorrect! {topic} "
            "(Service: CloudTrail, InsufficientSnsTopicPolicyException)"
        )


def _topic_arn(props: Mapping[str, Any]) -> str:
    topic = props.get("SnsTopicName", "")
    return topic if topic.startswith("arn:") or not topic else f"arn:aws:sns:us-east-1:123456789012:{topic}"


def _allowed(document: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str]) -> bool:
    asked = Request(action=action, resource=resource, principal=CALLER, context=dict(context))
    return bool(evaluate(asked, Policies(resource=document, resource_account="123456789012", resource_decides=True)))
