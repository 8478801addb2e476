from hardened_eks.controls.deployable import launch_template_network
from tests.controls.cases import Bad, Case, both, change, drop, template
from tests.controls.deployable.base import LT

CASE = Case(
    launch_template_network,
    template({"T": (LT, {"LaunchTemplateData": {"SecurityGroupIds": ["sg-1"]}})}),
    bad={
        "ids": Bad(
            change(LT, "LaunchTemplateData.NetworkInterfaces", [{"DeviceIndex": 0}]),
            "LaunchTemplateData.SecurityGroupIds",
        ),
        "names": Bad(
            both(
                change(LT, "LaunchTemplateData.NetworkInterfaces", [{"DeviceIndex": 0}]),
                change(LT, "LaunchTemplateData.SecurityGroups", ["a"]),
            ),
            "LaunchTemplateData.SecurityGroupIds",
            "LaunchTemplateData.SecurityGroups",
        ),
        "hidden": Bad(
            change(LT, "LaunchTemplateData.NetworkInterfaces", {"Ref": "P"}), "LaunchTemplateData.SecurityGroupIds"
        ),
    },
    edge={
        "interface only": both(
            drop(LT, "LaunchTemplateData.SecurityGroupIds"),
            change(LT, "LaunchTemplateData.NetworkInterfaces", [{"Groups": ["sg-1"]}]),
        )
    },
)
