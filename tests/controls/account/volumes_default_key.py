from hardened_eks.controls.account import volumes_default_key
from tests.controls.cases import Bad, Case, change, drop, hide, template

SETTING = "AWS::EC2::EbsDefaultKmsKey"

CASE = Case(
    volumes_default_key,
    template({"Setting": (SETTING, {"KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1"})}),
    bad={
        "of AWS": Bad(change(SETTING, "KmsKeyId", "alias/aws/ebs"), "KmsKeyId"),
        "of AWS, by ARN": Bad(
            change(SETTING, "KmsKeyId", "arn:aws:kms:eu-west-1:111122223333:alias/aws/ebs"), "KmsKeyId"
        ),
        "left out": Bad(drop(SETTING, "KmsKeyId"), "KmsKeyId"),
        "hidden": Bad(hide(SETTING, "KmsKeyId"), "KmsKeyId"),
    },
    edge={
        "an alias of yours": change(SETTING, "KmsKeyId", "alias/volumes"),
    },
)
