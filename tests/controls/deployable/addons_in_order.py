from hardened_eks.controls.deployable import addons_in_order
from tests.controls.cases import ITSELF, Case, at, both, drop, template
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

CASE = Case(
    addons_in_order,
    ADDONS,
    bad=at(
        ITSELF,
        {
            "no dependency": depend("Nodes"),
            "half a dependency": depend("Nodes", "Cni"),
            "no cni": both(depend("Nodes", "Proxy"), without("Cni")),
            "coredns first": both(depend("CoreDns"), depend("Nodes", "Cni", "Proxy", "CoreDns")),
        },
    ),
    edge={"self-managed": both(drop(CL, "BootstrapSelfManagedAddons"), depend("Nodes"))},
)
