"""The resources in the template of a conformance pack: rules and manual remediations."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.conformance._guard import RUNTIME
from hardened_eks.data.config_packs import asked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hardened_eks.conformance._guard import CustomRule
    from hardened_eks.data.config_rules import ManagedRule

_MOST_DESCRIPTION: Final = 256
_ROLE: Final = "RemediationRole"
_RULE: Final = "AWS::Config::ConfigRule"
_REMEDIATION: Final = "AWS::Config::RemediationConfiguration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A Systems Manager automation that a person can start for a finding of a managed rule."""

    name: str
    """``CloseEndpoint``. The parameters ``<name>Document`` and ``RemediationRole`` of the pack name the document and
    its role."""
    identifier: str
    """The managed rule."""
    type: str = ""
    """The CloudFormation type of its findings. Default: the account."""
    parameter: str = ""
    """The parameter of the document for the ID of the finding's resource. Default: none."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Values of additional parameters."""

    @property
    def document(self) -> str:
        """The parameter of the pack with the name of the document."""
        return f"{self.name}Document"


def managed_entry(rule: ManagedRule, filled: Mapping[str, str], keys: Sequence[str]) -> dict[str, Any]:
    """Return the resource of a managed rule.

    Args:
        rule: the rule.
        filled: the values of its parameters.
        keys: the keys of the requirements that it covers.
    """
    properties: dict[str, Any] = {
        "ConfigRuleName": rule.identifier.lower().replace("_", "-"),
        "Description": _description(keys),
    }
    if filled:
        properties["InputParameters"] = dict(sorted(filled.items()))
    properties["Source"] = {"Owner": "AWS", "SourceIdentifier": rule.identifier}
    return {"Type": _RULE, "Properties": properties}


def custom_entry(rule: CustomRule) -> dict[str, Any]:
    """Return the resource of a Guard rule. It is evaluated when an item changes; Guard has no periodic rules."""
    messages = ("ConfigurationItemChangeNotification", "OversizedConfigurationItemChangeNotification")
    details = [{"EventSource": "aws.config", "MessageType": message} for message in messages]
    policy = {"PolicyRuntime": RUNTIME, "PolicyText": rule.text, "EnableDebugLogDelivery": False}
    return {
        "Type": _RULE,
        "Properties": {
            "ConfigRuleName": rule.name,
            "Description": _description([rule.requirement]),
            "Scope": {"ComplianceResourceTypes": list(rule.types)},
            "Source": {"Owner": "CUSTOM_POLICY", "CustomPolicyDetails": policy, "SourceDetails": details},
        },
    }


def remedies(
    fixes: Sequence[Remedy], logical: Mapping[str, str], rules: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the parameters and resources of remediations. A person starts each of them.

    A rule of a pack gets its remediation in the pack, because the API accepts none for it
    (https://docs.aws.amazon.com/config/latest/APIReference/API_PutRemediationConfigurations.html).

    Args:
        fixes: the remediations.
        logical: logical IDs of their rules, by identifier.
        rules: the resources of the rules, by identifier.
    """
    parameters = {name: {"Type": "String"} for name in (_ROLE, *(fix.document for fix in fixes))}
    found = {f"{fix.name}Remediation": _remediation(fix, logical, rules) for fix in fixes}
    return parameters, found


def _remediation(fix: Remedy, logical: Mapping[str, str], rules: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {"AutomationAssumeRole": {"StaticValue": {"Values": [{"Ref": _ROLE}]}}}
    if fix.parameter:
        values[fix.parameter] = {"ResourceValue": {"Value": "RESOURCE_ID"}}
    values |= {name: {"StaticValue": {"Values": [value]}} for name, value in fix.values.items()}
    of_type = {"ResourceType": fix.type} if fix.type else {}
    return {
        "Type": _REMEDIATION,
        "DependsOn": logical[fix.identifier],
        "Properties": {
            "ConfigRuleName": rules[fix.identifier]["Properties"]["ConfigRuleName"],
            **of_type,
            "TargetType": "SSM_DOCUMENT",
            "TargetId": {"Ref": fix.document},
            "Parameters": values,
            "Automatic": False,
        },
    }


def _description(keys: Sequence[str]) -> str:
    """Return a description with requirements and controls, so that a result can be traced to a standard."""
    controls = dict.fromkeys(id_ for key in keys for id_ in asked()[key].controls)
    text = ", ".join([*keys, *controls])
    return text if len(text) <= _MOST_DESCRIPTION else f"{text[: _MOST_DESCRIPTION - 4]} ..."
