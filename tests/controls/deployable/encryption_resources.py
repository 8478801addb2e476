from hardened_eks.controls.deployable import encryption_resources
from tests.controls.cases import Bad, Case, at, change
from tests.controls.deployable.base import CL, cluster

CASE = Case(
    encryption_resources,
    cluster(EncryptionConfig=[{"Resources": ["secrets"], "Provider": {"KeyArn": "k"}}]),
    bad={
        **at(
            "EncryptionConfig.0.Resources",
            {
                "configmaps": change(CL, "EncryptionConfig.0.Resources", ["secrets", "configmaps"]),
                "empty": change(CL, "EncryptionConfig.0.Resources", []),
                "case": change(CL, "EncryptionConfig.0.Resources", ["Secrets"]),
            },
        ),
        "two": Bad(
            change(CL, "EncryptionConfig", [{"Resources": ["secrets"]}, {"Resources": ["secrets"]}]), "EncryptionConfig"
        ),
    },
)
