from hardened_eks.controls.deployable import encryption_resources
from tests.controls.cases import Bad, Case, change
from tests.controls.deployable.base import CL, cluster

CASE = Case(
    encryption_resources,
    cluster(EncryptionConfig=[{"Resources": ["secrets"], "Provider": {"KeyArn": "k"}}]),
    bad={
        "configmaps": Bad(
            change(CL, "EncryptionConfig.0.Resources", ["secrets", "configmaps"]), "EncryptionConfig.0.Resources"
        ),
        "empty": Bad(change(CL, "EncryptionConfig.0.Resources", []), "EncryptionConfig.0.Resources"),
        "case": Bad(change(CL, "EncryptionConfig.0.Resources", ["Secrets"]), "EncryptionConfig.0.Resources"),
        "two": Bad(
            change(CL, "EncryptionConfig", [{"Resources": ["secrets"]}, {"Resources": ["secrets"]}]), "EncryptionConfig"
        ),
    },
)
