from hardened_eks.controls.deployable import addon_name_exists
from tests.controls.cases import Case, at, change, template
from tests.controls.deployable.base import ADDON

CASE = Case(
    addon_name_exists,
    template({"A": (ADDON, {"AddonName": "vpc-cni"})}),
    bad=at(
        "AddonName",
        {
            "unknown": change(ADDON, "AddonName", "amazon-vpc-cni"),
            "mistyped": change(ADDON, "AddonName", "core-dns"),
            "chart name": change(ADDON, "AddonName", "cluster-autoscaler"),
            "underscore": change(ADDON, "AddonName", "vpc_cni"),
        },
    ),
    edge={"marketplace": change(ADDON, "AddonName", "upbound_universal-crossplane")},
)
