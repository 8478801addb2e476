"""Conformance packs of AWS Config in all accounts of an organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from aws_cdk import aws_config as config
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._kinds import problems_in
from hardened_eks._l1 import create
from hardened_eks._traces import leave_out_useless
from hardened_eks.conformance import PREFIX, TIERS
from hardened_eks.governance._in_turn import PACK, in_turn
from hardened_eks.governance._pack_arguments import account_problems, bucket_problems, packs_of, region_problems
from hardened_eks.governance._packs import warn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MOST_EXCLUDED: Final = 1000


class OrganizationConformancePacks(Construct):
    """Conformance packs in every account of an organization, in the Region of the stack. Accounts cannot delete them.

    Create them in the management account or in a delegated administrator of
    ``config-multiaccountsetup.amazonaws.com``, once per Region (docs/how-to/record-the-account.md has the commands).
    Each account needs a running recorder, or the stack fails: exclude accounts without one. Remediations are not
    included, because they need a role in each account.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        excluded_accounts: Sequence[str] = (),
        tiers: Sequence[Literal["core", "module", "account"]] = TIERS,
        framework: str | None = None,
        parameters: Mapping[str, Mapping[str, str]] | None = None,
        delivery_bucket_name: str | None = None,
        name_prefix: str = PREFIX,
    ) -> None:
        """Create the packs.

        Args:
            scope: a stack whose Region is known.
            id: construct ID.
            excluded_accounts: IDs of accounts without the packs, at most 1000. Default: none.
            tiers: the packs: one or more of ``core``, ``module`` and ``account``. Default: all three.
            framework: standard whose rules are included. Default: the rules of all standards.
            parameters: values by rule and parameter, which replace those of this library. Default: none.
            delivery_bucket_name: name of a bucket for AWS Config's temporary files, which must begin with
                ``awsconfigconforms``. Default: none, AWS Config stores them.
            name_prefix: prefix of the names of packs, a letter and up to 99 letters, digits and ``-``. A change
                replaces them. Default: ``hardened-eks``.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"OrganizationConformancePacks '{id}'")
        problems.extend(region_problems(scope, "AWS::Config::OrganizationConformancePack"))
        problems.extend(account_problems("excluded_accounts", excluded_accounts, most=_MOST_EXCLUDED))
        problems.extend(bucket_problems(delivery_bucket_name))
        found = packs_of(
            scope, problems, tiers=tiers, framework=framework, parameters=parameters, name_prefix=name_prefix
        )
        problems.raise_any()
        assert found is not None
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        warn(self, found)
        self.left_out: Mapping[str, str] = found.left_out
        """Rules that are not in any pack, with the reason."""
        made: list[config.CfnOrganizationConformancePack] = []
        for pack in found.packs:
            one = create(
                config.CfnOrganizationConformancePack,
                self,
                pack.name.removeprefix(name_prefix).title().replace("-", ""),
                organization_conformance_pack_name=pack.name,
                template_body=pack.text,
                excluded_accounts=list(excluded_accounts) or None,
                delivery_s3_bucket=delivery_bucket_name,
            )
            made.append(in_turn(self, one, PACK))
        self.resources: tuple[config.CfnOrganizationConformancePack, ...] = tuple(made)
        """The CloudFormation resources of the packs, in the order of creation."""
