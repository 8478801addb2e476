"""Defaults of an account for which CloudFormation has no type, as commands of the AWS CLI.

docs/how-to/account-defaults.md lists them. A test checks with botocore that each operation and parameter exists.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final

from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One setting, with the commands that set and show it."""

    what: str
    """The effect of the setting, as a heading."""
    why: str
    """The reason for the setting: one sentence."""
    service: str
    """The name of the service in botocore and the CLI."""
    operation: str
    """The subcommand of the CLI, such as ``enable-ebs-encryption-by-default``."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Values by option of the CLI; an empty value for a flag. Default: no options."""
    seen_by: str = ""
    """The operation that shows the setting. Default: none."""
    where: str = "region"
    """``region``: once in each Region; ``account``: once; ``management``: in the organization's management account.
    Default: ``region``."""

    @property
    def line(self) -> str:
        """The command."""
        options = " ".join(f"--{name} {value}".rstrip() for name, value in self.parameters.items())
        return f"aws {self.service} {self.operation} {options}".rstrip()


COMMANDS: Final = (
    Command(
        what="New volumes are encrypted",
        why="A volume that no launch template covers is encrypted as well.",
        service="ec2",
        operation="enable-ebs-encryption-by-default",
        seen_by="get-ebs-encryption-by-default",
    ),
    Command(
        what="New volumes are encrypted with your key",
        why="AWS's own key can neither be shared with a recovery account nor withdrawn.",
        service="ec2",
        operation="modify-ebs-default-kms-key-id",
        parameters={"kms-key-id": "KEY_ARN"},
        seen_by="get-ebs-default-kms-key-id",
    ),
    Command(
        what="Instances ask for tokens (IMDSv2), one hop far",
        why="Instances that no launch template of this library starts give their credentials to no pod and no proxy.",
        service="ec2",
        operation="modify-instance-metadata-defaults",
        parameters={"http-tokens": "required", "http-put-response-hop-limit": "1"},
        seen_by="get-instance-metadata-defaults",
    ),
    Command(
        what="Machine images are never public",
        why="A public image shows its disk to everybody.",
        service="ec2",
        operation="enable-image-block-public-access",
        parameters={"image-block-public-access-state": "block-new-sharing"},
        seen_by="get-image-block-public-access-state",
    ),
    Command(
        what="No serial console",
        why="It is a way into an instance that no security group sees.",
        service="ec2",
        operation="disable-serial-console-access",
        seen_by="get-serial-console-access-status",
    ),
    Command(
        what="Documents of Systems Manager are never public",
        why="A shared document shows everybody what runs on your machines; `AccountDefaults` sets it where it can.",
        service="ssm",
        operation="update-service-setting",
        parameters={"setting-id": "/ssm/documents/console/public-sharing-permission", "setting-value": "Disable"},
        seen_by="get-service-setting",
    ),
    Command(
        what="Buckets of the account are never public",
        why="It holds for buckets that somebody makes tomorrow.",
        service="s3control",
        operation="put-public-access-block",
        parameters={
            "account-id": "ACCOUNT",
            "public-access-block-configuration": (
                "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
            ),
        },
        seen_by="get-public-access-block",
        where="account",
    ),
    Command(
        what="Amazon Inspector scans images, instances and functions",
        why="`Registry` switches it on for images alone.",
        service="inspector2",
        operation="enable",
        parameters={"resource-types": "ECR EC2 LAMBDA"},
        seen_by="batch-get-account-status",
    ),
    Command(
        what="AWS Backup backs up EKS, EBS, EFS and S3",
        why="Where it is off, a plan that selects by tag skips these silently.",
        service="backup",
        operation="update-region-settings",
        parameters={"resource-type-opt-in-preference": "EKS=true,EBS=true,EFS=true,S3=true"},
        seen_by="describe-region-settings",
    ),
    Command(
        what="Backups may be copied to another account",
        why="A copy that the account's administrators cannot delete survives them.",
        service="backup",
        operation="update-global-settings",
        parameters={"global-settings": "isCrossAccountBackupEnabled=true"},
        seen_by="describe-global-settings",
        where="management",
    ),
    Command(
        what="IAM users have long passwords",
        why="The library knows no IAM users but those of the break-glass role.",
        service="iam",
        operation="update-account-password-policy",
        parameters={
            "minimum-password-length": "16",
            "require-symbols": "",
            "require-numbers": "",
            "require-uppercase-characters": "",
            "require-lowercase-characters": "",
            "max-password-age": "90",
            "password-reuse-prevention": "24",
            "allow-users-to-change-password": "",  # the call resets what it does not name, and off is the default
        },
        seen_by="get-account-password-policy",
        where="account",
    ),
    Command(
        what="AWS knows whom to call about security",
        why="A notice of stolen keys goes to the root user's mailbox otherwise.",
        service="account",
        operation="put-alternate-contact",
        parameters={
            "alternate-contact-type": "SECURITY",
            "name": "NAME",
            "title": "TITLE",
            "email-address": "MAIL",
            "phone-number": "PHONE",
        },
        seen_by="get-alternate-contact",
        where="account",
    ),
    Command(
        what="CloudTrail may record the organization",
        why="Before the first organization trail.",
        service="organizations",
        operation="enable-aws-service-access",
        parameters={"service-principal": "cloudtrail.amazonaws.com"},
        seen_by="list-aws-service-access-for-organization",
        where="management",
    ),
    Command(
        what="EC2 may take part in the organization",
        why="Before the first declarative policy of EC2.",
        service="organizations",
        operation="enable-aws-service-access",
        parameters={"service-principal": "ec2.amazonaws.com"},
        seen_by="list-aws-service-access-for-organization",
        where="management",
    ),
    Command(
        what="Declarative policies may set defaults of EC2",
        why="Before the first one; the account can no longer change what they set.",
        service="organizations",
        operation="enable-policy-type",
        parameters={"root-id": "ROOT_ID", "policy-type": "DECLARATIVE_POLICY_EC2"},
        seen_by="list-roots",
        where="management",
    ),
)
"""The entries in the order of the page."""
