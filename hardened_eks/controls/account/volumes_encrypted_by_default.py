from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="AC-01",
    title="New EBS volumes of the account are encrypted",
    requirement="node.ebs.default_encryption",
    types=("AWS::EC2::EbsEncryptionByDefault",),
    needs="resource",
    absence="EBS encryption by default is not set",
    severity=Severity.MEDIUM,
    why=(
        "A volume that no launch template covers, such as one from a snapshot or of a manually created instance, is "
        "readable."
    ),
    fix="Run: aws ec2 enable-ebs-encryption-by-default, in each Region.",
    source="https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html",
    blind="It is a setting of the account, which CloudFormation has no type for: only an account shows it.",
    detective="CloudFormation has no type for it: `AccountDefaults.commands` has the command.",
)
def volumes_encrypted_by_default(setting: Resource, assembly: Assembly) -> Iterator[Problem]:
    if setting.flag("EbsEncryptionByDefault", default=False) is not True:
        yield Problem("new volumes are not encrypted by default", "EbsEncryptionByDefault")
