from hardened_eks.controls.deployable import key_policy_keeps_owner
from tests.controls.cases import Case, at, change, drop
from tests.controls.deployable.base import KEYED

CASE = Case(
    key_policy_keeps_owner,
    KEYED,
    bad=at(
        "KeyPolicy",
        {
            "use only": change("AWS::KMS::Key", "KeyPolicy.Statement.0.Action", ["kms:Encrypt", "kms:Decrypt"]),
            "deny": change("AWS::KMS::Key", "KeyPolicy.Statement.0.Effect", "Deny"),
            "empty": change("AWS::KMS::Key", "KeyPolicy", {"Statement": []}),
        },
    ),
    edge={"default": drop("AWS::KMS::Key", "KeyPolicy"), "hidden": change("AWS::KMS::Key", "KeyPolicy", {"Ref": "P"})},
)
