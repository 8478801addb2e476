from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="AC-01",
    title="New EBS volumes of the account are encrypted by default",
    requirement="node.ebs.default_encryption",
    types=("AWS::EC2::EbsEncryptionByDefault",),
    needs="resource",
    absence="EBS encryption by default is not configured",
    severity=Severity.MEDIUM,
    why=(
        "Without this setting, a volume that no launch template covers is not encrypted, for example one restored "
        "from a snapshot or one of a manually created instance."
    ),
    fix="Run `aws ec2 enable-ebs-encryption-by-default` in each Region.",
    source="https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html",
    blind="Templates: this is an account setting without a CloudFormation resource type, so only an account shows it.",
    detective="CloudFormation has no resource type for this setting; `AccountDefaults.commands` lists the command.",
)
def volumes_encrypted_by_default(setting: Resource, assembly: Assembly) -> Iterator[Problem]:
    if setting.flag("EbsEncryptionByDefault", default=False) is not True:
        yield Problem("new volumes are not encrypted by default", "EbsEncryptionByDefault")
