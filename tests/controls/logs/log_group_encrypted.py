from hardened_eks.controls.logs import log_group_encrypted
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.logs.base import GROUP, LOGS

CASE = Case(
    log_group_encrypted,
    LOGS,
    bad=at(
        "KmsKeyId",
        {
            "left out": drop(GROUP, "KmsKeyId"),
            "empty": change(GROUP, "KmsKeyId", ""),
            "no value": change(GROUP, "KmsKeyId", {"Ref": "AWS::NoValue"}),
        },
    ),
    edge={
        "a key in a parameter": hide(GROUP, "KmsKeyId"),
        "a key by ARN": change(GROUP, "KmsKeyId", "arn:aws:kms:eu-west-1:1:key/1"),
    },
)
