from hardened_eks.controls.network import hybrid_networks
from tests.controls.cases import Bad, Case, at, change, drop, hide, template

CLUSTER = "AWS::EKS::Cluster"
NODES, PODS = "RemoteNetworkConfig.RemoteNodeNetworks", "RemoteNetworkConfig.RemotePodNetworks"
HYBRID = template(
    {
        "Cluster": (
            CLUSTER,
            {
                "RemoteNetworkConfig": {
                    "RemoteNodeNetworks": [{"Cidrs": ["10.80.0.0/16"]}],
                    "RemotePodNetworks": [{"Cidrs": ["10.85.0.0/16", "172.16.4.0/22"]}],
                }
            },
        )
    }
)


def cidrs(networks, *values):
    return change(CLUSTER, f"{networks}.0.Cidrs", list(values))


CASE = Case(
    hybrid_networks,
    HYBRID,
    bad={
        **at(
            f"{NODES}.0.Cidrs.0",
            {
                "everywhere": cidrs(NODES, "0.0.0.0/0"),
                "half of everywhere": cidrs(NODES, "0.0.0.0/1"),
                "more than a private range": cidrs(NODES, "10.0.0.0/7"),
                "public addresses": cidrs(NODES, "198.51.100.0/24"),
                "IPv6": cidrs(NODES, "2000::/3"),
                "no range": cidrs(NODES, "everywhere"),
                "one or the other": cidrs(NODES, {"Fn::If": ["C", "10.80.0.0/16", "0.0.0.0/0"]}),
            },
        ),
        "pods, beside a private range": Bad(cidrs(PODS, "10.85.0.0/16", "0.0.0.0/0"), f"{PODS}.0.Cidrs.1"),
        "hidden": Bad(hide(CLUSTER, f"{NODES}.0.Cidrs.0"), f"{NODES}.0.Cidrs.0"),
        "all hidden": Bad(hide(CLUSTER, "RemoteNetworkConfig"), "RemoteNetworkConfig"),
        "networks hidden": Bad(hide(CLUSTER, NODES), NODES),
    },
    edge={
        "no hybrid nodes": drop(CLUSTER, "RemoteNetworkConfig"),
        "carrier-grade addresses": cidrs(PODS, "100.64.0.0/16"),
        "one or the other": cidrs(NODES, {"Fn::If": ["C", "10.80.0.0/16", "192.168.0.0/16"]}),
        "malformed": change(CLUSTER, "RemoteNetworkConfig", ["x"]),
    },
)
