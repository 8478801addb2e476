"""Settings of the account, changed back by hand: what each control of an account's settings finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.emulator.changes import Change, Made
from tests.emulator.conftest import Account
from tests.emulator.service import ACCOUNT


def _call(service: str, operation: str, told: str, **arguments: Any) -> Callable[[Account, Made], str]:
    def make(account: Account, made: Made) -> str:
        getattr(account.client(service), operation)(**arguments)
        return told

    return make


SETTING_CHANGES = (
    Change("volumes are not encrypted by default",
           _call("ec2", "disable_ebs_encryption_by_default", "EbsEncryptionByDefault:account"), ("AC-01",)),
    Change("volumes have AWS's key",
           _call("ec2", "reset_ebs_default_kms_key_id", "EbsDefaultKmsKey:account"), ("AC-02",)),
    Change("metadata without tokens",
           _call("ec2", "modify_instance_metadata_defaults", "InstanceMetadataDefaults:account", HttpTokens="optional",
                 HttpPutResponseHopLimit=2), ("AC-03",)),
    Change("images may be public",
           _call("ec2", "disable_image_block_public_access", "ImageBlockPublicAccess:account"), ("AC-04",)),
    Change("serial console on",
           _call("ec2", "enable_serial_console_access", "SerialConsoleAccess:account"), ("AC-05",)),
    Change("documents may be public",
           _call("ssm", "update_service_setting", "documents can be made public", SettingValue="Enable",
                 SettingId="/ssm/documents/console/public-sharing-permission"), ("AC-06",)),
    Change("snapshots may be public",
           _call("ec2", "disable_snapshot_block_public_access", "snapshots may be public"), ("AC-07",)),
    Change("no block of public buckets",
           _call("s3control", "delete_public_access_block", "block public access to its buckets", AccountId=ACCOUNT),
           ("AC-08",)),
    Change("no scans of images and machines",
           _call("inspector2", "disable", "AccountStatus:account", resourceTypes=["EC2", "ECR", "LAMBDA"],
                 accountIds=[ACCOUNT]), ("AC-09",)),
    Change("backups skip a service",
           _call("backup", "update_region_settings", "RegionSettings:account", ResourceTypeOptInPreference={"EKS": False}),
           ("AC-10",)),
    Change("no password policy",
           _call("iam", "delete_account_password_policy", "no password policy"), ("AC-11",)),
    Change("no security contact",
           _call("account", "delete_alternate_contact", "no security contact", AlternateContactType="SECURITY"),
           ("AC-12",)),
)  # fmt: skip
