from hardened_eks.controls.keys import grants_for_aws_services
from tests.controls.cases import Bad, Case, at, change, drop, hide
from tests.controls.keys.base import KEY, NO_GRANTS, ROOT, allow, key

CASE = Case(
    grants_for_aws_services,
    key(NO_GRANTS),
    bad={
        "removed": Bad(key(), "KeyPolicy.Statement.0"),
        "default policy": Bad(drop(KEY, "KeyPolicy"), "KeyPolicy"),
        **at(
            "KeyPolicy.Statement.0",
            {
                "for one principal only": key({**NO_GRANTS, "Principal": {"AWS": ROOT}}),
                "for other actions": key({**NO_GRANTS, "Action": "kms:Decrypt"}),
                "the wrong way round": key({**NO_GRANTS, "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}}),
                "of services alone": key(
                    {
                        **NO_GRANTS,
                        "Condition": {
                            "Bool": {"kms:GrantIsForAWSResource": "false", "aws:PrincipalIsAWSService": "true"}
                        },
                    }
                ),
                "through one service": key(
                    {
                        **NO_GRANTS,
                        "Condition": {
                            **NO_GRANTS["Condition"],
                            "StringEquals": {"kms:ViaService": "ecr.eu-west-1.amazonaws.com"},
                        },
                    }
                ),
                "of no kind": key({**NO_GRANTS, "Condition": {"Null": {"kms:GrantIsForAWSResource": "false"}}}),
                "narrowed": key(
                    {**NO_GRANTS, "Condition": {**NO_GRANTS["Condition"], "StringEquals": {"aws:PrincipalTag/x": "y"}}}
                ),
                **{
                    f"but for {name}": key(
                        {**NO_GRANTS, "Condition": {**NO_GRANTS["Condition"], "StringNotEquals": {condition: value}}}
                    )
                    for name, condition, value in (
                        ("an organization", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
                        ("an account", "aws:PrincipalAccount", "123456789012"),
                        ("a role", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/deploy"),
                        ("every service", "kms:ViaService", "*"),
                    )
                },
            },
        ),
        **at(
            "KeyPolicy.Statement.0",
            {
                f"an allow {name}": change(
                    KEY, "KeyPolicy", {"Statement": [allow({"AWS": ROOT}, "kms:CreateGrant", **condition)]}
                )
                for name, condition in {
                    "for services if it is told": {"BoolIfExists": {"kms:GrantIsForAWSResource": "true"}},
                    "for services or not": {"Bool": {"kms:GrantIsForAWSResource": ["true", "false"]}},
                    "where nothing is told": {"Null": {"kms:GrantIsForAWSResource": "true"}},
                }.items()
            },
        ),
        "hidden": Bad(hide(KEY, "KeyPolicy"), "KeyPolicy"),
    },
    edge={
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
        "but through one service": key(
            {
                **NO_GRANTS,
                "Condition": {
                    **NO_GRANTS["Condition"],
                    "StringNotLikeIfExists": {"kms:ViaService": "ecr.eu-west-1.amazonaws.*"},
                },
            }
        ),
        "principal in the other spelling": key({**NO_GRANTS, "Principal": {"AWS": "*"}}),
    },
)
