"""Common parts of constructs with a Lambda function of this library: its code, and its alarms."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import AssetHashType
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._asked import key_arn_of
from hardened_eks._l1 import create
from hardened_eks.alerts._channel import Sender
from hardened_eks.alerts._delivery import tell
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_iam as iam

    from hardened_eks._code import Code
    from hardened_eks._signed_code import SignedCode
    from hardened_eks.alerts import AlertChannel
    from hardened_eks.keys import Keys

RUNTIME: Final = "python3.14"
"""The newest runtime of AWS Lambda for Python."""
_DAY: Final = 24 * 3600


def code_of(
    scope: Construct, code: Code, signed: SignedCode | None, bucket: str | None = None
) -> lambda_.CfnFunction.CodeProperty:
    """Return the location of a function's code: signed, in a bucket with the digest of its files, or an asset."""
    if signed is not None:
        return lambda_.CfnFunction.CodeProperty(
            s3_bucket=signed.bucket_name, s3_key=signed.key, s3_object_version=signed.version
        )
    if bucket is not None:
        return lambda_.CfnFunction.CodeProperty(s3_bucket=bucket, s3_key=code.name)
    with tempfile.TemporaryDirectory() as directory:
        archive = Path(directory) / "code.zip"
        archive.write_bytes(code.archive())
        asset = s3_assets.Asset(
            scope, "Code", path=str(archive), asset_hash=code.digest(), asset_hash_type=AssetHashType.CUSTOM
        )
    return lambda_.CfnFunction.CodeProperty(s3_bucket=asset.s3_bucket_name, s3_key=asset.s3_object_key)


def function_of(
    scope: Construct,
    code: Code,
    *,
    description: str,
    signed: SignedCode | None,
    bucket: str | None = None,
    role: iam.CfnRole,
    log: logs.CfnLogGroup,
    keys: Keys,
    seconds: int,
    memory: int,
    variables: Mapping[str, str],
    **more: Any,
) -> lambda_.CfnFunction:
    """Create a function with encrypted log and variables, traces, and a signature check."""
    return create(
        lambda_.CfnFunction,
        scope,
        "Resource",
        description=description,
        runtime=RUNTIME,
        architectures=["arm64"],
        handler=code.handler,
        code=code_of(scope, code, signed, bucket),
        code_signing_config_arn=None if signed is None else signed.config_arn,
        role=role.attr_arn,
        timeout=seconds,
        memory_size=memory,
        environment={"variables": dict(variables)},
        kms_key_arn=key_arn_of(keys.functions),
        logging_config={"logGroup": log.ref},
        tracing_config={"mode": "Active"},
        **more,
    )


def alarm_on_lines(
    scope: Construct,
    id: str,
    channel: AlertChannel,
    *,
    log_group_name: str,
    pattern: str,
    lines: str,
    metric: str,
    namespace: str,
    title: str,
    text: str,
) -> None:
    """Notify a channel of lines in a log.

    Args:
        scope: the parent construct of the filter and the alarm.
        id: construct ID of the alarm.
        channel: the channel that receives the alert.
        log_group_name: name of the log group.
        pattern: filter pattern of the lines.
        lines: construct ID of the filter.
        metric: prefix of the metric's name, which ends with the name of the stack.
        namespace: namespace of the metric.
        title: title of the message.
        text: text of the message.
    """
    name = f"{metric}-{_owner.in_stack(scope)}"
    create(
        logs.CfnMetricFilter,
        scope,
        lines,
        log_group_name=log_group_name,
        filter_pattern=pattern,
        metric_transformations=[{"metricName": name, "metricNamespace": namespace, "metricValue": "1"}],
    )
    alarm(scope, id, channel, title=title, text=text, namespace=namespace, metric_name=name)


def alarm(
    scope: Construct,
    id: str,
    channel: AlertChannel,
    *,
    title: str,
    text: str,
    missing: str = "notBreaching",
    comparison: str = "GreaterThanThreshold",
    threshold: int = 0,
    periods: int = 1,
    statistic: str = "Sum",
    period: int = 3600,
    **measured: Any,
) -> None:
    """Notify a channel when a metric crosses a threshold, by default with its sum in an hour."""
    made = create(
        cloudwatch.CfnAlarm,
        scope,
        id,
        alarm_description=text,
        statistic=statistic,
        period=_DAY if periods > 1 else period,
        evaluation_periods=periods,
        comparison_operator=comparison,
        threshold=threshold,
        treat_missing_data=missing,
        **measured,
    )
    sender = Sender(service="cloudwatch.amazonaws.com", arn=made.attr_arn, severity=Severity.MEDIUM, title=title)
    tell(Construct(scope, f"{id}Told"), made, sender, channel)
