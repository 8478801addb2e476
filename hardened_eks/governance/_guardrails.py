"""Guardrails as resources of AWS Organizations and of IAM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_organizations as organizations
from constructs import Construct

from hardened_eks import _aws
from hardened_eks._kinds import problems_in
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks._tokens import is_token
from hardened_eks.errors import ConfigurationError, repeated
from hardened_eks.governance._homes import TARGET, home_problems
from hardened_eks.governance._in_turn import POLICY, in_turn
from hardened_eks.guardrails import BOUNDARY, Settings, boundary, organization_guardrails

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hardened_eks.guardrails import Guardrail

_DEFAULTS = Settings()
_WHOLE = "a boundary itself grants no permission: it allows everything that it does not deny"


class Guardrails(Construct):
    """Policies of the organization that deny unhardened clusters, further administrators and the loss of evidence.

    They apply to every tool and principal: only break-glass roles, creator roles and the organization's deployment
    roles can change a cluster, and new clusters must be hardened. Service-linked roles and the management account are
    not affected. Create them in a stack of the management account or of a delegated administrator. First enable the
    policy types once: ``aws organizations enable-policy-type`` (docs/how-to/guardrails.md). AWS changes one policy of
    an organization at a time, so each policy waits for the previous one.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        target_ids: Sequence[str],
        organization_id: str | None = None,
        break_glass_roles: Sequence[str] | None = None,
        creator_roles: Sequence[str] | None = None,
        deployer_roles: Sequence[str] | None = None,
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
        targets. All values in a policy must be known during synthesis, because AWS limits its size.

        Args:
            scope: the parent construct.
            id: construct ID.
            target_ids: IDs of a root, organizational units or accounts to which the policies are attached. Begin with
                one account, and add others when its teams can still work.
            organization_id: ID of the organization, ``o-...``. Default: none; no resource control policy is created.
            break_glass_roles: break-glass roles. They are exempt from the shape and access policies, but not from the
                evidence policy. Default: ``*BreakGlass*`` and ``*break-glass*``; ``hardened-eks guardrails --who``
                prints whether yours match.
            creator_roles: roles with which CloudFormation creates clusters (`CreatorRole`). Default:
                ``hardened-eks-creator*``.
            deployer_roles: roles of StackSets, Control Tower and your own landing zone. They may also change evidence.
                Default: ``stacksets-exec-*``, ``AWSCloudFormationStackSetExecutionRole``,
                ``AWSControlTowerExecution``.
            backup_roles: roles of AWS Backup, since the backup of a cluster creates an access entry for them. Default:
                ``service-role/AWSBackupDefaultServiceRole`` and ``*BackupsRole*``.
            accounts: IDs of other accounts whose principals may get an access entry, and whose keys may encrypt a
                cluster. Default: none.
            partners: IDs of accounts outside the organization that may access its data. Default: none.
            issuers: URLs of OIDC issuers that clusters may trust, as in `IdentityProvider`. Default: none; only a
                break-glass role may attach an identity provider.
            log_groups: names or patterns of log groups with evidence, in addition to those with the library's owner
                tag. Default: ``/aws/eks/*``, ``/aws/cloudtrail/*``, ``/aws/vpc/*``.
            oldest_version: the oldest Kubernetes version of a new cluster. Default: the oldest in standard support on
                the date of this release's data.
            name_prefix: prefix of the names of the policies, unique for each set of guardrails. Default:
                ``hardened-eks``.

        Raises:
            ConfigurationError: a target, an ID or a version is missing or invalid; a role pattern matches any role; a
                policy is larger than AWS allows; or CloudFormation cannot change AWS Organizations in the stack's
                Region. The error lists all mistakes.
        """
        problems = problems_in(scope, f"Guardrails '{id}'")
        settings = Settings(
            break_glass_roles=_given(break_glass_roles, _DEFAULTS.break_glass_roles),
            creator_roles=_given(creator_roles, _DEFAULTS.creator_roles),
            deployer_roles=_given(deployer_roles, _DEFAULTS.deployer_roles),
            backup_roles=_given(backup_roles, _DEFAULTS.backup_roles),
            accounts=_given(accounts),
            partners=_given(partners),
            issuers=_given(issuers),
            log_groups=_given(log_groups, _DEFAULTS.log_groups),
            organization_id="" if organization_id is None else organization_id,
            oldest_version="" if oldest_version is None else oldest_version,
            name_prefix=name_prefix,
        )
        problems.extend(_target_problems(target_ids))
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
            policy = create(
                organizations.CfnPolicy,
                self,
                guardrail.name.rpartition("-")[2].capitalize(),
                name=guardrail.name,
                description=guardrail.title,
                type=guardrail.kind.organizations_type,
                content=guardrail.content,  # an object, not a string, in which CloudFormation can detect drift
                target_ids=list(target_ids),
            )
            made.append(in_turn(self, policy, POLICY))
        self.resources: tuple[organizations.CfnPolicy, ...] = tuple(made)
        """The CloudFormation resources of the policies, in the order of creation."""
        self.guardrails = found
        """The policies as data."""


class PermissionsBoundary(Construct):
    """A permissions boundary for unprivileged roles of people and pipelines, which limits all their policies.

    A role with it can change neither clusters nor evidence, cannot create a role without this boundary, and cannot
    remove it. Create it once in each account, and set it with ``iam.PermissionsBoundary.of(scope).apply(...)``.
    """

    resource: iam.CfnManagedPolicy
    """The CloudFormation resource of the policy."""

    def __init__(self, scope: Construct, id: str, *, name: str = BOUNDARY) -> None:
        """Create the policy.

        Args:
            scope: the parent construct.
            id: construct ID.
            name: name of the policy, fixed because the policy contains its own ARN. Default:
                ``hardened-eks-boundary``.

        Raises:
            ConfigurationError: the name is not valid for a policy.
        """
        problems = problems_in(scope, f"PermissionsBoundary '{id}'")
        try:
            made = boundary(Settings(boundary=name, partition=_aws.partition()))
        except ConfigurationError as error:
            problems.extend(problem.replace("boundary needs", "name needs", 1) for problem in error.problems)
            problems.raise_any()
            raise
        super().__init__(scope, id)
        path, _, base = name.rpartition("/")
        self.resource = create(
            iam.CfnManagedPolicy,
            self,
            "Policy",
            managed_policy_name=base,
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
    """Return a list as a tuple. The settings check any other value."""
    if value is None:
        return default
    return tuple(value) if isinstance(value, list) else value


def _target_problems(target_ids: object) -> Iterator[str]:
    if not isinstance(target_ids, list | tuple) or not target_ids:
        yield f"target_ids needs at least one ID of a root, an organizational unit or an account, got {target_ids!r}"
        return
    yield from (f"target_ids names {target!r} more than once" for target in repeated(target_ids))
    for target in target_ids:
        if not isinstance(target, str) or not (is_token(target) or TARGET.fullmatch(target)):
            yield (
                "target_ids needs IDs of roots (r-...), organizational units (ou-...-...) or accounts (12 digits), "
                f"got {target!r}"
            )
