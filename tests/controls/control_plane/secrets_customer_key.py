from hardened_eks.controls.control_plane import secrets_customer_key
from tests.controls.cases import Bad, Case, at, change, drop, hide
from tests.controls.control_plane.base import CLUSTER, GOOD, KEY_ARN

CASE = Case(
    secrets_customer_key,
    GOOD,
    bad={
        "none": Bad(drop(CLUSTER, "EncryptionConfig"), "EncryptionConfig"),
        "without key": Bad(drop(CLUSTER, KEY_ARN), "EncryptionConfig"),
        **at(
            "EncryptionConfig.0.Provider.KeyArn",
            {
                "AWS's": change(CLUSTER, KEY_ARN, "arn:aws:kms:eu-west-1:111122223333:alias/aws/eks"),
                "AWS's, joined": change(
                    CLUSTER,
                    KEY_ARN,
                    {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/eks"},
                ),
                "no key at all": change(CLUSTER, KEY_ARN, {"Ref": "Cni"}),
            },
        ),
    },
    edge={
        "key in a parameter": hide(CLUSTER, KEY_ARN),
        "key of another stack": change(CLUSTER, KEY_ARN, {"Fn::ImportValue": "keys:Secrets"}),
    },
)
