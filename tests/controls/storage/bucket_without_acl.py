from hardened_eks.controls.storage import bucket_without_acl
from tests.controls.cases import Bad, Case, change, hide
from tests.controls.storage.base import BUCKETS, B

CASE = Case(
    bucket_without_acl,
    BUCKETS,
    bad={
        "public": Bad(change(B, "AccessControl", "PublicRead"), "AccessControl"),
        "log delivery": Bad(change(B, "AccessControl", "LogDeliveryWrite"), "AccessControl"),
        "hidden": Bad(hide(B, "AccessControl"), "AccessControl"),
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
