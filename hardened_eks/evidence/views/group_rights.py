"""Kubernetes groups, and the namespaces in which the objects of an assembly grant them rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.evidence import Assembly, Resource

_API: Final = "Kubernetes::rbac.authorization.k8s.io::"
_BINDING, _CLUSTER_BINDING = f"{_API}RoleBinding", f"{_API}ClusterRoleBinding"
_ROLE, _CLUSTER_ROLE = f"{_API}Role", f"{_API}ClusterRole"
_CLUSTER: Final = "AWS::EKS::Cluster"
_BUILT_IN: Final = ("edit", "view")
"""Default Kubernetes roles that grant no more than the EKS access policies with these names."""
SYSTEM: Final = "kube-system"


def doubt(group: str, assembly: Assembly) -> str:
    """Return why the rights of a group are not limited to named namespaces; empty if the assembly shows that they are.

    Other bindings of the group are in the cluster and not in the assembly. KB-15 evaluates the rights in the roles.
    """
    bindings = assembly.once("group_rights.bindings", lambda: _bindings(assembly)).get(group, ())
    if not bindings:
        return "whose rights no template contains"
    if len(assembly.of(_CLUSTER)) > 1:
        return "and the templates do not show which of their clusters binds it to roles"
    return next((why for binding in bindings if (why := _doubt_of(binding, assembly))), "")


def _doubt_of(binding: Resource, assembly: Assembly) -> str:
    name = binding.get("metadata.name")
    if binding.type == _CLUSTER_BINDING:
        return f"to which the ClusterRoleBinding {name} grants rights in all namespaces"
    namespace = binding.get("metadata.namespace", "default")
    if not isinstance(namespace, str):
        return f"to which the RoleBinding {name} grants rights in a namespace that is not known before deployment"
    if namespace == SYSTEM:
        return f"to which the RoleBinding {name} grants rights in {SYSTEM}"
    kind, role = binding.get("roleRef.kind"), binding.get("roleRef.name")
    if kind == "ClusterRole" and role in _BUILT_IN:
        return ""
    roles = assembly.once("group_rights.roles", lambda: frozenset(_roles(assembly)))
    if (kind, namespace if kind == "Role" else "", role) not in roles:
        return f"whose rights are those of the {kind} {role} in {namespace}, which no template contains"
    return ""


def _bindings(assembly: Assembly) -> Mapping[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for binding in assembly.of(_BINDING, _CLUSTER_BINDING):
        for subject in binding.items("subjects"):
            if isinstance(subject, dict) and subject.get("kind") == "Group":
                found.setdefault(str(subject.get("name")), []).append(binding)
    return found


def _roles(assembly: Assembly) -> Iterator[tuple[object, object, object]]:
    for role in assembly.of(_ROLE):
        yield "Role", role.get("metadata.namespace", "default"), role.get("metadata.name")
    for role in assembly.of(_CLUSTER_ROLE):
        yield "ClusterRole", "", role.get("metadata.name")
