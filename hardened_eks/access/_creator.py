from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from aws_cdk import aws_iam as iam
from constructs import Construct

from hardened_eks import _aws
from hardened_eks._asked import stack_of
from hardened_eks._kinds import flag_problems, problems_in
from hardened_eks._nag import acknowledge
from hardened_eks._roles import document
from hardened_eks._tokens import is_token
from hardened_eks.access._creator_policies import REASONS, statements_by_policy
from hardened_eks.access._creator_reach import Reach
from hardened_eks.access._identity_provider import issuer_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# In names of roles, which have 64 characters, CloudFormation keeps the first 24 of the stack's name.
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,23}")
_POLICY_NAME = re.compile(r"(?:[\w+=,.@-]+/)*[\w+=,.@-]{1,128}", re.ASCII)
_CLUSTERS = re.compile(r"[0-9A-Za-z][A-Za-z0-9_-]{0,39}")
_REPOSITORIES = re.compile(r"[a-z0-9][a-z0-9._/-]{0,99}")
_MOST_REPOSITORIES = 5
_MOST_ISSUERS = 5
_CREATES = ("clusters", "governance")
_NOT_KNOWN_BEFORE = "names are created by AWS when a stack is; the rest of the ARN limits them to what the stacks make"


class CreatorRole(Construct):
    """The CloudFormation execution role that creates clusters, so that no person and no shared admin role does.

    Only CloudFormation can take it. It reaches what its stacks create and nothing else in the account: by the prefix of
    names (roles, policies, clusters, log groups, repositories, queues ...), and by the tag ``hardened-eks:owner`` where
    AWS chooses the names (keys, networks, launch templates, instances). The library's constructs set the tag. The role
    hands roles only to the services that need them, and attaches only the AWS policies that the library uses. Put it
    into a stack of its own, deployed once by anyone who bootstraps the account, and name it in the app:
    ``cdk.DefaultStackSynthesizer(cloud_formation_execution_role=arn)``.
    """

    resource: iam.CfnRole
    """The CloudFormation resource of the role."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stack_prefix: str,
        role_name: str = "hardened-eks-creator",
        permissions_boundary: str | None = None,
        cluster_prefix: str | None = None,
        repository_prefixes: Sequence[str] = (),
        adopt_untagged: bool = False,
        kubectl: bool = False,
        config_rules: bool = False,
        hook: bool = False,
        identity_issuers: Sequence[str] = (),
        creates: Literal["clusters", "governance"] = "clusters",
    ) -> None:
        """Create the role.

        Args:
            scope: where it is created.
            id: construct id.
            stack_prefix: how the names of the stacks begin that it may create, for example ``HardenedEks``; 24
                characters at most. Names of their roles and policies begin the same, since CloudFormation makes them
                from the stack's name.
            role_name: fixed, so that the app can name the role before it exists. It must not begin with the prefix.
            permissions_boundary: name of a policy of this account, with its path if it has one, that every role made
                with this one must have as its boundary, as `cdk.PermissionsBoundary.from_name` sets it. Default: none
                is asked for, and anyone who may deploy a stack of the prefix can write a role with any permissions
                (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
            cluster_prefix: how the names of the clusters begin; 40 characters at most. Default: `stack_prefix`, with
                which the default names of clusters begin.
            repository_prefixes: how names of ECR repositories may begin besides the stack prefix in lower case, with
                which CloudFormation's names for them begin; at most 5. Default: no others.
            adopt_untagged: also reach keys, networks, launch templates and instances that carry no owner tag. Only for
                stacks that an earlier version of the library created: switch it on, deploy them once, which sets the
                tags, and switch it off (docs/how-to/creator-role.md). Default: off.
            kubectl: also create what `Cluster.add_kubectl` and `Workloads` bring: functions with code from the
                bootstrap bucket of the account and region, layers whose names begin with the stack prefix, a key for
                their variables. Default: off.
            config_rules: also create what `ClusterRules` brings: a function with code from that bucket, a key for its
                variables, and Config rules. AWS Config makes up their ARNs, so the role reaches all Config rules of the
                account and region. Default: off.
            hook: of a role that creates governance: also create what `Hook` brings: a function with code from that
                bucket, a key for its variables, and hooks. CloudFormation knows no names for these, so the role reaches
                all hooks and types of the account and region. Default: off.
            identity_issuers: URLs of the issuers that `IdentityProvider` may attach to a cluster; at most 5. Default:
                the role attaches no identity provider.
            creates: ``clusters``, or ``governance``: what `Trail`, `TrailBucket`, `Backups`, `VeleroStore`,
                `AccessLogs`, `AccountDefaults`, `AuditAssessment`, `ManagedDetectors` and the constructs of AWS Config
                create, and no cluster. Give it a prefix and a name of its own: the role that creates clusters must not
                reach the record of what it does. Default: ``clusters``.

        Raises:
            ConfigurationError: a prefix is empty, too long or no name of its kind can begin so; or the role, the
                boundary or the stack they are created in begins with it, so that the role could change its own limits.
        """
        problems = problems_in(scope, f"CreatorRole '{id}'")
        problems.require(
            isinstance(stack_prefix, str) and _PREFIX.fullmatch(stack_prefix),
            f"stack_prefix needs 1 to 24 letters, digits or '-', the first a letter, got {stack_prefix!r}",
        )
        problems.require(
            isinstance(role_name, str) and re.fullmatch(r"[\w+=,.@-]{1,64}", role_name),
            f"role_name needs 1 to 64 letters, digits or +=,.@-_, got {role_name!r}",
        )
        problems.require(
            permissions_boundary is None
            or (isinstance(permissions_boundary, str) and _POLICY_NAME.fullmatch(permissions_boundary)),
            "permissions_boundary needs the name of a policy of this account, with its path but not its ARN, "
            f"got {permissions_boundary!r}",
        )
        stack_name = stack_of(scope).stack_name
        problems.extend(_own_problems(stack_name, stack_prefix, role_name, permissions_boundary))
        problems.extend(_prefix_problems(cluster_prefix, repository_prefixes))
        problems.extend(
            flag_problems(adopt_untagged=adopt_untagged, kubectl=kubectl, config_rules=config_rules, hook=hook)
        )
        problems.extend(_issuers_problems(identity_issuers))
        problems.require(creates in _CREATES, f"creates is one of {', '.join(map(repr, _CREATES))}, got {creates!r}")
        for name, given in (
            *(("kubectl", kubectl), ("config_rules", config_rules)),
            ("identity_issuers", identity_issuers),
        ):
            problems.require(
                creates == "clusters" or not given,
                f"{name} is for a role that creates clusters: leave it out, or leave out creates",
            )
        problems.require(
            creates != "clusters" or not hook, "hook is for a role with creates='governance': leave it out, or add that"
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
            issuers=list(identity_issuers),
            governance=creates == "governance",
        )
        policies = [self._policy(stack_prefix, *policy) for policy in statements_by_policy(reach).items()]
        self.resource = iam.CfnRole(
            self,
            "Role",
            role_name=role_name,
            description=f"CloudFormation creates {stack_prefix} stacks with it",
            # No source condition: AWS does not document that CloudFormation sends one when it takes a stack's role, and
            # it takes only roles that the caller may pass (iam:PassRole), which is what keeps others out.
            assume_role_policy_document=document(
                {"Principal": {"Service": "cloudformation.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ),
            managed_policy_arns=[policy.ref for policy in policies],
        )
        self.role_arn = self.resource.attr_arn
        """ARN of the role."""

    def _policy(self, stack_prefix: str, name: str, statements: list[dict[str, Any]]) -> iam.CfnManagedPolicy:
        made = iam.CfnManagedPolicy(
            self,
            name,
            description=f"What CloudFormation needs to create {stack_prefix} stacks: {name}",
            policy_document=document(*statements),
        )
        acknowledge(made, _findings(statements))
        return made


def _findings(statements: list[dict[str, Any]]) -> dict[str, str]:
    """Give cdk-nag the reason of each wildcard, under the names it has for them."""
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


def _own_problems(
    stack_name: str, stack_prefix: str, role_name: str, permissions_boundary: str | None
) -> Iterator[str]:
    """Yield why the role could change its own permissions: what begins with the prefix is in its hands."""
    if not isinstance(stack_prefix, str) or not stack_prefix:
        return
    if isinstance(role_name, str) and role_name.startswith(stack_prefix):
        yield f"role_name {role_name!r} begins with stack_prefix {stack_prefix!r}: the role could change itself"
    if isinstance(permissions_boundary, str) and permissions_boundary.startswith(stack_prefix):
        yield (
            f"permissions_boundary {permissions_boundary!r} begins with stack_prefix {stack_prefix!r}: the role could "
            "change its limits"
        )
    if not is_token(stack_name) and stack_name.startswith(stack_prefix):
        yield (
            f"stack {stack_name!r} begins with stack_prefix {stack_prefix!r}, so that the role could change its own "
            "policies: put it into a stack of another name"
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
        yield f"identity_issuers needs a list of at most {_MOST_ISSUERS} URLs, got {issuers!r}"
        return
    for issuer in issuers:
        yield from issuer_problems("identity_issuers", issuer)
