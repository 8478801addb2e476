"""What names of regions look like, and what some regions lack; pure."""

from __future__ import annotations

import re

_NAME = re.compile(
    r"[a-z]{2,4}(-[a-z]{2,4})?-(north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9]"
)


def plausible(name: str) -> bool:
    """Say whether a region may have this name, now or later: a place, a partition's mark, a direction, a number.

    Source: the regions of botocore 1.43's endpoints.json, all partitions, read 2026-11-21; a test compares.
    """
    return _NAME.fullmatch(name) is not None


WITHOUT_ENCRYPTION_CONTROL = (
    *("ap-east-2", "ap-northeast-2", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "cn-north-1"),
    *("cn-northwest-1", "eu-south-2", "il-central-1", "mx-central-1"),
)
"""Regions whose CloudFormation does not know ``AWS::EC2::VPCEncryptionControl``.

Source: CloudFormation's resource schemas by region, as cfn-lint 1.58.0 carries them, read 2026-11-21.
"""
