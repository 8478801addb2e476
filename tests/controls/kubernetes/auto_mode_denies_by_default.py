from hardened_eks.controls.kubernetes import auto_mode_denies_by_default
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.kubernetes.auto_mode import NODE_CLASS, only

PATH = "spec.networkPolicy"

CASE = Case(
    auto_mode_denies_by_default,
    only(NODE_CLASS),
    bad=at(
        PATH,
        {
            "left out": drop(NODE_CLASS, PATH),
            "allowed": change(NODE_CLASS, PATH, "DefaultAllow"),
            "hidden": hide(NODE_CLASS, PATH),
        },
    ),
    edge={"without logs": change(NODE_CLASS, "spec.networkPolicyEventLogs", "Disabled")},
)
