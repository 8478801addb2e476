from hardened_eks.controls.kubernetes import auto_mode_kernel_locked
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.kubernetes.auto_mode import NODE_CLASS, only

PATH = "spec.advancedSecurity.kernelLockdown"

CASE = Case(
    auto_mode_kernel_locked,
    only(NODE_CLASS),
    bad=at(
        PATH,
        {
            "left out": drop(NODE_CLASS, PATH),
            "nothing said": drop(NODE_CLASS, "spec.advancedSecurity"),
            "off": change(NODE_CLASS, PATH, "none"),
            "hidden": hide(NODE_CLASS, PATH),
        },
    ),
    edge={"in another case": change(NODE_CLASS, PATH, "Integrity")},
)
