from hardened_eks.controls.storage import bucket_blocks_public
from tests.controls.cases import Bad, Case, change, drop, hide
from tests.controls.storage.base import AP, BUCKETS, B

CASE = Case(
    bucket_blocks_public,
    BUCKETS,
    bad={
        "left out": Bad(
            drop(B, "PublicAccessBlockConfiguration"),
            "PublicAccessBlockConfiguration.BlockPublicAcls",
            "PublicAccessBlockConfiguration.BlockPublicPolicy",
            "PublicAccessBlockConfiguration.IgnorePublicAcls",
            "PublicAccessBlockConfiguration.RestrictPublicBuckets",
        ),
        "one off": Bad(
            change(B, "PublicAccessBlockConfiguration.BlockPublicPolicy", False),
            "PublicAccessBlockConfiguration.BlockPublicPolicy",
        ),
        "one left out": Bad(
            drop(B, "PublicAccessBlockConfiguration.RestrictPublicBuckets"),
            "PublicAccessBlockConfiguration.RestrictPublicBuckets",
        ),
        "one hidden": Bad(
            hide(B, "PublicAccessBlockConfiguration.IgnorePublicAcls"),
            "PublicAccessBlockConfiguration.IgnorePublicAcls",
        ),
        "all hidden": Bad(
            hide(B, "PublicAccessBlockConfiguration"),
            "PublicAccessBlockConfiguration.BlockPublicAcls",
            "PublicAccessBlockConfiguration.BlockPublicPolicy",
            "PublicAccessBlockConfiguration.IgnorePublicAcls",
            "PublicAccessBlockConfiguration.RestrictPublicBuckets",
        ),
        "access point": Bad(
            change(AP, "PublicAccessBlockConfiguration", {"BlockPublicPolicy": False}),
            "PublicAccessBlockConfiguration.BlockPublicPolicy",
        ),
    },
    edge={"text": change(B, "PublicAccessBlockConfiguration.BlockPublicAcls", "true")},
)
