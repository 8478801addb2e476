from hardened_eks.controls.storage import bucket_without_acl
from tests.controls.cases import Bad, Case, at, change, hide
from tests.controls.storage.base import BUCKETS, B

CASE = Case(
    bucket_without_acl,
    BUCKETS,
    bad={
        **at(
            "AccessControl",
            {
                "public": change(B, "AccessControl", "PublicRead"),
                "log delivery": change(B, "AccessControl", "LogDeliveryWrite"),
                "hidden": hide(B, "AccessControl"),
            },
        ),
        "owner of the object": Bad(
            change(B, "OwnershipControls", {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}),
            "OwnershipControls.Rules.0.ObjectOwnership",
        ),
        "ownership hidden": Bad(hide(B, "OwnershipControls"), "OwnershipControls.Rules.0.ObjectOwnership"),
    },
    edge={
        "written": change(B, "OwnershipControls", {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}),
        "private": change(B, "AccessControl", "Private"),
    },
)
