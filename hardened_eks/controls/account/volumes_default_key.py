from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_AWS = "alias/aws/ebs"


@control(
    id="AC-02",
    title="New EBS volumes are encrypted with the account's own key",
    requirement="node.ebs.cmk",
    types=("AWS::EC2::EbsDefaultKmsKey",),
    needs="resource",
    absence="the default key of EBS is not known",
    severity=Severity.LOW,
    why="The AWS managed key can neither be shared with a recovery account nor withdrawn.",
    fix="Run: aws ec2 modify-ebs-default-kms-key-id --kms-key-id KEY_ARN, in each Region.",
    source="https://docs.aws.amazon.com/ebs/latest/userguide/how-ebs-encryption-works.html",
    blind="It is a setting of the account, which CloudFormation has no type for: only an account shows it.",
    detective="CloudFormation has no type for it: `AccountDefaults.commands` has the command.",
)
def volumes_default_key(setting: Resource, assembly: Assembly) -> Iterator[Problem]:
    key = setting.get("KmsKeyId", _AWS)
    if not isinstance(key, str) or key.endswith(_AWS):
        yield Problem(f"the default key is not the account's own ({key})", "KmsKeyId")
