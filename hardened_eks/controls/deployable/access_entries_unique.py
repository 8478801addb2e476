from collections.abc import Iterator

from hardened_eks.controls._unseen import name_not_seen
from hardened_eks.controls.deployable._twins import called, first_of_the_same
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_AUTO = "EC2"
"""The type of access entries for Auto Mode nodes."""
_AUTO_POLICY = "AmazonEKSAutoNodePolicy"
_RESERVED = ("system:", "eks:", "aws:", "amazon:", "iam:")
"""Prefixes that groups and user names must not have.

Sources:
    https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html
    https://docs.aws.amazon.com/eks/latest/userguide/set-custom-username.html
"""


@control(
    id="DP-28",
    title="Each principal has one access entry per cluster, of the right type",
    types=("AWS::EKS::AccessEntry",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS returns ResourceInUseException for a second entry, and rejects access policies or groups on entries for "
        "nodes. Auto Mode nodes do not join without AmazonEKSAutoNodePolicy."
    ),
    fix=(
        "Merge the entries. Give node entries (such as EC2_LINUX) neither groups nor policies, and Auto Mode entries "
        "(EC2) only AmazonEKSAutoNodePolicy."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
    enforced_by="AccessEntry",
)
def access_entries_unique(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    first = first_of_the_same(resource, assembly, "ClusterName", "PrincipalArn")
    if first is not resource:
        yield Problem(f"{called(first, resource)} is an entry for the same principal", "PrincipalArn")
    owner = assembly.target(resource.get("ClusterName"), "AWS::EKS::Cluster", near=resource)
    yield from name_not_seen(resource, assembly, "ClusterName", "AWS::EKS::Cluster")
    mode = owner.get("AccessConfig.AuthenticationMode", "CONFIG_MAP") if owner is not None else None
    if mode == "CONFIG_MAP":
        yield Problem(
            "the cluster's authentication mode is CONFIG_MAP, which does not allow access entries", "ClusterName"
        )
    kind = resource.get("Type", "STANDARD")
    if isinstance(kind, str) and kind != "STANDARD":
        for path in ("AccessPolicies", "KubernetesGroups"):
            if resource.items(path) and (kind, path) != (_AUTO, "AccessPolicies"):
                yield Problem(f"an entry of type {kind} cannot have {path}", path)
        if kind == _AUTO:
            yield from _auto_mode(resource)
    for index, group in enumerate(resource.items("KubernetesGroups")):
        if isinstance(group, str) and group.startswith(_RESERVED):
            yield Problem(f"the group {group!r} has a reserved prefix", f"KubernetesGroups.{index}")
    user = resource.get("Username")
    if isinstance(user, str) and kind == "STANDARD" and user.startswith(_RESERVED):
        yield Problem(f"the user name {user!r} has a reserved prefix", "Username")


def _auto_mode(entry: Resource) -> Iterator[Problem]:
    """Yield what prevents Auto Mode nodes from joining, and what they do not need.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html
    """
    found = list(entry.each("AccessPolicies"))
    named = {path: _name(policy.get("PolicyArn") if isinstance(policy, dict) else policy) for path, policy in found}
    if not {_AUTO_POLICY, ""}.intersection(named.values()):
        yield Problem(
            f"an entry of type {_AUTO} needs {_AUTO_POLICY}: without it, Auto Mode nodes do not join", "AccessPolicies"
        )
    for path, name in named.items():
        if name not in {_AUTO_POLICY, ""}:
            yield Problem(f"an entry of type {_AUTO} cannot have {name}", path)


def _name(arn: object) -> str:
    """Return the name of an access policy; empty if it is not known before deployment."""
    text = str(arn)
    return text.rsplit("/", 1)[1] if "/" in text else ""
