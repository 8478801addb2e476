"""The roles of nodes, for all kinds of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks.evidence.views.auto_scaling import self_managed_roles
from hardened_eks.evidence.views.launch import NODEGROUP, policies_of

if TYPE_CHECKING:
    from hardened_eks.evidence import Assembly, Resource

_ROLE: Final = "AWS::IAM::Role"
_PATHS: Final = {NODEGROUP: "NodeRole", "AWS::EKS::Cluster": "ComputeConfig.NodeRoleArn"}
_KINDS: Final = ("EC2", "HYBRID")
_WORKER: Final = {"AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"}


def is_node_role(role: Resource, assembly: Assembly) -> bool:
    """Return whether nodes use the role.

    The nodes may be those of a node group, Auto Mode, or self-managed nodes. A role with an access entry for nodes, or
    with a kubelet policy, also counts, such as that of Karpenter nodes, which no template launches.
    """
    return role in assembly.once("nodes.roles", lambda: _node_roles(assembly))


def has_policy_of_kubelet(role: Resource) -> bool:
    """Return whether a role has one of the policies with which a kubelet can join."""
    return any(name in _WORKER for name, _, _ in policies_of(role))


def _node_roles(assembly: Assembly) -> frozenset[Resource]:
    named = [(user, user.get(path)) for type_, path in _PATHS.items() for user in assembly.of(type_)]
    named += [
        (entry, entry.get("PrincipalArn"))
        for entry in assembly.of("AWS::EKS::AccessEntry")
        if str(entry.get("Type", "STANDARD")).upper().startswith(_KINDS)
    ]
    found = {role for user, value in named for role in assembly.targets(value, _ROLE, near=user)}
    found |= self_managed_roles(assembly)
    found |= {role for role in assembly.of(_ROLE) if has_policy_of_kubelet(role)}
    return frozenset(found)
