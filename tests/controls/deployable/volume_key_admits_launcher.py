from hardened_eks.controls.deployable import volume_key_admits_launcher
from tests.controls.cases import Case, at, change, drop, hide, template

KEY = "AWS::KMS::Key"
ACCOUNT = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
    "Action": "kms:*",
    "Resource": "*",
}
LAUNCHER = "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey", "kms:CreateGrant"]


def admitting(principal, actions=tuple(USE), **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": list(actions), "Resource": "*"}
    return {**statement, "Condition": condition} if condition else statement


VOLUMES = template(
    {
        "Key": (KEY, {"KeyPolicy": {"Statement": [ACCOUNT, admitting({"AWS": LAUNCHER})]}}),
        "Template": (
            "AWS::EC2::LaunchTemplate",
            {
                "LaunchTemplateData": {
                    "BlockDeviceMappings": [
                        {"DeviceName": "/dev/xvda", "Ebs": {"KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}}
                    ]
                }
            },
        ),
        "Nodes": ("AWS::EKS::Nodegroup", {"LaunchTemplate": {"Id": {"Ref": "Template"}}}),
    }
)
STATEMENT = "KeyPolicy.Statement.1"
EVERYBODY = {"AWS": "*"}

CASE = Case(
    volume_key_admits_launcher,
    VOLUMES,
    bad=at(
        "LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId",
        {
            "account alone": change(KEY, "KeyPolicy", {"Statement": [ACCOUNT]}),
            "no grants": change(KEY, STATEMENT, admitting({"AWS": LAUNCHER}, USE[:-1])),
            "no data keys": change(KEY, STATEMENT, admitting({"AWS": LAUNCHER}, ["kms:Decrypt", "kms:CreateGrant"])),
            "denied": change(KEY, f"{STATEMENT}.Effect", "Deny"),
            "others by condition": change(
                KEY, STATEMENT, admitting(EVERYBODY, ArnLike={"aws:PrincipalArn": "arn:aws:iam::123456789012:role/ci"})
            ),
        },
    ),
    edge={
        "by condition": change(KEY, STATEMENT, admitting(EVERYBODY, ArnLike={"aws:PrincipalArn": f"{LAUNCHER}*"})),
        "everybody of the account": change(
            KEY, STATEMENT, admitting(EVERYBODY, StringEquals={"kms:CallerAccount": "123456789012"})
        ),
        "hidden": hide(KEY, "KeyPolicy"),
        "no user": drop("AWS::EKS::Nodegroup", ""),
        "foreign key": change(
            "AWS::EC2::LaunchTemplate", "LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId", "alias/volumes"
        ),
    },
)
