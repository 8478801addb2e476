"""AWS Config's packs, aggregators and authorizations, which ministack lacks: made after the checks that AWS Config makes.

The rules of a pack become rules of the account; describe calls show packs, remediations and aggregators.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

import yaml

from hardened_eks.data import config_rules
from tests.emulator.resources import generic, ordering, remediations

MOST_RULES, MOST_IN_ALL, MOST_BYTES, MOST_PARAMETERS = 130, 1000, 51_200, 60
RULE, REMEDIATION = "AWS::Config::ConfigRule", "AWS::Config::RemediationConfiguration"
PACK, EVERYWHERE = "AWS::Config::ConformancePack", "AWS::Config::OrganizationConformancePack"
PACKS: dict[str, dict[str, Any]] = {}
"""Name -> what it is, with the names of its rules and its remediations."""
ORGANIZATION_PACKS: dict[str, dict[str, Any]] = {}
AGGREGATORS: dict[str, dict[str, Any]] = {}
AUTHORIZATIONS: dict[str, dict[str, Any]] = {}


class RefusedError(ValueError):
    """What AWS Config answers, as CloudFormation passes it on."""


def install() -> None:
    """Answer the describe calls, and forget all of it when the emulator is reset."""
    from ministack.services import config

    ask, reset = config.handle_request, config.reset
    answers = {
        "DescribeConformancePacks": lambda: {"ConformancePackDetails": [one["Details"] for one in PACKS.values()]},
        "DescribeOrganizationConformancePacks": lambda: {
            "OrganizationConformancePacks": [*ORGANIZATION_PACKS.values()]
        },
        "DescribeConfigurationAggregators": lambda: {"ConfigurationAggregators": [*AGGREGATORS.values()]},
        "DescribeAggregationAuthorizations": lambda: {"AggregationAuthorizations": [*AUTHORIZATIONS.values()]},
    }

    async def handle_request(method: str, path: str, headers: Any, body: Any, query_params: Any) -> Any:
        action = headers.get("x-amz-target", "").split(".")[-1]
        if action in answers:
            return config.json_response(answers[action]())
        if action == "DescribeRemediationConfigurations":
            wanted = json.loads(body)["ConfigRuleNames"]
            found = [one for pack in PACKS.values() for one in pack["Remediations"] if one["ConfigRuleName"] in wanted]
            return config.json_response({"RemediationConfigurations": found})
        return await ask(method, path, headers, body, query_params)

    def forget() -> None:
        reset()
        for store in (PACKS, ORGANIZATION_PACKS, AGGREGATORS, AUTHORIZATIONS):
            store.clear()

    config.handle_request, config.reset = handle_request, forget


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        PACK: {"create": _pack, "update": _repack, "delete": _unpack},
        EVERYWHERE: {"create": _all, "update": _all_again, "delete": _none},
        "AWS::Config::ConfigurationAggregator": {"create": _aggregate, "update": _aggregate_else, "delete": _no_more},
        "AWS::Config::AggregationAuthorization": {"create": _authorize, "update": _same, "delete": _revoke},
    }


def _pack(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import config

    name = props["ConformancePackName"]
    if name in PACKS:
        raise RefusedError(f"{name} already exists (Service: Config, ResourceConflictException)")
    _alone(stack_name, logical_id, PACK)
    if not [one for one in config._recorders.values() if config._recorder_status(one)["recording"]]:
        raise RefusedError(
            "Configuration recorder is not available to put config rule. "
            "(Service: Config, NoAvailableConfigurationRecorderException)"
        )
    resources = checked(props)
    id_ = f"conformance-pack-{uuid.uuid4().hex[:9]}"
    rules = {one["ConfigRuleName"]: one for one in (r["Properties"] for r in resources.values() if r["Type"] == RULE)}
    if len(rules) + len(config._config_rules) > MOST_IN_ALL:
        raise RefusedError("too many rules (Service: Config, MaxNumberOfConfigRulesExceededException)")
    for short, rule in rules.items():
        config._put_config_rule({"ConfigRule": {**rule, "ConfigRuleName": f"{short}-{id_}"}})
    found = [r["Properties"] for r in resources.values() if r["Type"] == REMEDIATION]
    PACKS[name] = {
        "Details": {"ConformancePackName": name, "ConformancePackId": id_, "ConformancePackArn": f"arn:{name}"},
        "Rules": [f"{short}-{id_}" for short in rules],
        "Remediations": [{**one, "ConfigRuleName": f"{one['ConfigRuleName']}-{id_}"} for one in found],
    }
    return name, {"ConformancePackArn": f"arn:{name}"}


def _alone(stack_name: str, logical_id: str, type_: str) -> None:
    """Refuse a pack while another one is created: https://docs.aws.amazon.com/config/latest/APIReference/API_PutConformancePack.html."""
    others = ordering.beside(stack_name, logical_id, type_) if logical_id else []
    if others:
        raise RefusedError(
            "a conformance pack creation, update, and deletion is in progress. Try your request again later. "
            f"(Service: Config, ResourceInUseException; {', '.join(others)})"
        )


