from hardened_eks.controls.deployable import nodegroup_launch_template_exclusive
from tests.controls.cases import Bad, Case, both, change, drop, hide
from tests.controls.deployable.base import LT, NG, NODES

SPOT = change(LT, "LaunchTemplateData.InstanceMarketOptions", {"MarketType": "spot"})
BLOCK = change(LT, "LaunchTemplateData.InstanceMarketOptions", {"MarketType": "capacity-block"})

CASE = Case(
    nodegroup_launch_template_exclusive,
    NODES,
    bad={
        "disk size": Bad(change(NG, "DiskSize", 50), "DiskSize"),
        "remote access": Bad(change(NG, "RemoteAccess", {"Ec2SshKey": "k"}), "RemoteAccess"),
        "hidden disk size": Bad(change(NG, "DiskSize", {"Ref": "P"}), "DiskSize"),
        "instance profile": Bad(change(LT, "LaunchTemplateData.IamInstanceProfile", {"Arn": "x"}), "LaunchTemplate"),
        "market options": Bad(SPOT, "LaunchTemplate"),
        "capacity block without options": Bad(change(NG, "CapacityType", "CAPACITY_BLOCK"), "CapacityType"),
        "options of a capacity block alone": Bad(BLOCK, "CapacityType"),
        "spot beside a capacity block": Bad(both(SPOT, change(NG, "CapacityType", "CAPACITY_BLOCK")), "LaunchTemplate"),
        "market options hidden": Bad(hide(LT, "LaunchTemplateData.InstanceMarketOptions"), "LaunchTemplate"),
    },
    edge={
        "by name": change(NG, "LaunchTemplate", {"Name": "nodes", "Version": "1"}),
        "disk size without template": both(drop(NG, "LaunchTemplate"), change(NG, "DiskSize", 50)),
        "capacity block": both(BLOCK, change(NG, "CapacityType", "CAPACITY_BLOCK")),
        "capacity block by a parameter": both(
            hide(LT, "LaunchTemplateData.InstanceMarketOptions.MarketType"),
            change(NG, "CapacityType", "CAPACITY_BLOCK"),
        ),
        "capacity type hidden": both(BLOCK, hide(NG, "CapacityType")),
    },
)
