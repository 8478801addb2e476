"""VPC encryption controls, which monitor or enforce encryption in transit.

Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

from hardened_eks._l1 import create
from hardened_eks.data import regions
from hardened_eks.network._settings import EncryptionControl

if TYPE_CHECKING:
    from constructs import Construct

_NAT_EXCLUSIONS = {"internet_gateway_exclusion_input": "enable", "nat_gateway_exclusion_input": "enable"}


def mode(scope: Construct, asked: EncryptionControl | None, *, region: str, adopted: bool) -> EncryptionControl:
    """Return the mode. The default is to monitor, if the Region supports encryption controls."""
    if asked is not None:
        return EncryptionControl(asked)
    if adopted:
        return EncryptionControl.OFF
    if region in regions.without("AWS::EC2::VPCEncryptionControl"):
        cdk.Annotations.of(scope).add_warning_v2(
            "hardened-eks:no-encryption-control",
            f"{region} is not known to have VPC encryption controls, so unencrypted traffic is not reported; if it has "
            "them by now, pass encryption_control",
        )
        return EncryptionControl.OFF
    return EncryptionControl.MONITOR


def control(scope: Construct, vpc_id: str, mode: EncryptionControl, *, nat: bool) -> ec2.CfnVPCEncryptionControl:
    """Create the control. Traffic that leaves AWS is excluded, because it cannot be enforced."""
    exclusions: dict[str, Any] = _NAT_EXCLUSIONS if nat and mode == EncryptionControl.ENFORCE else {}
    return create(ec2.CfnVPCEncryptionControl, scope, "EncryptionControl", vpc_id=vpc_id, mode=mode.value, **exclusions)
