"""Conformance packs of AWS Config in an account and Region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import aws_cdk as cdk
from aws_cdk import aws_config as config
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._asked import region_of
from hardened_eks._kinds import problems_in
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks._principals import arn_of
from hardened_eks._roles import document, role
from hardened_eks._traces import leave_out_useless
from hardened_eks.conformance import PREFIX, TIERS
from hardened_eks.governance._in_turn import PACK, in_turn
from hardened_eks.governance._pack_arguments import (
    approver_problems,
    fix_problems,
    packs_of,
    recorder_problems,
    region_problems,
    unused_problems,
)
from hardened_eks.governance._remedies import AUTOMATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_iam as iam

    from hardened_eks.conformance import Packs
    from hardened_eks.governance._recorder import ConfigRecorder

Fix = Literal["close-endpoint", "log-control-plane", "rotate-key", "encrypt-volumes"]
_ANYTHING: Final = "the finding names the resource; the role may perform this one action on any resource of the account"
_SETTING: Final = "encryption by default is a setting of the account, which has no ARN"


class ConformancePacks(Construct):
    """Conformance packs of AWS Config that continuously evaluate the account against the catalog's requirements.

    Each tier is one pack within AWS's limits, without rules that the Region lacks and with all mandatory parameters;
    `left_out` lists the missing rules and the reasons. The packs are those of ``hardened-eks controls config-pack``.

    Rules that are triggered by changes need a recorder of all types, which must exist first.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        recorder: ConfigRecorder | Literal["existing"],
        tiers: Sequence[Literal["core", "module", "account"]] = TIERS,
        framework: str | None = None,
        parameters: Mapping[str, Mapping[str, str]] | None = None,
        remediations: Sequence[Fix] = (),
        approvers: Sequence[iam.IRole | iam.IUser | str] = (),
        name_prefix: str = PREFIX,
    ) -> None:
        """Create the packs.

        Args:
            scope: a stack whose Region is known.
            id: construct ID.
            recorder: the recorder of this account and Region, after which the packs are created; ``existing`` if a
                landing zone or another app created it.
            tiers: the packs: one or more of ``core``, ``module`` and ``account``, which has rules on settings outside
                of a cluster's template. Default: all three.
            framework: standard whose rules are included, such as ``pci-dss-4.0.1``
                (``hardened-eks controls frameworks``). Default: the rules of all standards.
            parameters: values by rule and parameter, which replace those of this library, for example
                ``{"REQUIRED_TAGS": {"tag1Key": "team"}}``. Default: none.
            remediations: actions that a person may start from a finding: ``close-endpoint``, ``log-control-plane``,
                ``rotate-key``, ``encrypt-volumes``. Their role can do nothing else, and none starts automatically.
                Default: none.
            approvers: roles or users, or their ARNs, one of whom must also approve each remediation in Systems Manager.
                Default: none; the person who starts a remediation needs no approval.
            name_prefix: prefix of the names of packs, a letter and up to 99 letters, digits and ``-``. A change
                replaces them. Default: ``hardened-eks``.

        Raises:
            ConfigurationError: the recorder belongs to another account or Region; a Region, tier, standard, rule,
                parameter, remediation or approver is unknown or invalid; no pack has the rule of a remediation; or a
                pack exceeds a limit. The error lists all mistakes.
        """
        problems = problems_in(scope, f"ConformancePacks '{id}'")
        problems.extend(recorder_problems(scope, recorder))
        types = ("AWS::Config::ConformancePack", *(("AWS::Config::RemediationConfiguration",) if remediations else ()))
        problems.extend(region_problems(scope, *types))
        wrong = [*fix_problems(remediations), *approver_problems(scope, approvers, remediations)]
        problems.extend(wrong)
        found = packs_of(
            scope,
            problems,
            tiers=tiers,
            framework=framework,
            parameters=parameters,
            name_prefix=name_prefix,
            fixes=[] if wrong else [AUTOMATIONS[one].remedy for one in remediations],
        )
        if found is not None and not wrong:
            problems.extend(unused_problems(found, remediations))
        problems.raise_any()
        assert found is not None
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        warn(self, found)
        self.left_out: Mapping[str, str] = found.left_out
        """Rules that are not in any pack, with the reason."""
        given = self._remediations(remediations, [arn_of(one) for one in approvers])
        made: list[config.CfnConformancePack] = []
        for pack in found.packs:
            values: Any = [{"parameterName": one, "parameterValue": given[one]} for one in pack.parameters]
            one = create(
                config.CfnConformancePack,
                self,
                pack.name.removeprefix(name_prefix).title().replace("-", ""),
                conformance_pack_name=pack.name,
                template_body=pack.text,
                conformance_pack_input_parameters=values or None,
            )
            if not made and not isinstance(recorder, str):
                one.add_resource_dependency(recorder.resource)
                one.add_resource_dependency(recorder.channel)
            made.append(in_turn(self, one, PACK))
        self.resources: tuple[config.CfnConformancePack, ...] = tuple(made)
        """The CloudFormation resources of the packs, in the order of creation."""

    def _remediations(self, chosen: Sequence[str], approvers: Sequence[Any]) -> dict[str, str]:
        """Create the role and the documents, and return the values of the packs' parameters."""
        if not chosen:
            return {}
        from aws_cdk import aws_ssm as ssm  # packs without remediations do not load it

        scope = Construct(self, "Remediation")
        values = {"RemediationRole": _role(scope, chosen)}
        for fix in chosen:
            automation = AUTOMATIONS[fix]
            written = create(
                ssm.CfnDocument,
                scope,
                automation.remedy.name,
                document_type="Automation",
                document_format="JSON",
                content=automation.document(approvers),
                update_method="NewVersion",
            )
            values[automation.remedy.document] = written.ref
        return values


