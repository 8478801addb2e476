from hardened_eks.controls.secrets import secret_customer_key
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.secrets.base import SECRET, SECRETS

CASE = Case(
    secret_customer_key,
    SECRETS,
    bad=at(
        "KmsKeyId",
        {
            "left out": drop(SECRET, "KmsKeyId"),
            "empty": change(SECRET, "KmsKeyId", ""),
            "of AWS": change(SECRET, "KmsKeyId", "alias/aws/secretsmanager"),
        },
    ),
    edge={"in a parameter": hide(SECRET, "KmsKeyId")},
)
