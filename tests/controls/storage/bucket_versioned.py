from hardened_eks.controls.storage import bucket_versioned
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.storage.base import BUCKETS, B

CASE = Case(
    bucket_versioned,
    BUCKETS,
    bad=at(
        "VersioningConfiguration.Status",
        {
            "left out": drop(B, "VersioningConfiguration"),
            "suspended": change(B, "VersioningConfiguration.Status", "Suspended"),
            "hidden": hide(B, "VersioningConfiguration.Status"),
        },
    ),
)
