"""Who may talk to whom: the control plane, the nodes, the endpoints.

Source: https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_ec2 as ec2

if TYPE_CHECKING:
    from constructs import Construct

    from hardened_eks.network import Network

API = (443, 443)
# The API server calls webhooks and aggregated APIs on 443 and the usual ports of controllers, the kubelet on 10250.
TO_NODES = ((443, 443), (4443, 4443), (6443, 6443), (8443, 8443), (9443, 9443), (10250, 10251))
# A security group without egress rules is given one to everywhere; this one matches nothing, as the CDK writes it.
NOWHERE = {
    "ipProtocol": "icmp",
    "cidrIp": "255.255.255.255/32",
    "fromPort": 252,
    "toPort": 86,
    "description": "Disallow all traffic",
}


def security_group(
    scope: Construct,
    id: str,
    *,
    description: str,
    vpc: ec2.IVpc,
    ingress: list[dict[str, Any]] | None = None,
    egress: list[dict[str, Any]] | None = None,
) -> ec2.ISecurityGroup:
    """Make a security group with its rules in one resource, as the CDK's interface."""
    made = ec2.CfnSecurityGroup(
        scope,
        id,
        group_description=description,
        vpc_id=vpc.vpc_id,
        security_group_ingress=ingress,
        security_group_egress=egress or [NOWHERE],
    )
    return ec2.SecurityGroup.from_security_group_id(scope, f"{id}View", made.attr_group_id, allow_all_outbound=False)


def tcp(ports: tuple[int, int], description: str, **peer: str) -> dict[str, Any]:
    """Write one rule for TCP."""
    return {
        "ipProtocol": "tcp",
        "fromPort": ports[0],
        "toPort": ports[1],
        "description": description,
        **peer,
    }


def admit_nodes(scope: Construct, control_plane: str, nodes: str) -> None:
    """Let nodes reach the API, and the API server reach kubelets and webhooks on them."""
    ec2.CfnSecurityGroupIngress(
        scope,
        "ApiFromNodes",
        group_id=control_plane,
        source_security_group_id=nodes,
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        description="Kubernetes API from nodes",
    )
    for first, last in TO_NODES:
        ec2.CfnSecurityGroupEgress(
            scope,
            f"ToNodes{first}",
            group_id=control_plane,
            destination_security_group_id=nodes,
            ip_protocol="tcp",
            from_port=first,
            to_port=last,
            description="Kubelets and webhooks on nodes",
        )


def node_security_group(
    scope: Construct, *, cluster_name: str, network: Network, control_plane: ec2.ISecurityGroup
) -> ec2.ISecurityGroup:
    """Make the security group that the nodes of a cluster share."""
    api = control_plane.security_group_id
    egress = [tcp(API, "Kubernetes API", destinationSecurityGroupId=api)]
    prefix_list = network.s3_prefix_list_id
    if prefix_list is not None:
        egress.append(tcp(API, "Amazon S3 through its endpoint", destinationPrefixListId=prefix_list))
    if prefix_list is None or network.egress == "nat":
        egress.append(tcp(API, "HTTPS; routes decide how far it goes", cidrIp="0.0.0.0/0"))
    made = security_group(
        scope,
        "NodeSecurityGroup",
        description=f"Nodes of EKS cluster {cluster_name}",
        vpc=network.vpc,
        ingress=[tcp(ports, "From the Kubernetes API", sourceSecurityGroupId=api) for ports in TO_NODES],
        egress=egress,
    )
    nodes = made.security_group_id
    ec2.CfnSecurityGroupIngress(
        scope,
        "FromNodes",
        group_id=nodes,
        source_security_group_id=nodes,
        ip_protocol="-1",
        description="Between nodes and their pods",
    )
    ec2.CfnSecurityGroupEgress(
        scope,
        "BetweenNodes",
        group_id=nodes,
        destination_security_group_id=nodes,
        ip_protocol="-1",
        description="Between nodes and their pods",
    )
    admit_nodes(scope, api, nodes)
    network.admit(made)
    return made
