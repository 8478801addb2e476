from hardened_eks.controls.deployable import addons_in_order
from tests.controls import self_managed
from tests.controls.cases import ITSELF, Case, at, both, change, drop, template
from tests.controls.deployable.base import ADDON, CL, NG, depend, without

ADDONS = depend("CoreDns", "Nodes")(
    depend("Nodes", "Cni", "Proxy")(
        template(
            {
                "Cluster": (CL, {"BootstrapSelfManagedAddons": False}),
                "Cni": (ADDON, {"ClusterName": {"Ref": "Cluster"}, "AddonName": "vpc-cni"}),
                "Proxy": (ADDON, {"ClusterName": {"Ref": "Cluster"}, "AddonName": "kube-proxy"}),
                "Nodes": (NG, {"ClusterName": {"Ref": "Cluster"}}),
                "CoreDns": (ADDON, {"ClusterName": {"Ref": "Cluster"}, "AddonName": "coredns"}),
            }
        )
    )
)

CNI = {"Type": ADDON, "Properties": {"ClusterName": {"Ref": "Cluster"}, "AddonName": "vpc-cni"}}
GROUP = "Group"
SELF_MANAGED = depend(GROUP, "Cni", "Proxy")(
    template(
        {
            **{name: body for name, body in ADDONS["Resources"].items() if name not in {"Nodes", "CoreDns"}},
            GROUP: self_managed.NODES["Resources"]["Group"],
        }
    )
)


def own(mutation):
    """Mutate self-managed nodes."""
    return lambda _: mutation(SELF_MANAGED)


CASE = Case(
    addons_in_order,
    ADDONS,
    bad=at(
        ITSELF,
        {
            "self-managed nodes without one": own(both(depend(GROUP), change(CL, "Name", "one"))),
            "no dependency": depend("Nodes"),
            "half a dependency": depend("Nodes", "Cni"),
            "beside Auto Mode": both(
                depend("Nodes", "Proxy"), change(CL, "ComputeConfig.Enabled", True), without("Cni")
            ),
            "beside Auto Mode, which turns the self-managed add-ons off": both(
                depend("Nodes", "Proxy"),
                change(CL, "ComputeConfig.Enabled", True),
                drop(CL, "BootstrapSelfManagedAddons"),
                without("Cni"),
            ),
            "only one of two under conditions": lambda _: {**ADDONS, "Resources": {**ADDONS["Resources"], "A": CNI}},
            "only the other of two under conditions": lambda _: {
                **ADDONS,
                "Resources": {"A": CNI, **ADDONS["Resources"]},
            },
            "no cni": both(depend("Nodes", "Proxy"), without("Cni")),
            "coredns first": both(depend("CoreDns"), depend("Nodes", "Cni", "Proxy", "CoreDns")),
        },
    ),
    edge={
        "add-ons and Auto Mode": change(CL, "ComputeConfig.Enabled", True),
        "self-managed nodes after them": own(change(CL, "Name", "one")),
        "self-managed nodes of another cluster": own(both(depend(GROUP), change(CL, "Name", "two"))),
        "self-managed": both(drop(CL, "BootstrapSelfManagedAddons"), depend("Nodes")),
    },
)
