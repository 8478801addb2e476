"""Guardrails as resources of AWS Organizations and of IAM."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_organizations as organizations
from constructs import Construct

from hardened_eks import _aws
from hardened_eks._kinds import problems_in
from hardened_eks._nag import acknowledge
from hardened_eks._tokens import is_token
from hardened_eks.errors import ConfigurationError
from hardened_eks.governance._homes import home_problems
from hardened_eks.governance._in_turn import POLICY, in_turn
from hardened_eks.guardrails import BOUNDARY, Settings, boundary, organization_guardrails

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hardened_eks.guardrails import Guardrail

_TARGET = re.compile(r"r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|[0-9]{12}")
_DEFAULTS = Settings()
_WHOLE = "a boundary gives nothing by itself: it allows all that it does not refuse"


class Guardrails(Construct):
    """Policies of the organization: AWS itself refuses an unhardened cluster, a second administrator, lost evidence.

    With every tool and for everybody: only break-glass roles, creator roles and the organization's own rollout change
    a cluster, and what they create must have the hardened shape. Service-linked roles and the management account are
    not affected. Put it into a stack of the management account or of a delegated administrator, and switch the policy
    types on first, once: ``aws organizations enable-policy-type`` (docs/how-to/guardrails.md). AWS changes one policy
    of an organization at a time, so each policy waits for the one before.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        targets: Sequence[str],
        organization: str | None = None,
        break_glass: Sequence[str] | None = None,
        creators: Sequence[str] | None = None,
        deployers: Sequence[str] | None = None,
        backup_roles: Sequence[str] | None = None,
        accounts: Sequence[str] = (),
        partners: Sequence[str] = (),
        issuers: Sequence[str] = (),
        log_groups: Sequence[str] | None = None,
        oldest_version: str | None = None,
        name_prefix: str = "hardened-eks",
    ) -> None:
        """Create the policies and attach them.

        Roles are names or patterns with ``*`` and ``?``, with the path if they have one, in every account of the
        targets. They, and all that is in a policy, must be known before deployment: AWS limits the size.

        Args:
            scope: where they are created.
            id: construct id.
            targets: where they are attached: ids of a root, of organizational units, of accounts. Begin with one
                account, and add others when its teams still work.
            organization: id of the organization, ``o-...``. Default: no resource control policy is created.
            break_glass: break-glass roles. They pass the shape and the access policy, not the evidence policy. Default:
                ``*BreakGlass*`` and ``*break-glass*``; ``hardened-eks guardrails --who`` states whether yours fit.
            creators: roles with which CloudFormation creates clusters (`CreatorRole`). Default:
                ``hardened-eks-creator*``.
            deployers: roles of StackSets, of Control Tower and of your own landing zone. They may change evidence too.
                Default: ``stacksets-exec-*``, ``AWSCloudFormationStackSetExecutionRole``,
                ``AWSControlTowerExecution``.
            backup_roles: roles that AWS Backup takes: backing a cluster up creates an access entry for them. Default:
                ``service-role/AWSBackupDefaultServiceRole`` and ``*BackupsRole*``.
            accounts: other accounts whose principals may get an access entry, and whose keys may encrypt a cluster.
            partners: accounts outside the organization that reach its data.
            issuers: URLs of OIDC issuers that clusters may trust, as `IdentityProvider` names them. Default: only a
                break-glass role attaches an identity provider.
            log_groups: log groups that are evidence, besides those with the library's owner tag: names or patterns.
                Default: ``/aws/eks/*``,
                ``/aws/cloudtrail/*``, ``/aws/vpc/*``.
            oldest_version: the oldest Kubernetes version of a new cluster. Default: the oldest in standard support on
                the day that this release's table was read.
            name_prefix: how the names of the policies begin; another one for each set of guardrails.

        Raises:
            ConfigurationError: no target, or what is none; a role pattern that fits any role; an id or a version that
                is none; a policy larger than AWS takes; a stack in a Region where CloudFormation does not reach AWS
                Organizations.
        """
        problems = problems_in(scope, f"Guardrails '{id}'")
        settings = Settings(
            break_glass=_given(break_glass, _DEFAULTS.break_glass),
            creators=_given(creators, _DEFAULTS.creators),
            deployers=_given(deployers, _DEFAULTS.deployers),
            backup_roles=_given(backup_roles, _DEFAULTS.backup_roles),
            accounts=_given(accounts),
            partners=_given(partners),
            issuers=_given(issuers),
            log_groups=_given(log_groups, _DEFAULTS.log_groups),
            organization="" if organization is None else organization,
            oldest_version="" if oldest_version is None else oldest_version,
            name_prefix=name_prefix,
        )
        problems.extend(_target_problems(targets))
        problems.extend(home_problems(scope))
        found: tuple[Guardrail, ...] = ()
        try:
            found = organization_guardrails(settings)
        except ConfigurationError as error:
            problems.extend(error.problems)
        problems.raise_any()
        super().__init__(scope, id)
        made: list[organizations.CfnPolicy] = []
        for guardrail in found:
            policy = organizations.CfnPolicy(
                self,
                guardrail.name.rpartition("-")[2].capitalize(),
                name=guardrail.name,
                description=guardrail.title,
                type=guardrail.kind.organizations_type,
                content=guardrail.content,  # an object, not its text: CloudFormation sees drift in it
                target_ids=list(targets),
            )
            made.append(in_turn(self, policy, POLICY))
        self.resources: tuple[organizations.CfnPolicy, ...] = tuple(made)
        """The CloudFormation resources of the policies, each after the one that it waits for."""
        self.guardrails = found
        """The policies as data."""


