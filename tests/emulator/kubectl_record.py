"""The in-cluster baseline on the emulator: what an administrator applies, and what the recording handler noted."""

from __future__ import annotations

import json
from typing import Any

import boto3
from botocore.config import Config

from tests.emulator.service import REGION
from tests.emulator.standins.kubectl import RECORD


def run_bootstrap(url: str, cluster: str, objects: list[dict[str, Any]]) -> None:
    """Apply objects as an administrator does: the recording kubectl handler asks them for its rights."""
    s3 = _paths(url)
    s3.create_bucket(Bucket=RECORD)
    s3.put_object(Bucket=RECORD, Key=f"{cluster}/bootstrap.json", Body=json.dumps(objects).encode())


def recorded_kubectl(url: str, cluster: str) -> list[dict[str, Any]]:
    """Return what the recording kubectl handler was asked to apply, first what came first."""
    s3 = _paths(url)
    if RECORD not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
        return []
    found = s3.list_objects_v2(Bucket=RECORD, Prefix=f"{cluster}/applied/").get("Contents", [])
    keys = sorted(item["Key"] for item in found)
    return [json.loads(s3.get_object(Bucket=RECORD, Key=key)["Body"].read()) for key in keys]


def _paths(url: str) -> Any:
    """An S3 client that names buckets in paths: the emulator is no host of theirs."""
    return boto3.client(
        "s3", endpoint_url=url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test",
        config=Config(s3={"addressing_style": "path"}),
    )  # fmt: skip
