"""The connections between control plane, nodes and endpoints.

Source: https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_ec2 as ec2

from hardened_eks._l1 import create
from hardened_eks.network._security_group import SecurityGroup

if TYPE_CHECKING:
    from constructs import Construct

    from hardened_eks.network import Network

HTTPS = (443, 443)
# The API server calls webhooks and aggregated APIs on 443 and the usual ports of controllers, kubelets on 10250.
TO_NODES = (HTTPS, (4443, 4443), (6443, 6443), (8443, 8443), (9443, 9443), (10250, 10251))
# Pods may use any port of other pods, over TCP and UDP. Network policies limit these connections.
BETWEEN_NODES = ("tcp", "udp")


def control_plane(scope: Construct, *, cluster_name: str, vpc_id: str) -> SecurityGroup:
    """Create the security group of the control plane's network interfaces. It is closed until nodes are admitted."""
    return SecurityGroup(
        scope, "SecurityGroup", description=f"Control plane of EKS cluster {cluster_name}", vpc_id=vpc_id
    )


def nodes(
    scope: Construct, *, cluster_name: str, network: Network, control_plane_id: str, other_nodes_id: str | None = None
) -> SecurityGroup:
    """Create the security group that the nodes of a cluster share, and admit it to the destinations of nodes.

    Args:
        scope: the parent construct of the group and its rules.
        cluster_name: name of the cluster, for the descriptions.
        network: the network of the nodes, whose endpoints admit the group.
        control_plane_id: ID of the security group of the control plane.
        other_nodes_id: ID of the security group of existing nodes. Default: there are no such nodes.
    """
    api = "sourceSecurityGroupId"
    made = SecurityGroup(
        scope,
        "SecurityGroup",
        description=f"Nodes of EKS cluster {cluster_name}",
        vpc_id=network.vpc_id,
        ingress=[_tcp(ports, "Kubernetes API to kubelets, webhooks", **{api: control_plane_id}) for ports in TO_NODES],
        egress=client_egress(network, control_plane_id),
    )
    _admit_nodes(scope, control_plane_id, made.group_id)
    _admit_each_other(scope, made.group_id)
    if other_nodes_id is not None:
        admit_others(scope, made.group_id, other_nodes_id)
    network.admit(made)
    return made


def client_egress(network: Network, control_plane_id: str) -> list[dict[str, Any]]:
    """Return the egress rules of a client of the API that also reads from Amazon S3."""
    return [_tcp(HTTPS, "Kubernetes API", destinationSecurityGroupId=control_plane_id), *_way_out(network)]


def admit_to_api(scope: Construct, id: str, control_plane_id: str, client_id: str, description: str) -> None:
    """Admit a client to the API. The client's own security group has the outbound rule."""
    create(
        ec2.CfnSecurityGroupIngress,
        scope,
        id,
        group_id=control_plane_id,
        source_security_group_id=client_id,
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        description=description,
    )


def _way_out(network: Network) -> list[dict[str, Any]]:
    prefix_list = network.s3_prefix_list_id
    rules = []
    if prefix_list is not None:
        rules.append(_tcp(HTTPS, "Amazon S3 through its endpoint", destinationPrefixListId=prefix_list))
    # The ID of the S3 prefix list is not always known. Without it, only routes limit HTTPS.
    if prefix_list is None or network.egress == "nat":
        rules.append(_tcp(HTTPS, "HTTPS as far as routes lead", cidrIp="0.0.0.0/0"))
    return rules


def _admit_nodes(scope: Construct, control_plane_id: str, nodes_id: str) -> None:
    admit_to_api(scope, "ApiFromNodes", control_plane_id, nodes_id, "Kubernetes API from nodes")
    for first, last in TO_NODES:
        create(
            ec2.CfnSecurityGroupEgress,
            scope,
            f"ToNodes{first}",
            group_id=control_plane_id,
            destination_security_group_id=nodes_id,
            ip_protocol="tcp",
            from_port=first,
            to_port=last,
            description="Kubelets and webhooks on nodes",
        )


def _admit_each_other(scope: Construct, nodes_id: str) -> None:
    for protocol in BETWEEN_NODES:
        name = protocol.title()
        _admit_pods(scope, f"FromNodes{name}", f"BetweenNodes{name}", protocol, client_id=nodes_id, server_id=nodes_id)


def admit_others(scope: Construct, nodes_id: str, others_id: str) -> None:
    """Let new and existing nodes admit each other, because CoreDNS, webhooks and other pods may run on either."""
    for protocol in BETWEEN_NODES:
        name = protocol.title()
        _admit_pods(scope, f"FromOthers{name}", f"OthersOut{name}", protocol, client_id=others_id, server_id=nodes_id)
        _admit_pods(scope, f"OthersIn{name}", f"ToOthers{name}", protocol, client_id=nodes_id, server_id=others_id)


def _admit_pods(
    scope: Construct, ingress_id: str, egress_id: str, protocol: str, *, client_id: str, server_id: str
) -> None:
    """Create the inbound and the outbound rule for all ports, because pods choose their ports."""
    create(
        ec2.CfnSecurityGroupIngress,
        scope,
        ingress_id,
        group_id=server_id,
        source_security_group_id=client_id,
        ip_protocol=protocol,
        from_port=0,
        to_port=65535,
        description="Between nodes and their pods",
    )
    create(
        ec2.CfnSecurityGroupEgress,
        scope,
        egress_id,
        group_id=client_id,
        destination_security_group_id=server_id,
        ip_protocol=protocol,
        from_port=0,
        to_port=65535,
        description="Between nodes and their pods",
    )


def _tcp(ports: tuple[int, int], description: str, **peer: str) -> dict[str, Any]:
    return {"ipProtocol": "tcp", "fromPort": ports[0], "toPort": ports[1], "description": description, **peer}
