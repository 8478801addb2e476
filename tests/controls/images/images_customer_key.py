from hardened_eks.controls.images import images_customer_key
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.images.base import GOOD, REPOSITORY, chosen, created

KEY = "EncryptionConfiguration.KmsKey"

CASE = Case(
    images_customer_key,
    GOOD,
    bad=at(
        "EncryptionConfiguration.KmsKey",
        {
            "left out": drop(REPOSITORY, KEY),
            "nothing said": drop(REPOSITORY, "EncryptionConfiguration"),
            "AWS's": change(REPOSITORY, KEY, "alias/aws/ecr"),
            "AWS's, joined": change(
                REPOSITORY, KEY, {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:1:alias/aws/ecr"}
            ),
            "empty": change(REPOSITORY, KEY, ""),
            "sometimes": change(REPOSITORY, KEY, chosen({"Fn::GetAtt": ["Key", "Arn"]})),
            "no key": change(REPOSITORY, KEY, {"Ref": "Push"}),
            "malformed": change(REPOSITORY, KEY, ["x"]),
            "repositories to come": created(EncryptionConfiguration={"EncryptionType": "KMS"}),
        },
    ),
    edge={
        "key in a parameter": hide(REPOSITORY, KEY),
        "key by ARN": change(REPOSITORY, KEY, "arn:aws:kms:eu-west-1:111122223333:key/x"),
        "key of another stack": change(REPOSITORY, KEY, {"Fn::ImportValue": "keys:Images"}),
        "own alias": change(REPOSITORY, KEY, "alias/images"),
    },
)
