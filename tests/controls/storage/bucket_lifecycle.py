from hardened_eks.controls.storage import bucket_lifecycle
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.storage.base import BUCKETS, B

CASE = Case(
    bucket_lifecycle,
    BUCKETS,
    bad=at(
        "LifecycleConfiguration.Rules",
        {
            "left out": drop(B, "LifecycleConfiguration"),
            "disabled": change(B, "LifecycleConfiguration.Rules.0.Status", "Disabled"),
            "status hidden": hide(B, "LifecycleConfiguration.Rules.0.Status"),
            "hidden": hide(B, "LifecycleConfiguration"),
        },
    ),
)
