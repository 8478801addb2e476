from hardened_eks.controls.kubernetes import auto_mode_no_public_address
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.kubernetes.auto_mode import NODE_CLASS, only

PATH = "spec.advancedNetworking.associatePublicIPAddress"

CASE = Case(
    auto_mode_no_public_address,
    only(NODE_CLASS),
    bad=at(
        PATH,
        {
            "left out": drop(NODE_CLASS, PATH),
            "nothing of the network": drop(NODE_CLASS, "spec.advancedNetworking"),
            "public": change(NODE_CLASS, PATH, True),
            "hidden": hide(NODE_CLASS, PATH),
        },
    ),
    edge={"with a proxy": change(NODE_CLASS, "spec.advancedNetworking.httpsProxy", "http://10.0.0.4:3128")},
)
