"""The roles that EKS resources use, and the accounts they belong to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence import Unknown
from hardened_eks.evidence.environment import is_account
from hardened_eks.evidence.unknown import branches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hardened_eks.evidence import Assembly, Resource

ROLE: Final = "AWS::IAM::Role"
ENTRY: Final = "AWS::EKS::AccessEntry"
ASSOCIATION: Final = "AWS::EKS::PodIdentityAssociation"
GIVEN: Final = {
    ENTRY: ("PrincipalArn",),
    ASSOCIATION: ("RoleArn", "TargetRoleArn"),
    "AWS::EKS::Addon": ("ServiceAccountRoleArn",),
    "AWS::EKS::Capability": ("RoleArn",),
    "AWS::EKS::Cluster": ("RoleArn", "ComputeConfig.NodeRoleArn"),
    "AWS::EKS::FargateProfile": ("PodExecutionRoleArn",),
    "AWS::EKS::Nodegroup": ("NodeRole",),
}
"""Properties that take the ARN of a role, by type."""
_IAM: Final = regex(r"arn:[^:]+:(?:iam|sts)::(?P<account>[^:]*):(?P<kind>[a-z-]+).*")


def is_local(cluster: Resource) -> bool:
    """Return whether the control plane runs on an Outpost: on instances in one zone, which assume the cluster role.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/eks-outposts-local-cluster-create.html
    """
    return cluster.get("OutpostConfig") is not None


def given_roles(resource: Resource) -> Iterator[tuple[str, Any]]:
    """Yield (path, value) for each role that an EKS resource uses, in both branches of a condition."""
    paths = [*GIVEN.get(resource.type, ())]
    paths += [
        path if isinstance(one, Unknown) else f"{path}.RoleArn"
        for path, one in resource.each("PodIdentityAssociations")
    ]
    for path in paths:
        value = resource.get(path)
        if value is not None:
            for branch in branches(value):
                yield path, branch


def plain(arn: str) -> str:
    """Return an ARN with ``aws`` and ``self`` in place of the pseudo parameters for partition and account."""
    return arn.replace("${AWS::Partition}", "aws").replace("${AWS::AccountId}", "self")


def account_of(arn: str) -> str:
    """Return the account in a principal ARN, or the account itself; empty if it is not known."""
    match = _IAM.fullmatch(plain(arn))
    account = match["account"] if match else arn
    return account if is_account(account) else ""


def kind_of(arn: str) -> str:
    """Return the kind of resource in an ARN: ``role``, ``user``, ``root``, ``assumed-role``; otherwise empty."""
    match = _IAM.fullmatch(plain(arn))
    return match["kind"] if match else ""


def seen(resource: Resource, value: Any, assembly: Assembly) -> Resource | None:
    """Return the role of the assembly that a value identifies, by reference, ARN or fixed name."""
    found = assembly.target(value, ROLE, near=resource)
    if found is not None or not isinstance(value, str | Unknown):
        return found
    end = re.fullmatch(r"arn:.+:role/(?:.+/)?([\w+=,.@-]+)", plain(str(value)))
    named = roles_named(end[1], assembly) if end is not None else ()
    return next((role for role in named if not _strange(role, str(value))), None)


def is_hidden(entry: Resource, assembly: Assembly) -> bool:
    """Return whether the principal of an access entry may be any role, because it is neither seen nor named."""
    principal = entry.get("PrincipalArn")
    if not isinstance(principal, Unknown) or ":role/" in str(principal):
        return False
    return assembly.target(principal, near=entry) is None


def roles_named(name: str, assembly: Assembly) -> Sequence[Resource]:
    """Return the roles of the assembly with a fixed name."""
    return assembly.once("eks_roles.named", lambda: _by_name(assembly)).get(name, ())


def _by_name(assembly: Assembly) -> Mapping[str, Sequence[Resource]]:
    found: dict[str, list[Resource]] = {}
    for role in assembly.of(ROLE):
        name = role.get("RoleName")
        if isinstance(name, str):
            found.setdefault(name, []).append(role)
    return found


def _strange(role: Resource, arn: str) -> bool:
    account = account_of(arn)
    return bool(account and role.template.account and account != role.template.account)
