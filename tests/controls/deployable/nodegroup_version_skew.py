from hardened_eks.controls.deployable import nodegroup_version_skew
from tests.controls.cases import Bad, Case, at, both, change, drop
from tests.controls.deployable.base import CL, NG, NODES
from tests.controls import self_managed
from tests.controls.self_managed import AL2023, BOTTLEROCKET, IMAGE, LT


def image(text, **cluster):
    """Self-managed nodes of an image."""
    mutation = both(change(LT, IMAGE, text), change(CL, "Version", cluster.get("version", "1.36")))
    return lambda _: mutation(self_managed.NODES)


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
        **at(
            "MixedInstancesPolicy",
            {
                "self-managed and newer": image(BOTTLEROCKET.format("1.37", "arm64")),
                "self-managed and four behind": image(AL2023.format("1.32", "arm64")),
                "self-managed with a flavor": image(BOTTLEROCKET.format("1.37-nvidia", "arm64")),
                "an image by a parameter": image(
                    {"Fn::Sub": BOTTLEROCKET.format("1.37", "arm64").replace("latest", "${Release}")}
                ),
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
        "self-managed": self_managed.NODES,
        "self-managed and three behind": image(BOTTLEROCKET.format("1.33", "arm64")),
        "self-managed by an id": image("ami-1"),
        "a version that is not known": image({"Fn::Sub": BOTTLEROCKET.format("${Version}", "arm64")}),
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
