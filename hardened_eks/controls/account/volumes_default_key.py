from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_AWS = "alias/aws/ebs"


@control(
    id="AC-02",
    title="New EBS volumes are encrypted with a customer managed key of the account",
    requirement="node.ebs.cmk",
    types=("AWS::EC2::EbsDefaultKmsKey",),
    needs="resource",
    absence="the default EBS encryption key is not known",
    severity=Severity.LOW,
    why=(
        "A volume that is encrypted with the AWS managed key cannot be shared with a recovery account, and access to "
        "the key cannot be revoked."
    ),
    fix="Run `aws ec2 modify-ebs-default-kms-key-id --kms-key-id KEY_ARN` in each Region.",
    source="https://docs.aws.amazon.com/ebs/latest/userguide/how-ebs-encryption-works.html",
    blind="Templates: this is an account setting without a CloudFormation resource type, so only an account shows it.",
    detective="CloudFormation has no resource type for this setting; `AccountDefaults.commands` lists the command.",
)
def volumes_default_key(setting: Resource, assembly: Assembly) -> Iterator[Problem]:
    key = setting.get("KmsKeyId", _AWS)
    if not isinstance(key, str) or key.endswith(_AWS):
        yield Problem(f"the default key is not the account's own ({key})", "KmsKeyId")
