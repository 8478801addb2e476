from hardened_eks.controls.nodes import volumes_encrypted
from tests.controls.cases import Bad, Case, both, change, drop, hide, template
from tests.controls.nodes.base import (
    DEVICES,
    GOOD,
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
    GOOD,
    bad={
        "off": Bad(
            change(LT, f"{DEVICES}.0.Ebs.Encrypted", False), "LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted"
        ),
        "off as text": Bad(
            change(LT, f"{DEVICES}.0.Ebs.Encrypted", "false"), "LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted"
        ),
        "left out": Bad(
            drop(LT, f"{DEVICES}.0.Ebs.Encrypted"), "LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted"
        ),
        "hidden": Bad(hide(LT, f"{DEVICES}.0.Ebs.Encrypted"), "LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted"),
        "no volume settings": Bad(
            drop(LT, f"{DEVICES}.0.Ebs"), "LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted"
        ),
        "volume settings hidden": Bad(
            hide(LT, f"{DEVICES}.0.Ebs"), "LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted"
        ),
        "volume settings malformed": Bad(
            change(LT, f"{DEVICES}.0.Ebs", True), "LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted"
        ),
        "as the image has it": Bad(drop(LT, DEVICES), "LaunchTemplateData.BlockDeviceMappings"),
        "empty": Bad(devices(), "LaunchTemplateData.BlockDeviceMappings"),
        "all hidden": Bad(hide(LT, DEVICES), "LaunchTemplateData.BlockDeviceMappings"),
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
        "no launch template": Bad(PLAIN_GROUP, "LaunchTemplate"),
        "instance": Bad(instance(BlockDeviceMappings=[disk(Encrypted=False)]), "BlockDeviceMappings.0.Ebs.Encrypted"),
        "instance as the image has it": Bad(instance(ImageId="ami-1"), "BlockDeviceMappings"),
        "launch configuration": Bad(configuration(BlockDeviceMappings=[disk()]), "BlockDeviceMappings.0.Ebs.Encrypted"),
        "volume": Bad(template({"Disk": (VOLUME, {"Size": 8})}), "Encrypted"),
        "volume off": Bad(template({"Disk": (VOLUME, {"Encrypted": "false"})}), "Encrypted"),
    },
    edge={
        "text": change(LT, f"{DEVICES}.0.Ebs.Encrypted", "true"),
        "instance store as well": devices(disk(Encrypted=True), {"VirtualName": "ephemeral0"}),
        "one taken away": devices(disk(Encrypted=True), {"DeviceName": "/dev/xvdb", "NoDevice": ""}),
        "one sometimes": devices(disk(Encrypted=True), chosen(disk(Encrypted="True"))),
        "instance with a launch template": INHERITING,
        "volume": template({"Disk": (VOLUME, {"Encrypted": "true"})}),
        "launch configuration": configuration(BlockDeviceMappings=[disk(Encrypted=True)]),
    },
)
