"""Aggregators of AWS Config over many accounts and all Regions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_config as config
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._kinds import flag_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._patterns import regex
from hardened_eks._roles import document, role
from hardened_eks._tokens import is_literal
from hardened_eks._traces import leave_out_useless
from hardened_eks.data.regions import PARTITIONS
from hardened_eks.governance._pack_arguments import account_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME: Final = regex(r"[\w-]{1,256}", re.ASCII)
_MOST_ACCOUNTS: Final = 10_000
"""https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html"""
_ORGANIZATION: Final = "service-role/AWSConfigRoleForOrganizations"
_READS: Final = "AWS Config reads the list of accounts with it; AWS keeps it current"


class ConfigAggregator(Construct):
    """An aggregator of AWS Config's data of several accounts in all Regions: one list of findings for an auditor.

    Accounts of an organization need no authorization; the stack must be in the management account or in a delegated
    administrator of ``config.amazonaws.com``. Any other account must authorize it with `AggregationAuthorization`.
    """

    resource: config.CfnConfigurationAggregator
    """The CloudFormation resource."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        organization: bool = False,
        accounts: Sequence[str] = (),
        name: str = "hardened-eks",
    ) -> None:
        """Create the aggregator.

        Args:
            scope: the parent construct.
            id: construct ID.
            organization: aggregate all accounts of the organization, including later ones. Default: no; then `accounts`
                is required.
            accounts: IDs of the source accounts, at most 10,000, without an organization. Default: none; then
                `organization` is required.
            name: name of the aggregator, 1 to 256 letters, digits, ``_`` and ``-``. A change replaces it. Default:
                ``hardened-eks``.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"ConfigAggregator '{id}'")
        problems.extend(flag_problems(organization=organization))
        problems.extend(account_problems("accounts", accounts, most=_MOST_ACCOUNTS))
        problems.require(
            bool(organization) != bool(accounts),
            "an aggregator has an organization or accounts as its source: pass organization=True or accounts, not both",
        )
        problems.require(
            isinstance(name, str) and (not is_literal(name) or _NAME.fullmatch(name)),
            f"name needs 1 to 256 letters, digits, '_' and '-', got {name!r}",
        )
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        everywhere: dict[str, Any] = {"allAwsRegions": True}
        sources: dict[str, Any] = {"account_aggregation_sources": [{"accountIds": list(accounts), **everywhere}]}
        if organization:
            sources = {"organization_aggregation_source": {"roleArn": self._role(), **everywhere}}
        self.resource = create(
            config.CfnConfigurationAggregator, self, "Aggregator", configuration_aggregator_name=name, **sources
        )

    def _role(self) -> str:
        ours = {"StringEquals": {"aws:SourceAccount": _aws.account()}}
        made = role(
            self,
            "Role",
            description="AWS Config lists the accounts of the organization with it",
            trust=document(
                {"Principal": {"Service": "config.amazonaws.com"}, "Action": "sts:AssumeRole", "Condition": ours}
            ),
            aws_policies={_ORGANIZATION: _READS},
        )
        return str(made.attr_arn)


class AggregationAuthorization(Construct):
    """An authorization for another account to aggregate AWS Config's data of this account and Region."""

    resource: config.CfnAggregationAuthorization
    """The CloudFormation resource."""

    def __init__(self, scope: Construct, id: str, *, account: str, region: str) -> None:
        """Create the authorization.

        Args:
            scope: a stack of the source account.
            id: construct ID.
            account: ID of the account with the aggregator.
            region: the Region of the aggregator.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"AggregationAuthorization '{id}'")
        problems.extend(account_problems("account", [account], most=1))
        problems.require(
            isinstance(region, str) and (not is_literal(region) or region in PARTITIONS),
            f"region needs the Region of the aggregator, such as eu-central-1, got {region!r}",
        )
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self.resource = create(
            config.CfnAggregationAuthorization,
            self,
            "Authorization",
            authorized_account_id=account,
            authorized_aws_region=region,
        )
