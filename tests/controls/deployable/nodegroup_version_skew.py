from hardened_eks.controls.deployable import nodegroup_version_skew
from tests.controls.cases import Bad, Case, at, both, change, drop
from tests.controls.deployable.base import CL, NG, NODES

CASE = Case(
    nodegroup_version_skew,
    NODES,
    bad={
        **at(
            "Version",
            {
                "newer": change(NG, "Version", "1.37"),
                "four behind": change(NG, "Version", "1.32"),
                "cluster downgraded": change(CL, "Version", "1.34"),
            },
        ),
        "newer by its release": Bad(
            both(
                drop(NG, "Version"),
                change(NG, "AmiType", "AL2023_ARM_64_STANDARD"),
                change(NG, "ReleaseVersion", "1.37.0-20261101"),
            ),
            "ReleaseVersion",
        ),
        "cluster by a parameter": Bad(
            both(
                change(CL, "Name", {"Ref": "P"}), change(NG, "ClusterName", {"Ref": "P"}), change(NG, "Version", "1.37")
            ),
            "Version",
        ),
    },
    edge={
        "three behind": change(NG, "Version", "1.33"),
        "left out": drop(NG, "Version"),
        "Bottlerocket release": both(drop(NG, "Version"), change(NG, "ReleaseVersion", "1.49.0-5d9ac849")),
        "Bottlerocket release of digits": both(drop(NG, "Version"), change(NG, "ReleaseVersion", "1.49.0-20261101")),
        "release of the same version": both(
            drop(NG, "Version"),
            change(NG, "AmiType", "AL2023_ARM_64_STANDARD"),
            change(NG, "ReleaseVersion", "1.36.2-20261101"),
        ),
    },
)
