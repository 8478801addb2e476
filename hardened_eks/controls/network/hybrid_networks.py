import ipaddress
from collections.abc import Iterator
from typing import Any, Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.condition_values import PRIVATE
from hardened_eks.evidence.unknown import branches

_NETWORKS: Final = ("RemoteNodeNetworks", "RemotePodNetworks")


@control(
    id="NW-29",
    title="Hybrid nodes come from private networks",
    requirement="vpc.connectivity.controlled",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "The control plane treats any host with an address in a remote network as one of your nodes or pods, and "
        "sends webhook calls, log requests and exec sessions there."
    ),
    fix=(
        "Set RemoteNetworkConfig to the private ranges of the nodes and pods in the data center, no wider than "
        "necessary."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/hybrid-nodes-cluster-prep.html",
    blind="Whether the ranges belong to the data center, and which traffic its own routers and firewalls allow.",
    detective="No construct creates hybrid nodes.",
)
def hybrid_networks(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    if isinstance(config := cluster.get("RemoteNetworkConfig"), Unknown):
        yield Problem(f"{config} is trusted, which is known only at deployment", "RemoteNetworkConfig")
        return
    for kind in _NETWORKS:
        for network, written in cluster.each(f"RemoteNetworkConfig.{kind}"):
            if isinstance(written, Unknown):
                yield Problem(f"{written} is trusted, which is known only at deployment", network)
                continue
            for path, value in cluster.each(f"{network}.Cidrs"):
                if not _private(value):
                    yield Problem(f"{value} is trusted, which is not known to be a private range", path)


def _private(value: Any) -> bool:
    values = branches(value)
    try:
        return all(any(ipaddress.IPv4Network(str(one)).subnet_of(private) for private in PRIVATE) for one in values)
    except ValueError:
        return False
