from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_ALL: Final = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@control(
    id="AC-08",
    title="Buckets of the account can never be public",
    requirement="s3.block_public",
    types=("AWS::S3::AccountPublicAccessBlock",),
    needs="resource",
    absence="the account does not block public access to its buckets",
    severity=Severity.HIGH,
    why="It also applies to buckets that somebody creates later, regardless of their own policies.",
    fix=(
        "Run: aws s3control put-public-access-block --account-id ACCOUNT --public-access-block-configuration "
        "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true."
    ),
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-account.html",
    blind="It is a setting of the account, which CloudFormation has no type for: only an account shows it.",
    detective="CloudFormation has no type for it: `AccountDefaults.commands` has the command.",
)
def buckets_never_public(setting: Resource, assembly: Assembly) -> Iterator[Problem]:
    for name in _ALL:
        if setting.flag(name, default=False) is not True:
            yield Problem(f"the account lets buckets be public ({name} is off)", name)
