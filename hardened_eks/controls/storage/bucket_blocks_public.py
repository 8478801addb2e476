from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.buckets import BUCKET

_CONFIGURATION: Final = "PublicAccessBlockConfiguration"
_BLOCKS: Final = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


@control(
    id="ST-01",
    title="Buckets and access points block public access",
    requirement="s3.block_public",
    types=(BUCKET, "AWS::S3::AccessPoint", "AWS::S3::MultiRegionAccessPoint"),
    needs="resource",
    severity=Severity.CRITICAL,
    why="Scanners find a public bucket within hours. The block applies regardless of later policies or ACLs.",
    fix="Set all four settings of PublicAccessBlockConfiguration to true (BlockPublicAccess.BLOCK_ALL).",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    blind=(
        "The account-level block. S3 enables the block on new buckets by default, but only an explicit setting keeps "
        "it on, and all tools require it. An access point without the setting has it permanently."
    ),
    enforced_by="TrailBucket",
)
def bucket_blocks_public(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    written_or_default = resource.type != BUCKET  # an access point blocks by default, and cannot be changed later
    if not written_or_default and resource.get(_CONFIGURATION) is None:
        yield Problem("no block is set, so only the S3 default for new buckets applies", _CONFIGURATION)
        return
    values = {block: resource.flag(f"{_CONFIGURATION}.{block}", default=None) for block in _BLOCKS}
    open_ = {k: v for k, v in values.items() if v is not True and not (v is None and written_or_default)}
    if open_:
        said = ", ".join(f"{k} is {'not set and therefore off' if v is None else v}" for k, v in open_.items())
        yield Problem(said, f"{_CONFIGURATION}.{next(iter(open_))}" if len(open_) == 1 else _CONFIGURATION)
