from hardened_eks.controls.deployable import kubernetes_version_exists
from tests.controls.cases import Case, at, change
from tests.controls.deployable.base import CL, cluster

CASE = Case(
    kubernetes_version_exists,
    cluster(Version="1.36"),
    bad=at(
        "Version",
        {
            "past": change(CL, "Version", "1.9"),
            "ended": change(CL, "Version", "1.23"),
            "number": change(CL, "Version", 1.4),
            "1.30 without quotes": change(CL, "Version", 1.3),
            "patch": change(CL, "Version", "1.36.1"),
        },
    ),
    edge={
        "extended": change(CL, "Version", "1.33"),
        "newer than this release knows": change(CL, "Version", "1.99"),
        "parameter": change(CL, "Version", {"Ref": "P"}),
    },
)
