"""What the constructs with a Lambda function of this library share: where its code comes from, and who hears of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import AssetHashType
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from hardened_eks.alerts._channel import Sender
from hardened_eks.alerts._delivery import tell
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from hardened_eks._code import Code
    from hardened_eks._signed_code import SignedCode
    from hardened_eks.alerts import AlertChannel

RUNTIME: Final = "python3.14"
"""The newest runtime of AWS Lambda for Python."""
_DAY: Final = 24 * 3600


def code_of(
    scope: Construct, code: Code, signed: SignedCode | None, bucket: str | None = None
) -> lambda_.CfnFunction.CodeProperty:
    """Return where the code of a function is: signed, in a bucket under the name of its files, or an asset."""
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
    """Tell a channel when a metric passes a threshold: its sum in an hour, or in each of several days."""
    made = cloudwatch.CfnAlarm(
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