def _role(scope: Construct, chosen: Sequence[str]) -> str:
    """Create the role of the automations, which allows only the chosen ones, and return its ARN."""
    executions = _aws.arn("ssm", "automation-execution/*")
    only = {"StringEquals": {"aws:SourceAccount": _aws.account()}, "ArnLike": {"aws:SourceArn": executions}}
    wanted = [statement for fix in chosen for statement in AUTOMATIONS[fix].statements]
    statements = [one for number, one in enumerate(wanted) if one not in wanted[:number]]
    made = role(
        scope,
        "Role",
        description="Automations that a person starts from findings of AWS Config run with it",
        trust=document({"Principal": {"Service": "ssm.amazonaws.com"}, "Action": "sts:AssumeRole", "Condition": only}),
        aws_policies={},
        statements=[{**one, "Resource": _arn(str(one["Resource"]))} for one in statements],
        wildcard=_SETTING if any(one["Resource"] == "*" for one in statements) else "",
    )
    places = dict.fromkeys(str(one["Resource"]).partition(":") for one in statements if one["Resource"] != "*")
    shown = [f"arn:<AWS::Partition>:{service}:<AWS::Region>:<AWS::AccountId>:{rest}" for service, _, rest in places]
    acknowledge(
        scope.node.find_child("RolePolicy"),
        {f"AwsSolutions::AwsSolutions-IAM5[Resource::{place}]": _ANYTHING for place in shown},
    )
    return str(made.attr_arn)


def _arn(place: str) -> str:
    service, colon, rest = place.partition(":")
    return _aws.arn(service, rest) if colon else place


def warn(scope: Construct, found: Packs) -> None:
    """Warn during synthesis that the rules of the Region are not known."""
    if found.unknown:
        region = region_of(scope)
        cdk.Annotations.of(scope).add_warning_v2(
            "hardened-eks:config-rules-of-region",
            f"the list of managed rules lacks {region}: no rule is left out for it, and a pack with a rule that the "
            "Region lacks fails",
        )
