"""What some regions lack; pure."""

from __future__ import annotations

WITHOUT_ENCRYPTION_CONTROL = (
    *("ap-east-2", "ap-northeast-2", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "cn-north-1"),
    *("cn-northwest-1", "eu-south-2", "il-central-1", "mx-central-1"),
)
"""Regions whose CloudFormation does not know ``AWS::EC2::VPCEncryptionControl``.

Source: CloudFormation's resource schemas by region, as cfn-lint 1.58.0 carries them, read 2026-11-21.
"""
