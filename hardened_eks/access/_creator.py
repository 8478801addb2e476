from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from aws_cdk import aws_iam as iam
from constructs import Construct

from hardened_eks import _aws
from hardened_eks._asked import stack_of
from hardened_eks._kinds import flag_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks._roles import document
from hardened_eks._tokens import is_token
from hardened_eks.access._creator_policies import REASONS, statements_by_policy
from hardened_eks.access._creator_reach import Reach
from hardened_eks.access._identity_provider import issuer_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Role names have at most 64 characters; CloudFormation keeps the first 24 of the stack's name in them.
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,23}")
_POLICY_NAME = re.compile(r"(?:[\w+=,.@-]+/)*[\w+=,.@-]{1,128}", re.ASCII)
_CLUSTERS = re.compile(r"[0-9A-Za-z][A-Za-z0-9_-]{0,39}")
_REPOSITORIES = re.compile(r"[a-z0-9][a-z0-9._/-]{0,99}")
_MOST_REPOSITORIES = 5
_MOST_ISSUERS = 5
_CREATES = ("clusters", "governance")
_NOT_KNOWN_BEFORE = "AWS chooses the names with the stack; the rest of the ARN limits them to the stacks' resources"


class CreatorRole(Construct):
    """The CloudFormation execution role that creates clusters, so that no person and no shared admin role does.

    Only CloudFormation can assume it. It has access to the resources of its stacks and to nothing else in the account:
    by the prefix of names (roles, policies, clusters, log groups, repositories, queues ...), and by the tag
    ``hardened-eks:owner`` where AWS chooses the names (keys, networks, launch templates, instances). The library's
    constructs set the tag. The role passes roles only to the services that need them, and attaches only the AWS
    managed policies that the library uses. Put it into a stack of its own, which the person who bootstraps the account
    deploys once, and name it in the app: ``cdk.DefaultStackSynthesizer(cloud_formation_execution_role=arn)``.
    """

    resource: iam.CfnRole
    """The CloudFormation resource of the role."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stack_prefix: str,
        name: str = "hardened-eks-creator",
        permissions_boundary: str | None = None,
        cluster_prefix: str | None = None,
        repository_prefixes: Sequence[str] = (),
        adopt_untagged: bool = False,
        kubectl: bool = False,
        config_rules: bool = False,
        hook: bool = False,
        issuers: Sequence[str] = (),
        creates: Literal["clusters", "governance"] = "clusters",
    ) -> None:
        """Create the role.

        Args:
            scope: the parent construct.
            id: construct ID.
            stack_prefix: prefix of the names of the stacks that the role may create, for example ``HardenedEks``; at
                most 24 characters. The names of their roles and policies have the same prefix, because CloudFormation
                derives them from the stack's name.
            name: name of the role, fixed so that the app can name the role before it exists. It must not begin
                with `stack_prefix`. Default: ``hardened-eks-creator``.
            permissions_boundary: name of a policy of this account, with its path if it has one. Every role that this
                role creates must have it as its permissions boundary, as `cdk.PermissionsBoundary.from_name` sets it.
                Default: no boundary is required, and anyone who may deploy a stack with the prefix can create a role
                with any permissions
                (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
            cluster_prefix: prefix of the names of the clusters; at most 40 characters. Default: `stack_prefix`, with
                which the default names of clusters begin.
            repository_prefixes: prefixes of the names of ECR repositories, besides the stack prefix in lower case, with
                which the names that CloudFormation chooses begin; at most 5. Default: no others.
            adopt_untagged: also give access to keys, networks, launch templates and instances without an owner tag.
                Only for stacks that an earlier version of the library created: switch it on, deploy them once, which
                sets the tags, and switch it off (docs/how-to/creator-role.md). Default: off.
            kubectl: also allow the resources of `Cluster.add_kubectl` and `Workloads`: functions with code from the
                bootstrap bucket of the account and Region, layers whose names begin with the stack prefix, and a key
                for their variables. Default: off.
            config_rules: also allow the resources of `ClusterRules`: a function with code from that bucket, a key for
                its variables, and Config rules. AWS Config chooses their ARNs, so the role has access to all Config
                rules of the account and Region. Default: off.
            hook: with ``creates="governance"``, also allow the resources of `Hook`: a function with code from that
                bucket, a key for its variables, and hooks. Their permissions cannot be limited by name, so the role
                has access to all hooks and types of the account and Region. Default: off.
            issuers: URLs of the issuers that `IdentityProvider` may attach to a cluster; at most 5. Default:
                the role attaches no identity provider.
            creates: ``clusters``, or ``governance`` for a role that creates no cluster, but the resources of `Trail`,
                `TrailBucket`, `Backups`, `VeleroStore`, `AccessLogs`, `AccountDefaults`, `AuditAssessment`,
                `ManagedDetectors` and the constructs of AWS Config. Give that role its own prefix and name: the role
                that creates clusters must not have access to the logs of its own actions. Default: ``clusters``.

        Raises:
            ConfigurationError: a prefix is empty, too long, or invalid at the start of such a name; the name of the
                role, of the boundary or of the stack begins with `stack_prefix`, so that the role could change its own
                limits; or an option does not fit `creates`. The error lists all mistakes.
        """
        problems = problems_in(scope, f"CreatorRole '{id}'")
        problems.require(
            isinstance(stack_prefix, str) and _PREFIX.fullmatch(stack_prefix),
            f"stack_prefix needs 1 to 24 letters, digits or '-', the first a letter, got {stack_prefix!r}",
        )
        problems.require(
            isinstance(name, str) and re.fullmatch(r"[\w+=,.@-]{1,64}", name),
            f"name needs 1 to 64 letters, digits or +=,.@-_, got {name!r}",
        )
        problems.require(
            permissions_boundary is None
            or (isinstance(permissions_boundary, str) and _POLICY_NAME.fullmatch(permissions_boundary)),
            "permissions_boundary needs the name of a policy of this account, with its path but not its ARN, "
            f"got {permissions_boundary!r}",
        )
        stack_name = stack_of(scope).stack_name
        problems.extend(_own_problems(stack_name, stack_prefix, name, permissions_boundary))
        problems.extend(_prefix_problems(cluster_prefix, repository_prefixes))
        problems.extend(
            flag_problems(adopt_untagged=adopt_untagged, kubectl=kubectl, config_rules=config_rules, hook=hook)
        )
        problems.extend(_issuers_problems(issuers))
        problems.require(creates in _CREATES, f"creates needs one of {', '.join(map(repr, _CREATES))}, got {creates!r}")
        for option, given in (("kubectl", kubectl), ("config_rules", config_rules), ("issuers", issuers)):
            problems.require(
                creates == "clusters" or not given,
                f"{option} is only for a role that creates clusters: leave it out, or leave out creates",
            )
        problems.require(
            creates != "clusters" or not hook,
            "hook is only for a role with creates='governance': leave hook out, or pass creates='governance'",
        )
        problems.raise_any()
        super().__init__(scope, id)
        reach = Reach(
            prefix=stack_prefix,
            cluster_prefix=cluster_prefix or stack_prefix,
            repository_prefixes=sorted({stack_prefix.lower(), *repository_prefixes}),
            boundary=permissions_boundary,
            adopt_untagged=adopt_untagged,
            kubectl=kubectl,
            config_rules=config_rules,
            hook=hook,
            issuers=list(issuers),
            governance=creates == "governance",
        )
        policies = [self._policy(stack_prefix, *policy) for policy in statements_by_policy(reach).items()]
        self.resource = create(
            iam.CfnRole,
            self,
            "Role",
            role_name=name,
            description=f"CloudFormation creates {stack_prefix} stacks with it",
            # No source condition: AWS does not document that CloudFormation sends one when it assumes a stack's role.
            # It assumes only roles that the caller may pass (iam:PassRole), which keeps others out.
            assume_role_policy_document=document(
                {"Principal": {"Service": "cloudformation.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ),
            managed_policy_arns=[policy.ref for policy in policies],
        )
        self.role_arn = self.resource.attr_arn
        """ARN of the role."""

    def _policy(self, stack_prefix: str, name: str, statements: list[dict[str, Any]]) -> iam.CfnManagedPolicy:
        made = create(
            iam.CfnManagedPolicy,
            self,
            name,
            description=f"What CloudFormation needs to create {stack_prefix} stacks: {name}",
            policy_document=document(*statements),
        )
        acknowledge(made, _findings(statements))
        return made


def _findings(statements: list[dict[str, Any]]) -> dict[str, str]:
    """Return the reason for each wildcard by the name that cdk-nag gives it."""
    pseudo = {
        _aws.partition(): "Partition",
        _aws.region(): "Region",
        _aws.account(): "AccountId",
        _aws.url_suffix(): "URLSuffix",
    }
    found = {}
    for statement in statements:
        reason = REASONS.get(statement.get("Sid", ""), _NOT_KNOWN_BEFORE)
        for kind in ("Action", "Resource"):
            values = statement[kind]
            for value in [values] if isinstance(values, str) else values:
                if "*" in value:
                    text = value.replace("${*}", "<*>")
                    for token, name in pseudo.items():
                        text = text.replace(token, f"<AWS::{name}>")
                    found[f"AwsSolutions::AwsSolutions-IAM5[{kind}::{text}]"] = reason
    return found


def _own_problems(stack_name: str, stack_prefix: str, name: str, permissions_boundary: str | None) -> Iterator[str]:
    """Yield why the role could change its own permissions: it may change everything that begins with the prefix."""
    if not isinstance(stack_prefix, str) or not stack_prefix:
        return
    if isinstance(name, str) and name.startswith(stack_prefix):
        yield f"name {name!r} begins with stack_prefix {stack_prefix!r}: the role could change itself"
    if isinstance(permissions_boundary, str) and permissions_boundary.startswith(stack_prefix):
        yield (
            f"permissions_boundary {permissions_boundary!r} begins with stack_prefix {stack_prefix!r}: the role could "
            "change its own limits; name a policy without this prefix"
        )
    if not is_token(stack_name) and stack_name.startswith(stack_prefix):
        yield (
            f"stack {stack_name!r} begins with stack_prefix {stack_prefix!r}: the role could change its own policies; "
            "create it in a stack with another name"
        )


def _prefix_problems(cluster_prefix: object, repository_prefixes: object) -> Iterator[str]:
    if cluster_prefix is not None and not (isinstance(cluster_prefix, str) and _CLUSTERS.fullmatch(cluster_prefix)):
        yield (
            "cluster_prefix needs 1 to 40 letters, digits, '-' or '_', the first a letter or digit, "
            f"got {cluster_prefix!r}"
        )
    if not isinstance(repository_prefixes, list | tuple) or len(repository_prefixes) > _MOST_REPOSITORIES:
        yield f"repository_prefixes needs a list of at most {_MOST_REPOSITORIES} names, got {repository_prefixes!r}"
        return
    for name in repository_prefixes:
        if not isinstance(name, str) or not _REPOSITORIES.fullmatch(name):
            yield (
                "repository_prefixes needs names of 1 to 100 lower-case letters, digits and ._/-, the first a letter "
                f"or digit, got {name!r}"
            )


def _issuers_problems(issuers: object) -> Iterator[str]:
    if not isinstance(issuers, list | tuple) or len(issuers) > _MOST_ISSUERS:
        yield f"issuers needs a list of at most {_MOST_ISSUERS} URLs, got {issuers!r}"
        return
    for issuer in issuers:
        yield from issuer_problems("issuers", issuer)
