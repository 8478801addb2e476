"""Settings of an account as resources, for controls: which call shows each, and which property it becomes; pure.

Where CloudFormation has a type for a setting, it is that type and its properties. Where it has none, the type is named
as one would be: such a resource is in no template, and only who reads an account has it. A reader creates one resource
of each answer, with the properties in `properties`. An answer that says "there is none" makes none; the type is
complete all the same, so that a control says that it is missing.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final

from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCOUNT: Final = "ACCOUNT"
"""As the value of a call's parameter: the ID of the account that is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSetting:
    """One setting of an account, or of an account in each Region."""

    type: str
    """Type of the resource."""
    service: str
    """The name in botocore: ``ec2``."""
    operation: str
    """The call that shows it: ``GetEbsEncryptionByDefault``."""
    properties: Mapping[str, str]
    """Property of the resource -> where the answer has it: keys with ``.`` between, ``0`` for the first of a list.
    Empty: the whole answer. A part that is missing in the answer is left out."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Parameters of the call."""
    account_wide: bool = False
    """Whether it is one for all Regions. Default: each Region has its own."""
    in_templates: bool = False
    """Whether CloudFormation has the type. Default: only an account has it."""
    id: str = "account"
    """Its physical ID."""


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
"""All of them. The scan type of the container registry has a type of CloudFormation and a reader of its own."""

BY_TYPE: Final = {one.type: one for one in SETTINGS}
ONLY_IN_ACCOUNTS: Final = frozenset(one.type for one in SETTINGS if not one.in_templates)
"""Types that no template has: nothing is missing where one is not there."""
ACCOUNT_WIDE: Final = frozenset(one.type for one in SETTINGS if one.account_wide)
"""Types of which an account has one, not one in each Region."""


def properties_of(setting: AccountSetting, answer: Mapping[str, object]) -> dict[str, object]:
    """Return the properties of a resource from what the call answered."""
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
