from hardened_eks.controls.kubernetes import storage_class_encrypted
from tests.controls.cases import Case, at, both, change, drop, hide
from tests.controls.kubernetes.auto_mode import STORAGE_CLASS, only

PATH = "parameters.encrypted"

CASE = Case(
    storage_class_encrypted,
    only(STORAGE_CLASS),
    bad=at(
        PATH,
        {
            "left out": drop(STORAGE_CLASS, PATH),
            "nothing said": drop(STORAGE_CLASS, "parameters"),
            "off": change(STORAGE_CLASS, PATH, "false"),
            "of the add-on": both(change(STORAGE_CLASS, "provisioner", "ebs.csi.aws.com"), drop(STORAGE_CLASS, PATH)),
            "hidden": hide(STORAGE_CLASS, PATH),
        },
    ),
    edge={
        "of EFS": both(change(STORAGE_CLASS, "provisioner", "efs.csi.aws.com"), drop(STORAGE_CLASS, PATH)),
        "as a flag": change(STORAGE_CLASS, PATH, True),
    },
)