def _repack(physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    if old["ConformancePackName"] != new["ConformancePackName"]:
        return _pack("", new, stack_name)
    checked(new)
    _unpack(physical_id, old)
    return _pack("", new, stack_name)


def _unpack(physical_id: str, props: dict[str, Any]) -> None:
    from ministack.services import config

    held = remediations.holding(PACKS.get(physical_id, {}).get("Rules", []))
    if held:
        raise RefusedError(
            f"Remediation action of {', '.join(held)} is in progress. You can either cancel execution in AWS Systems Manager "
            "or wait and try again later. (Service: Config, ResourceInUseException)"
        )
    for name in PACKS.pop(physical_id, {}).get("Rules", ()):
        config._delete_config_rule({"ConfigRuleName": name})


def checked(props: Mapping[str, Any]) -> dict[str, Any]:
    """Return the resources of a template, with its parameters filled in; refuse what AWS Config refuses."""
    body = props["TemplateBody"]
    given = {one["ParameterName"]: one["ParameterValue"] for one in props.get("ConformancePackInputParameters", ())}
    if len(body.encode()) > MOST_BYTES:
        raise RefusedError("the template is too large (Service: Config, ValidationException)")
    template = yaml.safe_load(body)
    asked = template.get("Parameters", {})
    missing = [name for name, one in asked.items() if name not in given and "Default" not in one]
    if missing or set(given) - set(asked) or len(asked) > MOST_PARAMETERS:
        _invalid(f"parameters {missing or sorted(given)} do not fit those of the template")
    resources: dict[str, Any] = _filled(template["Resources"], given)
    rules = [one["Properties"] for one in resources.values() if one["Type"] == RULE]
    if len(rules) > MOST_RULES:
        _invalid(f"{len(rules)} rules exceed the allowed limit of {MOST_RULES}")
    for id_, one in resources.items():
        if one["Type"] == RULE:
            _check_rule(one["Properties"])
        elif one["Type"] == REMEDIATION:
            _check_remediation(id_, one, resources)
        else:
            _invalid(f"{one['Type']} is not supported in a conformance pack")
    return resources


def _check_rule(rule: Mapping[str, Any]) -> None:
    source = rule["Source"]
    if source["Owner"] == "CUSTOM_POLICY":
        details = source["CustomPolicyDetails"]
        if details["PolicyRuntime"] != "guard-2.x.x" or not 0 < len(details["PolicyText"]) <= 10_000:
            _invalid("the custom policy is not valid")
        if {one["EventSource"] for one in source["SourceDetails"]} != {"aws.config"}:
            _invalid("the custom policy has no trigger")
        return
    from ministack.core.responses import get_region

    identifier, region = source["SourceIdentifier"], get_region()
    known = config_rules.rule(identifier)
    if identifier not in config_rules.identifiers() or (known and known.available(region) is False):
        _invalid(f"the sourceIdentifier {identifier} is invalid in {region}")
    lacking = [name for name in (known.required if known else ()) if name not in rule.get("InputParameters", {})]
    if lacking:
        _invalid(f"{identifier} lacks {', '.join(lacking)}")


def _check_remediation(id_: str, one: Mapping[str, Any], resources: Mapping[str, Any]) -> None:
    wanted = one["Properties"]["ConfigRuleName"]
    rule = next(
        (i for i, r in resources.items() if r["Properties"].get("ConfigRuleName") == wanted and r["Type"] == RULE), ""
    )
    if not rule or one.get("DependsOn") != rule:
        _invalid(f"{id_} comes before the rule {wanted}")
    document = one["Properties"]["TargetId"]
    if ("AWS::SSM::Document", document) not in generic.STORE and not document.startswith("AWS"):
        _invalid(f"there is no document {document}")


def _filled(value: Any, given: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_filled(one, given) for one in value]
    if isinstance(value, dict):
        return given[value["Ref"]] if set(value) == {"Ref"} else {k: _filled(v, given) for k, v in value.items()}
    return value


def _invalid(why: str) -> None:
    raise RefusedError(f"Template is invalid: {why} (Service: Config, ConformancePackTemplateValidationException)")


def _all(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    name = props["OrganizationConformancePackName"]
    _alone(stack_name, logical_id, EVERYWHERE)
    resources = checked(props)
    if any(one["Type"] == REMEDIATION for one in resources.values()):
        _invalid("remediations need what is in each account")
    ORGANIZATION_PACKS[name] = {
        "OrganizationConformancePackName": name, "OrganizationConformancePackArn": f"arn:{name}",
        "ExcludedAccounts": props.get("ExcludedAccounts", []),
    }  # fmt: skip
    return name, {"OrganizationConformancePackArn": f"arn:{name}"}


def _all_again(
    physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str
) -> tuple[str, dict[str, Any]]:
    return _all("", new, stack_name)


def _none(physical_id: str, props: dict[str, Any]) -> None:
    ORGANIZATION_PACKS.pop(physical_id, None)


def _aggregate(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    name = props["ConfigurationAggregatorName"]
    whole, accounts = props.get("OrganizationAggregationSource"), props.get("AccountAggregationSources")
    if bool(whole) == bool(accounts):
        raise RefusedError("one of both sources is needed (Service: Config, InvalidParameterValueException)")
    AGGREGATORS[name] = {"ConfigurationAggregatorName": name} | (
        {"OrganizationAggregationSource": whole} if whole else {"AccountAggregationSources": accounts}
    )
    return name, {"ConfigurationAggregatorArn": f"arn:{name}"}


def _aggregate_else(
    physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str
) -> tuple[str, dict[str, Any]]:
    return _aggregate("", new, stack_name)


def _no_more(physical_id: str, props: dict[str, Any]) -> None:
    AGGREGATORS.pop(physical_id, None)


def _authorize(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    id_ = f"{props['AuthorizedAccountId']}|{props['AuthorizedAwsRegion']}"
    AUTHORIZATIONS[id_] = {k: props[k] for k in ("AuthorizedAccountId", "AuthorizedAwsRegion")}
    return id_, {"AggregationAuthorizationArn": f"arn:{id_}"}


def _same(physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    return physical_id, {}


def _revoke(physical_id: str, props: dict[str, Any]) -> None:
    AUTHORIZATIONS.pop(physical_id, None)
