from hardened_eks.controls.nodes import volumes_encrypted
from tests.controls.cases import Bad, Case, at, both, change, drop, hide, template
from tests.controls.nodes.base import (
    AL2023,
    BOTTLEROCKET,
    DEVICES,
    INHERITING,
    LT,
    PLAIN_GROUP,
    VOLUME,
    chosen,
    configuration,
    devices,
    disk,
    instance,
)

CASE = Case(
    volumes_encrypted,
    AL2023,
    bad={
        **at(
            "LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted",
            {
                "off": change(LT, f"{DEVICES}.0.Ebs.Encrypted", False),
                "off as text": change(LT, f"{DEVICES}.0.Ebs.Encrypted", "false"),
                "left out": drop(LT, f"{DEVICES}.0.Ebs.Encrypted"),
                "hidden": hide(LT, f"{DEVICES}.0.Ebs.Encrypted"),
                "no volume settings": drop(LT, f"{DEVICES}.0.Ebs"),
                "volume settings hidden": hide(LT, f"{DEVICES}.0.Ebs"),
                "volume settings malformed": change(LT, f"{DEVICES}.0.Ebs", True),
            },
        ),
        **at(
            "LaunchTemplateData.BlockDeviceMappings",
            {
                "as the image has it": drop(LT, DEVICES),
                "empty": devices(),
                "all hidden": hide(LT, DEVICES),
            },
        ),
        "one hidden": Bad(
            both(devices(disk(Encrypted=True), {"Ref": "Device"}), lambda b: {**b, "Parameters": {"Device": {}}}),
            "LaunchTemplateData.BlockDeviceMappings.1",
        ),
        "one only sometimes encrypted": Bad(
            devices(chosen(disk(Encrypted=True), disk(Encrypted=False))),
            "LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted",
        ),
        "one malformed": Bad(devices(disk(Encrypted=True), "/dev/xvdb"), "LaunchTemplateData.BlockDeviceMappings.1"),
        "second off": Bad(
            devices(disk(Encrypted=True), disk(Encrypted=False)),
            "LaunchTemplateData.BlockDeviceMappings.1.Ebs.Encrypted",
        ),
        "instance store only": Bad(
            devices({"DeviceName": "/dev/xvdc", "VirtualName": "ephemeral0"}), "LaunchTemplateData.BlockDeviceMappings"
        ),
        "both instance store and volume": Bad(
            devices({"VirtualName": "ephemeral0", **disk(Encrypted=False)}),
            "LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted",
        ),
        "root taken away only": Bad(
            devices({"DeviceName": "/dev/xvdb", "NoDevice": ""}), "LaunchTemplateData.BlockDeviceMappings"
        ),
        "data of Bottlerocket left out": Bad(BOTTLEROCKET, "LaunchTemplateData.BlockDeviceMappings"),
        "root of Bottlerocket left out": Bad(
            both(BOTTLEROCKET, devices({**disk(Encrypted=True), "DeviceName": "/dev/xvdb"})),
            "LaunchTemplateData.BlockDeviceMappings",
        ),
        "Bottlerocket by its image": Bad(
            change(
                LT,
                "LaunchTemplateData.ImageId",
                "resolve:ssm:/aws/service/bottlerocket/aws-k8s-1.36/arm64/latest/image_id",
            ),
            "LaunchTemplateData.BlockDeviceMappings",
        ),
        "no launch template": Bad(PLAIN_GROUP, "LaunchTemplate"),
        "instance": Bad(instance(BlockDeviceMappings=[disk(Encrypted=False)]), "BlockDeviceMappings.0.Ebs.Encrypted"),
        "instance as the image has it": Bad(instance(ImageId="ami-1"), "BlockDeviceMappings"),
        "launch configuration": Bad(configuration(BlockDeviceMappings=[disk()]), "BlockDeviceMappings.0.Ebs.Encrypted"),
        "volume": Bad(template({"Disk": (VOLUME, {"Size": 8})}), "Encrypted"),
        "volume off": Bad(template({"Disk": (VOLUME, {"Encrypted": "false"})}), "Encrypted"),
    },
    edge={
        "both of Bottlerocket": both(
            BOTTLEROCKET, devices(disk(Encrypted=True), {**disk(Encrypted=True), "DeviceName": "/dev/xvdb"})
        ),
        "one of Bottlerocket taken away": both(
            BOTTLEROCKET, devices(disk(Encrypted=True), {"DeviceName": "/dev/xvdb", "NoDevice": ""})
        ),
        "text": change(LT, f"{DEVICES}.0.Ebs.Encrypted", "true"),
        "instance store as well": devices(disk(Encrypted=True), {"VirtualName": "ephemeral0"}),
        "one taken away": devices(disk(Encrypted=True), {"DeviceName": "/dev/xvdb", "NoDevice": ""}),
        "one sometimes": devices(disk(Encrypted=True), chosen(disk(Encrypted="True"))),
        "instance with a launch template": INHERITING,
        "volume": template({"Disk": (VOLUME, {"Encrypted": "true"})}),
        "launch configuration": configuration(BlockDeviceMappings=[disk(Encrypted=True)]),
    },
)
