"""Cases of the keys area."""

import json

from hardened_eks.controls import keys as c
from tests.controls.cases import Case, both, change, drop, hide, template

KEY, REPLICA, POLICY, ROLE = "AWS::KMS::Key", "AWS::KMS::ReplicaKey", "AWS::IAM::Policy", "AWS::IAM::Role"
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


def policy(*statements):
    return change(POLICY, "PolicyDocument", {"Statement": list(statements)})


def on(resource, action="kms:Decrypt", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


MINE = {"Fn::GetAtt": ["Key", "Arn"]}
IAM = template(
    {
        "Key": (KEY, {}),
        "Policy": (POLICY, {"PolicyDocument": {"Statement": [on(MINE)]}}),
        "Role": (ROLE, {"Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": [on(MINE)]}}]}),
    }
)
BY_ACCOUNT = {"StringEquals": {"kms:CallerAccount": {"Ref": "AWS::AccountId"}}}

CASES = [
    Case(
        c.key_rotation,
        key(),
        {
            "off": change(KEY, "EnableKeyRotation", False),
            "left out": drop(KEY, "EnableKeyRotation"),
            "hidden": hide(KEY, "EnableKeyRotation"),
            "spec hidden too": both(hide(KEY, "KeySpec"), drop(KEY, "EnableKeyRotation")),
        },
        {
            "text": change(KEY, "EnableKeyRotation", "true"),
            "asymmetric": both(change(KEY, "KeySpec", "RSA_4096"), drop(KEY, "EnableKeyRotation")),
            "imported material": both(change(KEY, "Origin", "EXTERNAL"), drop(KEY, "EnableKeyRotation")),
        },
    ),
    Case(
        c.key_policy_not_public,
        key(),
        {
            "everybody": key(allow("*")),
            "everybody in AWS": key(allow({"AWS": ["*"]})),
            "any role of the same name": key(allow("*", StringLike={"aws:PrincipalArn": "*"})),
            "an address is no caller": key(allow("*", IpAddress={"aws:SourceIp": "198.51.100.0/24"})),
            "everybody but one": key(
                {
                    "Effect": "Allow",
                    "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                }
            ),
            "principal hidden": key(allow({"AWS": {"Ref": "Who"}})),
            "policy hidden": hide(KEY, "KeyPolicy"),
            "as text": change(KEY, "KeyPolicy", json.dumps({"Statement": [allow("*")]})),
        },
        {
            "default policy": drop(KEY, "KeyPolicy"),
            "callers of this account": key(allow({"AWS": "*"}, **BY_ACCOUNT)),
            "launcher by pattern in this account": key(
                allow(
                    {"AWS": "*"}, ArnLike={"aws:PrincipalArn": "arn:aws:iam::1:role/aws-service-role/x*"}, **BY_ACCOUNT
                )
            ),
            "organization": key(allow("*", StringEquals={"aws:PrincipalOrgID": "o-1"})),
            "a service": key(allow({"Service": "logs.amazonaws.com"})),
            "a deny": key(NO_GRANTS),
        },
    ),
    Case(
        c.grants_for_aws_services,
        key(NO_GRANTS),
        {
            "removed": key(),
            "default policy": drop(KEY, "KeyPolicy"),
            "for one principal only": key({**NO_GRANTS, "Principal": {"AWS": ROOT}}),
            "for other actions": key({**NO_GRANTS, "Action": "kms:Decrypt"}),
            "the wrong way round": key({**NO_GRANTS, "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}}),
            "narrowed": key(
                {**NO_GRANTS, "Condition": {**NO_GRANTS["Condition"], "StringEquals": {"aws:PrincipalTag/x": "y"}}}
            ),
            "hidden": hide(KEY, "KeyPolicy"),
        },
        {
            "each allow has the condition": change(
                KEY,
                "KeyPolicy",
                {
                    "Statement": [
                        allow({"AWS": ROOT}, ["kms:Decrypt", "kms:PutKeyPolicy"]),
                        allow({"AWS": ROOT}, "kms:CreateGrant", Bool={"kms:GrantIsForAWSResource": "true"}),
                    ]
                },
            ),
            "the key of a cluster's API data": lambda body: {
                **key(),
                "Resources": {
                    **key()["Resources"],
                    "Cluster": {
                        "Type": "AWS::EKS::Cluster",
                        "Properties": {
                            "EncryptionConfig": [
                                {"Resources": ["secrets"], "Provider": {"KeyArn": {"Fn::GetAtt": ["Key", "Arn"]}}}
                            ]
                        },
                    },
                },
            },
            "principal in the other spelling": key({**NO_GRANTS, "Principal": {"AWS": "*"}}),
        },
    ),
    Case(
        c.rsa_key_size,
        key(KeySpec="RSA_3072", KeyUsage="ENCRYPT_DECRYPT"),
        {
            "short": change(KEY, "KeySpec", "RSA_2048"),
            "hidden": hide(KEY, "KeySpec"),
            "short, usage hidden": both(change(KEY, "KeySpec", "RSA_2048"), hide(KEY, "KeyUsage")),
        },
        {
            "symmetric": drop(KEY, "KeySpec"),
            "signing": both(change(KEY, "KeySpec", "RSA_2048"), change(KEY, "KeyUsage", "SIGN_VERIFY")),
        },
    ),
    Case(
        c.single_region,
        key(MultiRegion=False),
        {
            "many": change(KEY, "MultiRegion", True),
            "as text": change(KEY, "MultiRegion", "true"),
            "hidden": hide(KEY, "MultiRegion"),
            "a replica": template({"Copy": (REPLICA, {"PrimaryKeyArn": "arn:x"})}),
        },
        {"left out": drop(KEY, "MultiRegion")},
    ),
    Case(
        c.iam_no_decrypt_all,
        IAM,
        {
            "every key": policy(on("*")),
            "every key of the account": policy(on("arn:aws:kms:*:123456789012:key/*")),
            "every key, with tokens": policy(
                on({"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"})
            ),
            "by wildcard": policy(on("*", "kms:De*")),
            "all of KMS": policy(on("*", "kms:*")),
            "everything": policy(on("*", "*")),
            "re-encryption": policy(on("*", ["kms:ReEncrypt*"])),
            "all but one": policy({"Effect": "Allow", "Action": "kms:Decrypt", "NotResource": "arn:aws:kms:*:1:key/1"}),
            "inline": change(ROLE, "Policies.0.PolicyDocument", {"Statement": [on("*")]}),
            "hidden": hide(POLICY, "PolicyDocument"),
        },
        {
            "by alias": policy(on("*", Condition={"StringLike": {"kms:ResourceAliases": "alias/payments"}})),
            "through one service": policy(
                on("*", Condition={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}})
            ),
            "not decrypting": policy(on("*", ["kms:DescribeKey", "kms:GenerateDataKey"])),
            "a deny": policy({**on("*"), "Effect": "Deny"}),
            "a role without policies": drop(ROLE, "Policies"),
        },
    ),
]
