"""AWS Config: one recorder and one channel, by its API, after the checks of bucket and key that AWS Config makes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.emulator.resources import ordering
from tests.iam import Policies, Request, evaluate

RECORDER, CHANNEL = "AWS::Config::ConfigurationRecorder", "AWS::Config::DeliveryChannel"
CALLER = "config.amazonaws.com"


class RefusedError(ValueError):
    """What AWS Config answers, as CloudFormation passes it on."""


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        RECORDER: {"create": _recorder, "update": _record_otherwise, "delete": _forget},
        CHANNEL: {"create": _channel, "update": _deliver_otherwise, "delete": _stop},
    }


def _recorder(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import config

    name = props.get("Name") or "default"
    if config._recorders:
        raise RefusedError(
            f"Failed to put configuration recorder '{name}' because the maximum number of configuration recorders: 1 is "
            "reached. (Service: Config, MaxNumberOfConfigurationRecordersExceededException)"
        )
    if not config._delivery_channels and not ordering.beside(stack_name, logical_id, CHANNEL):
        # CloudFormation starts the recorder before it says that it is there, and tries for half an hour:
        # https://github.com/aws/aws-cdk/issues/3577
        raise RefusedError(
            "Delivery channel is not available to start configuration recorder. "
            "(Service: Config, NoAvailableDeliveryChannelException)"
        )
    _put(name, props)
    _start(name)
    return name, {}


def _record_otherwise(
    physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str
) -> tuple[str, dict[str, Any]]:
    _put(physical_id, new)
    return physical_id, {}


def _put(name: str, props: Mapping[str, Any]) -> None:
    from ministack.services import config

    group = props.get("RecordingGroup", {})
    config._put_configuration_recorder(
        {"ConfigurationRecorder": {"name": name, "roleARN": props["RoleARN"], "recordingGroup": _lower(group)}}
    )


def _lower(value: Any) -> Any:
    if isinstance(value, dict):
        return {key[0].lower() + key[1:]: _lower(one) for key, one in value.items()}
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _forget(physical_id: str, props: dict[str, Any]) -> None:
    from ministack.services import config

    config._recorders.pop(physical_id, None)


def _channel(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import config

    name = props.get("Name") or "default"
    if config._delivery_channels:
        raise RefusedError(
            f"Failed to put delivery channel '{name}' because the maximum number of delivery channels: 1 is reached. "
            "(Service: Config, MaxNumberOfDeliveryChannelsExceededException)"
        )
    if not config._recorders and not ordering.beside(stack_name, logical_id, RECORDER):
        raise RefusedError(
            "Configuration recorder is not available to put delivery channel. "
            "(Service: Config, NoAvailableConfigurationRecorderException)"
        )
    if ordering.unordered_policies(stack_name, logical_id, "S3BucketName"):
        raise _insufficient(props["S3BucketName"], "the channel does not wait for it")
    _deliver(name, props)
    for recorder in list(config._recorders):
        _start(recorder)
    return name, {}


def _deliver_otherwise(
    physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str
) -> tuple[str, dict[str, Any]]:
    _deliver(physical_id, new)
    return physical_id, {}


def _deliver(name: str, props: Mapping[str, Any]) -> None:
    from ministack.services import config

    _check(props)
    channel = {"name": name, "s3BucketName": props["S3BucketName"]}
    channel |= {"s3KmsKeyArn": props["S3KmsKeyArn"]} if "S3KmsKeyArn" in props else {}
    config._put_delivery_channel({"DeliveryChannel": channel})


def _stop(physical_id: str, props: dict[str, Any]) -> None:
    from ministack.services import config

    for recorder in list(config._recorders):
        config._stop_configuration_recorder({"ConfigurationRecorderName": recorder})
    config._delivery_channels.pop(physical_id, None)


def _start(recorder: str) -> None:
    """The recorder waits for its channel, which CloudFormation makes beside it."""
    from ministack.services import config

    if config._delivery_channels:
        config._start_configuration_recorder({"ConfigurationRecorderName": recorder})


def _check(props: Mapping[str, Any]) -> None:
    from ministack.core.responses import get_account_id
    from ministack.services import kms, s3

    bucket, account = props["S3BucketName"], get_account_id()
    if bucket not in s3._buckets:
        raise RefusedError(f"Cannot find a S3 bucket with name '{bucket}'. (Service: Config, NoSuchBucketException)")
    document = json.loads(s3._bucket_policies.get(bucket) or "{}")
    context = {"aws:SourceAccount": account, "aws:SecureTransport": "true"}
    written = f"arn:aws:s3:::{bucket}/AWSLogs/{account}/Config/ConfigWritabilityCheckFile"
    calls = [
        (document, "s3:GetBucketAcl", f"arn:aws:s3:::{bucket}", context),
        (document, "s3:PutObject", written, {**context, "s3:x-amz-acl": "bucket-owner-full-control"}),
    ]
    if "S3KmsKeyArn" in props:
        found = kms.key_policy_for_arn(props["S3KmsKeyArn"])
        calls.append((json.loads(found[0]) if found else {}, "kms:GenerateDataKey", "*", context))
    for policy, action, resource, keys in calls:
        request = Request(action=action, resource=resource, principal=CALLER, context=keys)
        if not evaluate(request, Policies(resource=policy, resource_decides=True)):
            raise _insufficient(bucket, action)


def _insufficient(bucket: str, why: str) -> RefusedError:
    return RefusedError(
        f"Insufficient delivery policy to s3 bucket: {bucket}, unable to write to bucket, provided s3 key prefix is "
        f"'null'. (Service: Config, InsufficientDeliveryPolicyException; {why})"
    )
