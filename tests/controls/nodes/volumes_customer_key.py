from hardened_eks.controls.nodes import volumes_customer_key
from tests.controls.cases import Bad, Case, at, both, change, drop, hide, template
from tests.controls.nodes.base import (
    AL2023,
    BOTTLEROCKET,
    DEVICES,
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
    AL2023,
    bad={
        **at(
            "LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId",
            {
                "AWS's": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", "alias/aws/ebs"),
                "AWS's, joined": change(
                    LT,
                    f"{DEVICES}.0.Ebs.KmsKeyId",
                    {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/ebs"},
                ),
                "left out": drop(LT, f"{DEVICES}.0.Ebs.KmsKeyId"),
                "empty": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", ""),
                "sometimes": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", chosen(KEY)),
                "AWS's sometimes": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", chosen(KEY, "alias/aws/ebs")),
                "no key": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", {"Fn::GetAtt": ["Role", "Arn"]}),
                "malformed": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", {"Arn": "x"}),
            },
        ),
        "as the image has it": Bad(drop(LT, DEVICES), "LaunchTemplateData.BlockDeviceMappings"),
        "all hidden": Bad(hide(LT, DEVICES), "LaunchTemplateData.BlockDeviceMappings"),
        "second without": Bad(
            devices(disk(KmsKeyId=KEY), disk()), "LaunchTemplateData.BlockDeviceMappings.1.Ebs.KmsKeyId"
        ),
        "data of Bottlerocket left out": Bad(BOTTLEROCKET, "LaunchTemplateData.BlockDeviceMappings"),
        "root of Bottlerocket left out": Bad(
            both(BOTTLEROCKET, devices({**disk(KmsKeyId=KEY), "DeviceName": "/dev/xvdb"})),
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
        "instance": Bad(instance(BlockDeviceMappings=[disk(Encrypted=True)]), "BlockDeviceMappings.0.Ebs.KmsKeyId"),
        "volume": Bad(template({"Disk": (VOLUME, {"Encrypted": True})}), "KmsKeyId"),
    },
    edge={
        "both of Bottlerocket": both(
            BOTTLEROCKET, devices(disk(KmsKeyId=KEY), {**disk(KmsKeyId=KEY), "DeviceName": "/dev/xvdb"})
        ),
        "one of Bottlerocket taken away": both(
            BOTTLEROCKET, devices(disk(KmsKeyId=KEY), {"DeviceName": "/dev/xvdb", "NoDevice": ""})
        ),
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
