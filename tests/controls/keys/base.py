"""What the cases of the keys area are made of."""

from tests.controls.cases import template

KEY = "AWS::KMS::Key"
ROOT = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":root"]]}
OWNER = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}

NO_GRANTS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "kms:CreateGrant",
    "Resource": "*",
    "Condition": {"BoolIfExists": {"kms:GrantIsForAWSResource": "false", "aws:PrincipalIsAWSService": "false"}},
}


def key(*statements, **more):
    return template(
        {"Key": (KEY, {"EnableKeyRotation": True, "KeyPolicy": {"Statement": [OWNER, *statements]}, **more})}
    )


def allow(principal, action="kms:Decrypt", **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    return statement | ({"Condition": condition} if condition else {})