class PermissionsBoundary(Construct):
    """The most that a role of people or of a pipeline without privileges may do, regardless of its policies.

    It changes neither clusters nor evidence, creates no role without the same boundary and cannot take it off. Make it
    once in each account and set it with ``iam.PermissionsBoundary.of(scope).apply(...)``.
    """

    resource: iam.CfnManagedPolicy
    """The CloudFormation resource of the policy."""

    def __init__(self, scope: Construct, id: str, *, policy_name: str = BOUNDARY) -> None:
        """Create the policy.

        Args:
            scope: where it is created.
            id: construct id.
            policy_name: fixed, since the policy speaks of itself.

        Raises:
            ConfigurationError: the name is none of a policy.
        """
        problems = problems_in(scope, f"PermissionsBoundary '{id}'")
        try:
            made = boundary(Settings(boundary=policy_name, partition=_aws.partition()))
        except ConfigurationError as error:
            problems.extend(problem.replace("boundary needs", "policy_name needs", 1) for problem in error.problems)
            problems.raise_any()
            raise
        super().__init__(scope, id)
        path, _, name = policy_name.rpartition("/")
        self.resource = iam.CfnManagedPolicy(
            self,
            "Policy",
            managed_policy_name=name,
            path=f"/{path}/" if path else None,
            description="Permissions boundary: changes neither clusters nor evidence nor its own limits",
            policy_document=made.content,
        )
        acknowledge(
            self.resource, {f"AwsSolutions::AwsSolutions-IAM5[{kind}::*]": _WHOLE for kind in ("Action", "Resource")}
        )
        self.policy_arn = self.resource.ref
        """ARN of the policy."""


def _given(value: Any, default: tuple[str, ...] = ()) -> Any:
    """Create a list a tuple, and leave to the settings what is neither."""
    if value is None:
        return default
    return tuple(value) if isinstance(value, list) else value


def _target_problems(targets: object) -> Iterator[str]:
    if not isinstance(targets, list | tuple) or not targets:
        yield f"targets needs at least one id of a root, an organizational unit or an account, got {targets!r}"
        return
    for target in dict.fromkeys(targets) if all(isinstance(one, str) for one in targets) else targets:
        if list(targets).count(target) > 1:
            yield f"targets names {target!r} more than once"
        if not isinstance(target, str) or not (is_token(target) or _TARGET.fullmatch(target)):
            yield (
                "targets needs ids of roots (r-...), organizational units (ou-...-...) or accounts (12 digits), "
                f"got {target!r}"
            )
