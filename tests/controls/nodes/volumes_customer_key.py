from hardened_eks.controls.nodes import volumes_customer_key
from tests.controls.cases import Bad, Case, both, change, drop, hide, template
from tests.controls.nodes.base import (
    DEVICES,
    GOOD,
    INHERITING,
    KEY,
    LT,
    PLAIN_GROUP,
    VOLUME,
    chosen,
    devices,
    disk,
    instance,
    plus,
)

CASE = Case(
    volumes_customer_key,
    GOOD,
    bad={
        "AWS's": Bad(
            change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", "alias/aws/ebs"),
            "LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId",
        ),
        "AWS's, joined": Bad(
            change(
                LT,
                f"{DEVICES}.0.Ebs.KmsKeyId",
                {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/ebs"},
            ),
            "LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId",
        ),
        "left out": Bad(drop(LT, f"{DEVICES}.0.Ebs.KmsKeyId"), "LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId"),
        "empty": Bad(
            change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", ""), "LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId"
        ),
        "sometimes": Bad(
            change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", chosen(KEY)),
            "LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId",
        ),
        "AWS's sometimes": Bad(
            change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", chosen(KEY, "alias/aws/ebs")),
            "LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId",
        ),
        "no key": Bad(
            change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", {"Fn::GetAtt": ["Role", "Arn"]}),
            "LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId",
        ),
        "malformed": Bad(
            change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", {"Arn": "x"}),
            "LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId",
        ),
        "as the image has it": Bad(drop(LT, DEVICES), "LaunchTemplateData.BlockDeviceMappings"),
        "all hidden": Bad(hide(LT, DEVICES), "LaunchTemplateData.BlockDeviceMappings"),
        "second without": Bad(
            devices(disk(KmsKeyId=KEY), disk()), "LaunchTemplateData.BlockDeviceMappings.1.Ebs.KmsKeyId"
        ),
        "no launch template": Bad(PLAIN_GROUP, "LaunchTemplate"),
        "instance": Bad(instance(BlockDeviceMappings=[disk(Encrypted=True)]), "BlockDeviceMappings.0.Ebs.KmsKeyId"),
        "volume": Bad(template({"Disk": (VOLUME, {"Encrypted": True})}), "KmsKeyId"),
    },
    edge={
        "key in a parameter": hide(LT, f"{DEVICES}.0.Ebs.KmsKeyId"),
        "key by ARN": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", "arn:aws:kms:eu-west-1:111122223333:key/x"),
        "one key or another": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", chosen(KEY, "arn:aws:kms:x:1:key/x")),
        "key of another stack": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", {"Fn::ImportValue": "keys:Volumes"}),
        "key of a custom resource": both(
            plus(Lookup=("Custom::Lookup", {})),
            change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", {"Fn::GetAtt": ["Lookup", "Arn"]}),
        ),
        "one taken away": devices(disk(KmsKeyId=KEY), {"DeviceName": "/dev/xvdb", "NoDevice": ""}),
        "instance store as well": devices(disk(KmsKeyId=KEY), {"VirtualName": "ephemeral0"}),
        "instance with a launch template": INHERITING,
    },
)
