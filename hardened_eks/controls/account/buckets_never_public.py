from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_ALL: Final = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@control(
    id="AC-08",
    title="S3 buckets of the account cannot be made public",
    requirement="s3.block_public",
    types=("AWS::S3::AccountPublicAccessBlock",),
    needs="resource",
    absence="the account does not block public access to its buckets",
    severity=Severity.HIGH,
    why="The setting also protects buckets that somebody creates later, regardless of their own policies.",
    fix=(
        "Run `aws s3control put-public-access-block --account-id ACCOUNT --public-access-block-configuration "
        "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`."
    ),
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-account.html",
    blind="Templates: this is an account setting without a CloudFormation resource type, so only an account shows it.",
    detective="CloudFormation has no resource type for this setting; `AccountDefaults.commands` lists the command.",
)
def buckets_never_public(setting: Resource, assembly: Assembly) -> Iterator[Problem]:
    for name in _ALL:
        if setting.flag(name, default=False) is not True:
            yield Problem(f"the account allows public buckets ({name} is off)", name)
