from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._asked import region_of
from hardened_eks._kinds import flag_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._patterns import regex
from hardened_eks._tokens import is_literal
from hardened_eks._traces import leave_out_useless
from hardened_eks.data.regions import lacking
from hardened_eks.governance._commands import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.governance._commands import Command

_SETTING: Final = "AWS::SSM::ServiceSetting"
_SHARING: Final = "/ssm/documents/console/public-sharing-permission"
"""https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html"""
_MODES: Final = ("block-ingress", "block-bidirectional")
_VPC: Final = regex(r"vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_EXCLUSIONS: Final = ("allow-egress", "allow-bidirectional")
_MOST_DAYS: Final = 365


class AccountDefaults(Construct):
    """Settings for every resource of an account and Region, as far as CloudFormation supports them.

    Create it once per account and Region: each setting exists once, and a second stack with it fails or takes it over.
    CloudFormation keeps the settings when the stack is deleted, because deleting them would open the account. Leave out
    settings of the organization's declarative policy: the account cannot change them, and the stack would fail.

    `ManagedDetectors` has GuardDuty, Security Hub and the analyzer of access from outside. `commands` has the settings
    for which CloudFormation has no type (docs/how-to/account-defaults.md).
    """

    commands: Final[tuple[Command, ...]] = COMMANDS
    """Commands for settings that have no CloudFormation type. The owner of the account runs them."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        snapshots: bool = True,
        documents: bool = True,
        vpc: Literal["block-ingress", "block-bidirectional"] | None = None,
        vpc_exclusions: Mapping[str, Literal["allow-egress", "allow-bidirectional"]] | None = None,
        unused_access_days: int | None = None,
    ) -> None:
        """Set the defaults.

        Args:
            scope: a stack of the account and Region.
            id: construct ID.
            snapshots: refuse to share EBS snapshots with everybody, including existing ones. Default: yes.
            documents: refuse to share documents of Systems Manager with everybody. Default: yes.
            vpc: traffic that the internet gateways of **all** VPCs of the Region block, immediately:
                ``block-ingress`` or ``block-bidirectional``. First check which workloads use them. Default: not
                blocked.
            vpc_exclusions: modes of excluded VPCs by their ID: ``allow-egress``, for example for NAT, or
                ``allow-bidirectional``. Default: none.
            unused_access_days: create an analyzer of roles, keys and permissions that were not used for this number of
                days, 1 to 365. It costs by role and user. Default: no analyzer.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"AccountDefaults '{id}'")
        problems.extend(flag_problems(snapshots=snapshots, documents=documents))
        region = region_of(scope)
        if documents:
            instead = "pass documents=False, and use the command of docs/how-to/account-defaults.md"
            problems.extend(lacking(region, _SETTING, needed_by="documents", instead=instead))
        problems.extend(_vpc_problems(vpc, vpc_exclusions))
        days = unused_access_days
        problems.require(
            days is None or (isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= _MOST_DAYS),
            f"unused_access_days needs 1 to {_MOST_DAYS} whole days, or None, got {days!r}",
        )
        problems.require(
            snapshots or documents or vpc or days,
            "nothing is set: leave the construct out, or set snapshots, documents, vpc or more",
        )
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        if snapshots:
            _keep(create(ec2.CfnSnapshotBlockPublicAccess, self, "Snapshots", state="block-all-sharing"))
        if documents:
            # A raw resource: aws_ssm is large, and no rule of cdk-nag evaluates a setting.
            setting = {"SettingId": _SHARING, "SettingValue": "Disable"}
            _keep(create(cdk.CfnResource, self, "Documents", type=_SETTING, properties=setting))
        if vpc is not None:
            options = create(ec2.CfnVPCBlockPublicAccessOptions, self, "Vpc", internet_gateway_block_mode=vpc)
            _keep(options)
            for vpc_id, mode in (vpc_exclusions or {}).items():
                excluded = create(
                    ec2.CfnVPCBlockPublicAccessExclusion,
                    self,
                    f"Excluded{vpc_id}",
                    vpc_id=vpc_id,
                    internet_gateway_exclusion_mode=mode,
                )
                # The exclusion must exist before the block, or the VPC would be cut off in between.
                options.add_resource_dependency(excluded)
        if days is not None:
            from aws_cdk import aws_accessanalyzer as accessanalyzer  # defaults without an analyzer do not load it

            configuration: Any = {"unusedAccessConfiguration": {"unusedAccessAge": days}}
            create(
                accessanalyzer.CfnAnalyzer,
                self,
                "UnusedAccess",
                type="ACCOUNT_UNUSED_ACCESS",
                analyzer_configuration=configuration,
            )


def _keep(resource: cdk.CfnResource) -> None:
    resource.apply_removal_policy(cdk.RemovalPolicy.RETAIN)


def _vpc_problems(mode: object, exclusions: Any) -> Iterator[str]:
    if mode is not None and mode not in _MODES:
        yield f"vpc needs one of {', '.join(map(repr, _MODES))}, or None, got {mode!r}"
    if exclusions is None:
        return
    if not isinstance(exclusions, dict):
        yield f"vpc_exclusions needs a mapping of IDs of VPCs to modes, got {exclusions!r}"
        return
    if mode is None and exclusions:
        yield "vpc_exclusions needs vpc, from which they are excluded: set it, or leave them out"
    for vpc_id, allowed in exclusions.items():
        if not is_literal(vpc_id) or not _VPC.fullmatch(vpc_id):
            yield f"vpc_exclusions needs IDs of VPCs, vpc- and 8 or 17 digits or a to f, known now, got {vpc_id!r}"
        if allowed not in _EXCLUSIONS:
            yield f"vpc_exclusions has {allowed!r} for {vpc_id!r}: use one of {', '.join(map(repr, _EXCLUSIONS))}"
