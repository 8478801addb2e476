from hardened_eks.controls.deployable import nodegroup_launch_template_exclusive
from tests.controls.cases import Bad, Case, both, change, drop
from tests.controls.deployable.base import LT, NG, NODES

CASE = Case(
    nodegroup_launch_template_exclusive,
    NODES,
    bad={
        "disk size": Bad(change(NG, "DiskSize", 50), "DiskSize"),
        "remote access": Bad(change(NG, "RemoteAccess", {"Ec2SshKey": "k"}), "RemoteAccess"),
        "hidden disk size": Bad(change(NG, "DiskSize", {"Ref": "P"}), "DiskSize"),
        "instance profile": Bad(change(LT, "LaunchTemplateData.IamInstanceProfile", {"Arn": "x"}), "LaunchTemplate"),
        "market options": Bad(
            change(LT, "LaunchTemplateData.InstanceMarketOptions", {"MarketType": "spot"}), "LaunchTemplate"
        ),
    },
    edge={
        "by name": change(NG, "LaunchTemplate", {"Name": "nodes", "Version": "1"}),
        "disk size without template": both(drop(NG, "LaunchTemplate"), change(NG, "DiskSize", 50)),
    },
)
