"""Access entries: who may use the Kubernetes API of a cluster, and with which permissions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_eks as eks
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._asked import place_problems, region_of
from hardened_eks._kinds import CLUSTER, COMPUTE, USER, cluster_problems, is_a, problems_in
from hardened_eks._l1 import create
from hardened_eks._patterns import regex
from hardened_eks._principals import arn_of, arn_problems
from hardened_eks._tokens import is_literal, is_text_token
from hardened_eks.access._access_policy import AccessPolicy, policy_name_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_iam as iam

    from hardened_eks._cluster_like import ClusterLike

_NAMESPACE = regex(r"[a-z0-9*]([a-z0-9*-]{0,61}[a-z0-9*])?")
_RESERVED = ("system:", "eks:", "aws:", "amazon:", "iam:")
"""Prefixes that the name of a group in an access entry must not have.

Source: https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryArguments:
    """The arguments of `AccessEntry`, which describes them."""

    cluster: ClusterLike
    principal: iam.IRole | str
    arn: Any
    """ARN of the principal, read once: each read is a call into Node."""
    policy: AccessPolicy | None
    namespaces: Sequence[str]
    groups: Sequence[str] = ()

    @classmethod
    def of(
        cls,
        *,
        cluster: ClusterLike,
        principal: iam.IRole | str,
        policy: AccessPolicy | None,
        namespaces: Sequence[str],
        groups: Sequence[str] = (),
    ) -> EntryArguments:
        """Take the arguments of `AccessEntry`."""
        arn = arn_of(principal)
        return cls(cluster=cluster, principal=principal, arn=arn, policy=policy, namespaces=namespaces, groups=groups)

    def problems(self) -> Iterator[str]:
        """Yield what is wrong with them."""
        yield from cluster_problems(self.cluster)
        if is_a(COMPUTE, self.principal):
            yield (
                f"principal needs a role or its ARN, got {self.principal!r}, whose nodes already have their own "
                "access entry: pass the role of the people who need access (aws_iam.IRole), or its ARN"
            )
        else:
            known = is_literal(self.arn) and is_a(CLUSTER, self.cluster)
            region = region_of(self.cluster) if known else ""  # type: ignore[arg-type]
            yield from _principal_problems(self.principal, self.arn, region=region)
        yield from self._policy_problems()
        yield from _namespace_problems(self.namespaces)
        yield from _group_problems(self.groups)

    def _policy_problems(self) -> Iterator[str]:
        if isinstance(self.policy, AccessPolicy):
            yield from policy_name_problems(self.policy.name)
        elif self.policy is not None or not self.groups:
            yield (
                "policy needs an AccessPolicy such as AccessPolicy.VIEW or AccessPolicy.of('...'), "
                f"got {self.policy!r}: pass a policy, or groups"
            )
        elif self.namespaces:
            yield (
                f"namespaces limits a policy, and no policy is given, got {self.namespaces!r}: "
                "leave namespaces out; the bindings in the cluster define where a group has permissions"
            )


def _principal_problems(principal: object, arn: object, *, region: str) -> Iterator[str]:
    if is_a(USER, principal) and is_text_token(arn):
        yield f"principal names the IAM user {principal!r}, whose keys never expire: name a role"
    else:
        yield from arn_problems("principal", arn, region=region)


def _namespace_problems(namespaces: object) -> Iterator[str]:
    if not isinstance(namespaces, list | tuple):
        yield f"namespaces needs a list of names, got {namespaces!r}"
        return
    for namespace in namespaces:
        if not is_text_token(namespace) and not (isinstance(namespace, str) and _NAMESPACE.fullmatch(namespace)):
            yield f"namespaces needs names of up to 63 lower-case letters, digits, '-' and '*', got {namespace!r}"


