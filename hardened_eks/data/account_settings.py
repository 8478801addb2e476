"""Settings of an account as resources for controls: the call that returns each, and its properties.

If CloudFormation has a type for a setting, that type and its properties are used. Otherwise, a similar type name is
used; such a resource is in no template, only in account data. A reader creates one resource from each response, with
the properties in `properties`. If the setting does not exist, no resource is created, but the type is complete, so that
a control reports it as missing.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final

from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCOUNT: Final = "ACCOUNT"
"""A placeholder in call parameters for the ID of the account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSetting:
    """One setting of an account, or of each Region of an account."""

    type: str
    """The type of the resource."""
    service: str
    """The service name in botocore, such as ``ec2``."""
    operation: str
    """The call that returns it, such as ``GetEbsEncryptionByDefault``."""
    properties: Mapping[str, str]
    """Property of the resource -> its path in the response: keys separated by ``.``, ``0`` for the first list item.
    Empty: the whole response. A missing part is omitted."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """The parameters of the call."""
    account_wide: bool = False
    """Whether the setting applies to all Regions. Default: each Region has its own."""
    in_templates: bool = False
    """Whether CloudFormation has the type. Default: false, only account data contains it."""
    id: str = "account"
    """The physical ID."""


_BLOCK: Final = "PublicAccessBlockConfiguration"
_INSPECTED: Final = "accounts.0.resourceState"
SETTINGS: Final = (
    AccountSetting(
        type="AWS::EC2::EbsEncryptionByDefault",
        service="ec2",
        operation="GetEbsEncryptionByDefault",
        properties={"EbsEncryptionByDefault": "EbsEncryptionByDefault"},
    ),
    AccountSetting(
        type="AWS::EC2::EbsDefaultKmsKey",
        service="ec2",
        operation="GetEbsDefaultKmsKeyId",
        properties={"KmsKeyId": "KmsKeyId"},
    ),
    AccountSetting(
        type="AWS::EC2::InstanceMetadataDefaults",
        service="ec2",
        operation="GetInstanceMetadataDefaults",
        properties={
            name: f"AccountLevel.{name}"
            for name in ("HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint", "HttpTokensEnforced", "ManagedBy")
        },
    ),
    AccountSetting(
        type="AWS::EC2::ImageBlockPublicAccess",
        service="ec2",
        operation="GetImageBlockPublicAccessState",
        properties={"State": "ImageBlockPublicAccessState", "ManagedBy": "ManagedBy"},
    ),
    AccountSetting(
        type="AWS::EC2::SerialConsoleAccess",
        service="ec2",
        operation="GetSerialConsoleAccessStatus",
        properties={"SerialConsoleAccessEnabled": "SerialConsoleAccessEnabled", "ManagedBy": "ManagedBy"},
    ),
    AccountSetting(
        type="AWS::EC2::SnapshotBlockPublicAccess",
        service="ec2",
        operation="GetSnapshotBlockPublicAccessState",
        properties={"State": "State"},
        in_templates=True,
    ),
    AccountSetting(
        type="AWS::SSM::ServiceSetting",
        service="ssm",
        operation="GetServiceSetting",
        parameters={"SettingId": "/ssm/documents/console/public-sharing-permission"},
        properties={"SettingId": "ServiceSetting.SettingId", "SettingValue": "ServiceSetting.SettingValue"},
        in_templates=True,
        id="/ssm/documents/console/public-sharing-permission",
    ),
    AccountSetting(
        type="AWS::S3::AccountPublicAccessBlock",
        service="s3control",
        operation="GetPublicAccessBlock",
        parameters={"AccountId": ACCOUNT},
        properties={
            name: f"{_BLOCK}.{name}"
            for name in ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        },
        account_wide=True,
    ),
    AccountSetting(
        type="AWS::InspectorV2::AccountStatus",
        service="inspector2",
        operation="BatchGetAccountStatus",
        properties={
            "State": "accounts.0.state.status",
            "Ec2": f"{_INSPECTED}.ec2.status",
            "Ecr": f"{_INSPECTED}.ecr.status",
            "Lambda": f"{_INSPECTED}.lambda.status",
        },
    ),
    AccountSetting(
        type="AWS::Backup::RegionSettings",
        service="backup",
        operation="DescribeRegionSettings",
        properties={"ResourceTypeOptInPreference": "ResourceTypeOptInPreference"},
    ),
    AccountSetting(
        type="AWS::IAM::AccountPasswordPolicy",
        service="iam",
        operation="GetAccountPasswordPolicy",
        properties={
            name: f"PasswordPolicy.{name}"
            for name in (
                "MinimumPasswordLength",
                "RequireSymbols",
                "RequireNumbers",
                "RequireUppercaseCharacters",
                "RequireLowercaseCharacters",
                "MaxPasswordAge",
                "PasswordReusePrevention",
            )
        },
        account_wide=True,
    ),
    AccountSetting(
        type="AWS::Account::AlternateContact",
        service="account",
        operation="GetAlternateContact",
        parameters={"AlternateContactType": "SECURITY"},
        properties={
            name: f"AlternateContact.{name}" for name in ("AlternateContactType", "EmailAddress", "PhoneNumber")
        },
        account_wide=True,
        id="SECURITY",
    ),
)
"""All of them. The scan type of the container registry has its own CloudFormation type and reader."""

BY_TYPE: Final = {one.type: one for one in SETTINGS}
ONLY_IN_ACCOUNTS: Final = frozenset(one.type for one in SETTINGS if not one.in_templates)
"""Types that are in no template, so they are not missing there."""
ACCOUNT_WIDE: Final = frozenset(one.type for one in SETTINGS if one.account_wide)
"""Types of which an account has only one, instead of one in each Region."""


def properties_of(setting: AccountSetting, answer: Mapping[str, object]) -> dict[str, object]:
    """Return the properties of a resource from the response of the call."""
    found = {name: _part(answer, path) for name, path in setting.properties.items()}
    return {name: value for name, value in found.items() if value is not None}


def _part(answer: object, path: str) -> object:
    for step in path.split("."):
        if isinstance(answer, list):
            answer = answer[int(step)] if int(step) < len(answer) else None
        elif isinstance(answer, dict):
            answer = answer.get(step)
        else:
            return None
    return answer
