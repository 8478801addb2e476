from hardened_eks.controls.nodes import container_os
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.nodes.base import GOOD, GROUP, chosen

CASE = Case(
    container_os,
    GOOD,
    bad=at(
        "AmiType",
        {
            "AL2": change(GROUP, "AmiType", "AL2_x86_64"),
            "Windows": change(GROUP, "AmiType", "WINDOWS_CORE_2022_x86_64"),
            "custom": change(GROUP, "AmiType", "CUSTOM"),
            "left out": drop(GROUP, "AmiType"),
            "hidden": hide(GROUP, "AmiType"),
            "sometimes": change(GROUP, "AmiType", chosen("AL2023_x86_64_STANDARD")),
            "AL2 in one case": change(GROUP, "AmiType", chosen("AL2023_x86_64_STANDARD", "AL2_x86_64")),
            "malformed": change(GROUP, "AmiType", ["BOTTLEROCKET_ARM_64"]),
        },
    ),
    edge={
        "AL2023": change(GROUP, "AmiType", "AL2023_x86_64_STANDARD"),
        "FIPS": change(GROUP, "AmiType", "BOTTLEROCKET_x86_64_FIPS"),
        "architecture joined": change(GROUP, "AmiType", {"Fn::Sub": "AL2023_${Architecture}_STANDARD"}),
        "one or the other": change(GROUP, "AmiType", chosen("BOTTLEROCKET_ARM_64", "AL2023_ARM_64_STANDARD")),
    },
)