def _group_problems(groups: object) -> Iterator[str]:
    if not isinstance(groups, list | tuple):
        yield f"groups needs a list of names, got {groups!r}"
        return
    for group in groups:
        if is_text_token(group):
            continue
        if not isinstance(group, str) or not group.strip():
            yield f"groups needs names of Kubernetes groups such as 'payments-developer', got {group!r}"
        elif group.startswith(_RESERVED):
            yield f"groups must not begin with {', '.join(_RESERVED)}, got {group!r}: bind a group of your own"


class AccessEntry(Construct):
    """Lets one IAM role use the Kubernetes API of a cluster."""

    resource: eks.CfnAccessEntry
    """The CloudFormation resource, for settings that no argument covers."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        principal: iam.IRole | str,
        policy: AccessPolicy | None = None,
        namespaces: Sequence[str] = (),
        groups: Sequence[str] = (),
    ) -> None:
        """Create an access entry of type STANDARD.

        Args:
            scope: the parent construct.
            id: construct ID.
            cluster: the cluster to which the role gets access.
            principal: the role, or its ARN. A role of another or an unknown account is a finding of CP-15 or CP-21:
                give the stack its ``env``.
            policy: the permissions of the role. `CLUSTER_ADMIN` is only for a `BreakGlassRole` (CP-14). Default: the
                role has only the permissions of its `groups`.
            namespaces: namespaces to which the policy applies; a trailing ``*`` matches any ending. Default: all
                namespaces, which is fine for `VIEW`, and a finding of CP-17 for a policy that changes objects or reads
                secrets.
            groups: Kubernetes groups of the role, for example ``payments-developer`` of the in-cluster baseline. Roles
                in the cluster must be bound to them. A finding of CP-17 unless the same app contains the bindings
                (`Workloads`), or they are checked together with the template. Default: none.

        Raises:
            ConfigurationError: the principal is not a role, neither a policy nor a group is given, the policy is not an
                `AccessPolicy`, or the name of a namespace or group is invalid. The error lists all mistakes.
        """
        arguments = EntryArguments.of(
            cluster=cluster, principal=principal, policy=policy, namespaces=namespaces, groups=groups
        )
        problems = problems_in(scope, f"AccessEntry '{id}'")
        problems.extend(arguments.problems())
        problems.extend(place_problems(scope, cluster=cluster))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        self._make(arguments)

    def _make(self, given: EntryArguments) -> None:
        self.resource = create(
            eks.CfnAccessEntry,
            self,
            "Resource",
            cluster_name=given.cluster.ref,
            principal_arn=given.arn,
            type="STANDARD",
            access_policies=None if given.policy is None else [_association(given.policy, given.namespaces)],
            kubernetes_groups=list(given.groups) or None,
        )


def _association(policy: AccessPolicy, namespaces: Sequence[str]) -> dict[str, Any]:
    scope = {"type": "namespace", "namespaces": list(namespaces)} if namespaces else {"type": "cluster"}
    return {
        "policyArn": f"arn:{_aws.partition()}:eks::aws:cluster-access-policy/{policy.name}",
        "accessScope": scope,
    }


class CheckedEntry(AccessEntry):
    """An access entry whose arguments are already checked, by the call that creates it."""

    def __init__(self, scope: Construct, id: str, arguments: EntryArguments) -> None:
        """Create the access entry."""
        Construct.__init__(self, scope, id)
        _owner.tag(self, scope)
        self._make(arguments)


class GroupEntry(AccessEntry):
    """An access entry with a Kubernetes group and without an EKS access policy.

    Only for roles of our own constructs, because the template does not show the group's permissions.
    """

    def __init__(self, scope: Construct, id: str, *, cluster: ClusterLike, role: iam.IRole, group: str) -> None:
        """Create the access entry.

        The username contains the group and the session. A detection reads it from the audit log.
        """
        Construct.__init__(self, scope, id)
        _owner.tag(self, scope)
        self.resource = create(
            eks.CfnAccessEntry,
            self,
            "Resource",
            cluster_name=cluster.ref,
            principal_arn=role.role_arn,
            type="STANDARD",
            kubernetes_groups=[group],
            username=f"{group}:{{{{SessionName}}}}",
        )
