from hardened_eks.controls.keys import iam_no_decrypt_all
from tests.controls.access.boundary_only_bounds import BOUNDED
from tests.controls.cases import Bad, Case, at, change, drop, hide, template
from tests.controls.keys.base import KEY

POLICY = "AWS::IAM::Policy"
ROLE = "AWS::IAM::Role"


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

CASE = Case(
    iam_no_decrypt_all,
    IAM,
    bad={
        **at(
            "PolicyDocument.Statement.0",
            {
                "every key": policy(on("*")),
                "every key of the account": policy(on("arn:aws:kms:*:123456789012:key/*")),
                "every key, with tokens": policy(
                    on({"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"})
                ),
                "every key by a question mark": policy(on("arn:aws:kms:eu-west-1:123456789012:k?y/*")),
                "every key by its beginning": policy(on("arn:aws:kms:*:*:k*")),
                "every service": policy(on("arn:aws:k*")),
                "by wildcard": policy(on("*", "kms:De*")),
                "all of KMS": policy(on("*", "kms:*")),
                "everything": policy(on("*", "*")),
                "not through one service": policy(
                    on("*", Condition={"StringNotEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}})
                ),
                "through one service if any": policy(
                    on("*", Condition={"StringEqualsIfExists": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}})
                ),
                "by any alias": policy(on("*", Condition={"StringLike": {"kms:ResourceAliases": "*"}})),
                "without a tag": policy(on("*", Condition={"Null": {"aws:ResourceTag/team": "true"}})),
                "re-encryption": policy(on("*", ["kms:ReEncrypt*"])),
                "all but one": policy(
                    {"Effect": "Allow", "Action": "kms:Decrypt", "NotResource": "arn:aws:kms:*:1:key/1"}
                ),
            },
        ),
        "inline": Bad(
            change(ROLE, "Policies.0.PolicyDocument", {"Statement": [on("*")]}), "Policies.0.PolicyDocument.Statement.0"
        ),
        "hidden": Bad(hide(POLICY, "PolicyDocument"), "PolicyDocument"),
    },
    edge={
        "a permissions boundary": BOUNDED,
        "by alias": policy(on("*", Condition={"StringLike": {"kms:ResourceAliases": "alias/payments"}})),
        "through one service": policy(
            on("*", Condition={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}})
        ),
        "not decrypting": policy(on("*", ["kms:DescribeKey", "kms:GenerateDataKey"])),
        "a deny": policy({**on("*"), "Effect": "Deny"}),
        "a role without policies": drop(ROLE, "Policies"),
    },
)
