"""The roles of nodes of every kind: the resources that assign them, and roles that are not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence.unknown import branches
from hardened_eks.evidence.views.auto_scaling import cluster_name, is_nodes, self_managed_roles
from hardened_eks.evidence.views.eks_roles import ENTRY, ROLE, seen
from hardened_eks.evidence.views.launch import (
    AUTO_SCALING,
    CONFIGURATION,
    INSTANCE,
    NODEGROUP,
    entries,
    policies_of,
    prefix_of,
    unseen_role,
)
from hardened_eks.evidence.views.launch_source import templates_of, unseen_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource

_CLUSTER: Final = "AWS::EKS::Cluster"
NODE_ROLE_USERS: Final = (NODEGROUP, _CLUSTER, ENTRY, AUTO_SCALING, INSTANCE)
"""Types that assign a role to nodes."""
_PATHS: Final = {NODEGROUP: "NodeRole", _CLUSTER: "ComputeConfig.NodeRoleArn", ENTRY: "PrincipalArn"}
_KINDS: Final = ("EC2", "HYBRID")
_WORKER: Final = {"AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"}
_PROFILE: Final = "AWS::IAM::InstanceProfile"


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
    users = [user for user in assembly.of(*_PATHS) if user.type != ENTRY or _is_of_nodes(user, *_KINDS)]
    found = {role for user in users for role in assembly.targets(user.get(_PATHS[user.type]), ROLE, near=user)}
    found |= self_managed_roles(assembly)
    found |= {role for role in assembly.of(ROLE) if has_policy_of_kubelet(role)}
    return frozenset(found)


def _is_of_nodes(entry: Resource, *kinds: str) -> bool:
    return str(entry.get("Type", "STANDARD")).upper().startswith(kinds)


def unseen_roles(user: Resource, assembly: Assembly) -> Iterator[tuple[str, str]]:
    """Yield (message, path) if the node role that `user`, one of `NODE_ROLE_USERS`, assigns is not seen."""
    if user.type == NODEGROUP:
        yield from unseen_role(user, assembly)
        return
    for role, value, path in _given(user, assembly):
        if role is None:
            yield f"the role {value} is not among the templates", path
    if _is_self_managed(user, assembly):
        yield from unseen_settings(user, assembly, "IamInstanceProfile")
        for profile, value, path in _profiles(user, assembly):
            if profile is None:
                yield f"the instance profile {value} is not among the templates", path


def _is_self_managed(user: Resource, assembly: Assembly) -> bool:
    if user.type == INSTANCE:
        return cluster_name(user) is not None
    return user.type == AUTO_SCALING and is_nodes(user, assembly)


def _given(user: Resource, assembly: Assembly) -> Iterator[tuple[Resource | None, Any, str]]:
    """Yield (role, resource that names it, path) for each role that nodes get from `user`."""
    path = _PATHS.get(user.type)
    if user.type == ENTRY and not _is_of_nodes(user, "EC2"):
        return
    if path is not None:
        for branch in branches(user.get(path)):
            if branch is not None:
                yield seen(user, branch, assembly), branch, path
    elif _is_self_managed(user, assembly):
        for profile, _, place in _profiles(user, assembly):
            for _, value in entries(profile, "Roles") if profile is not None else ():
                assert profile is not None
                yield assembly.target(value, ROLE, near=profile), value, place


def _profiles(node: Resource, assembly: Assembly) -> Iterator[tuple[Resource | None, Any, str]]:
    """Yield (profile, resource that names it, path in `node`) for each instance profile of self-managed nodes."""
    sources = [(template, "LaunchTemplate") for template in templates_of(node, assembly)]
    older = assembly.targets(node.get("LaunchConfigurationName"), CONFIGURATION, near=node)
    sources += [(configuration, "LaunchConfigurationName") for configuration in older]
    if node.type == INSTANCE:
        own = [(node, "IamInstanceProfile")]
        sources = own if node.get("IamInstanceProfile") is not None else sources
    for source, path in sources:
        for branch in branches(source.get(f"{prefix_of(source)}IamInstanceProfile")):
            named = branch
            if isinstance(branch, dict):
                named = next((branch[key] for key in ("Arn", "Name") if key in branch), branch)
            if named is not None:
                yield assembly.target(named, _PROFILE, near=source), named, path
