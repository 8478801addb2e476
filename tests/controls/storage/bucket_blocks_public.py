from hardened_eks.controls.storage import bucket_blocks_public
from tests.controls.cases import Bad, Case, both, change, drop, hide
from tests.controls.storage.base import AP, BUCKETS, B

CASE = Case(
    bucket_blocks_public,
    BUCKETS,
    bad={
        "left out": Bad(
            drop(B, "PublicAccessBlockConfiguration"),
            "PublicAccessBlockConfiguration",
        ),
        "one off": Bad(
            change(B, "PublicAccessBlockConfiguration.BlockPublicPolicy", False),
            "PublicAccessBlockConfiguration.BlockPublicPolicy",
        ),
        "one left out": Bad(
            drop(B, "PublicAccessBlockConfiguration.RestrictPublicBuckets"),
            "PublicAccessBlockConfiguration.RestrictPublicBuckets",
        ),
        "two off": Bad(
            both(
                change(B, "PublicAccessBlockConfiguration.BlockPublicPolicy", False),
                drop(B, "PublicAccessBlockConfiguration.IgnorePublicAcls"),
            ),
            "PublicAccessBlockConfiguration",
        ),
        "one hidden": Bad(
            hide(B, "PublicAccessBlockConfiguration.IgnorePublicAcls"),
            "PublicAccessBlockConfiguration.IgnorePublicAcls",
        ),
        "all hidden": Bad(
            hide(B, "PublicAccessBlockConfiguration"),
            "PublicAccessBlockConfiguration",
        ),
        "access point": Bad(
            change(AP, "PublicAccessBlockConfiguration", {"BlockPublicPolicy": False}),
            "PublicAccessBlockConfiguration.BlockPublicPolicy",
        ),
    },
    edge={"text": change(B, "PublicAccessBlockConfiguration.BlockPublicAcls", "true")},
)
