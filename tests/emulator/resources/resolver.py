"""Route 53 Resolver: DNS Firewall and query logs, which ministack does not have.

What a resource refers to must be there, a priority is given once, and what is used cannot be deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.emulator.resources import generic

Check = Callable[[dict[str, Any]], None]
_PREFIX = "AWS::Route53Resolver::"
LIST, GROUP, ASSOCIATION, LOG, LOGGED = (
    f"{_PREFIX}{name}"
    for name in (
        "FirewallDomainList",
        "FirewallRuleGroup",
        "FirewallRuleGroupAssociation",
        "ResolverQueryLoggingConfig",
        "ResolverQueryLoggingConfigAssociation",
    )
)
_SOURCES = ("FirewallDomainListId", "DnsThreatProtection", "FirewallRuleType")


def handlers() -> dict[str, dict[str, Any]]:
    return {
        LIST: _handler(LIST, _list, lambda id: _users(GROUP, lambda p: id in map(_list_of, p["FirewallRules"]))),
        GROUP: _handler(GROUP, _group, lambda id: _users(ASSOCIATION, lambda p: p["FirewallRuleGroupId"] == id)),
        ASSOCIATION: _handler(ASSOCIATION, _association, lambda id: []),
        LOG: _handler(LOG, _log, lambda id: _users(LOGGED, lambda p: p["ResolverQueryLogConfigId"] == id)),
        LOGGED: _handler(LOGGED, _logged, lambda id: []),
    }


def _handler(type_: str, check: Check, used_by: Callable[[str], list[str]]) -> dict[str, Any]:
    theirs = generic.handler(type_)

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        check(props)
        physical_id, attributes = theirs["create"](logical_id, props, stack_name)
        return physical_id, {**attributes, "Id": physical_id}

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str) -> Any:
        if type_ in (LIST, GROUP, LOG):
            check(new)
        new_id, attributes = theirs["update"](physical_id, old, new, stack_name)
        return new_id, {**attributes, "Id": new_id}

    def delete(physical_id: str, props: dict[str, Any]) -> None:
        if users := used_by(physical_id):
            raise _error("ConflictException", f"{physical_id} is in use by {', '.join(users)}")
        theirs["delete"](physical_id, props)

    return {"create": create, "update": update, "delete": delete}


def _users(type_: str, uses: Callable[[dict[str, Any]], bool]) -> list[str]:
    return [id for (kind, id), props in generic.STORE.items() if kind == type_ and uses(props)]


def _list_of(rule: dict[str, Any]) -> str:
    return str(rule.get("FirewallDomainListId", ""))


def _error(code: str, text: str) -> ValueError:
    return ValueError(f"{text} (Service: Route53Resolver, {code}, Status Code: 400)")


def _stored(type_: str, id: str) -> None:
    if (type_, id) not in generic.STORE:
        raise _error("ResourceNotFoundException", f"no {type_.removeprefix(_PREFIX)} has the id {id}")


def _vpc(id: str) -> None:
    from ministack.services import ec2

    if id not in ec2._vpcs:
        raise _error("ResourceNotFoundException", f"no VPC has the id {id}")


def _list(props: dict[str, Any]) -> None:
    for domain in props.get("Domains", ()):
        if "*" in domain.removeprefix("*") or "//" in domain or not domain:
            raise _error("ValidationException", f"{domain} is not a domain name")


def _group(props: dict[str, Any]) -> None:
    priorities = [int(rule["Priority"]) for rule in props.get("FirewallRules", ())]
    if len(set(priorities)) < len(priorities):
        raise _error("ValidationException", f"a priority is given twice: {sorted(priorities)}")
    for rule in props.get("FirewallRules", ()):
        if sum(name in rule for name in _SOURCES) != 1:
            raise _error("ValidationException", f"a rule needs one of {', '.join(_SOURCES)}: {rule}")
        if "FirewallDomainListId" in rule:
            _stored(LIST, _list_of(rule))
        if (rule["Action"] == "BLOCK") != ("BlockResponse" in rule):
            raise _error("ValidationException", f"BlockResponse goes with BLOCK, and BLOCK with it: {rule}")
        if "DnsThreatProtection" in rule and (rule["Action"] == "ALLOW" or "ConfidenceThreshold" not in rule):
            raise _error("ValidationException", f"threat protection blocks or alerts from a threshold on: {rule}")


def _association(props: dict[str, Any]) -> None:
    _stored(GROUP, props["FirewallRuleGroupId"])
    _vpc(props["VpcId"])
    if not 100 < int(props["Priority"]) < 9900:
        raise _error("ValidationException", f"priority {props['Priority']} is not between 100 and 9900")
    same = [
        id
        for id in _users(ASSOCIATION, lambda p: p["VpcId"] == props["VpcId"])
        if generic.STORE[ASSOCIATION, id]["Priority"] == props["Priority"]
    ]
    if same:
        raise _error("ValidationException", f"priority {props['Priority']} is that of {same[0]}")


def _log(props: dict[str, Any]) -> None:
    from ministack.services import cloudwatch_logs

    name = props["DestinationArn"].split(":log-group:")[-1].removesuffix(":*")
    if ":log-group:" in props["DestinationArn"] and name not in cloudwatch_logs._log_groups:
        raise _error("DESTINATION_NOT_FOUND", f"no log group has the name {name}")


def _logged(props: dict[str, Any]) -> None:
    _stored(LOG, props["ResolverQueryLogConfigId"])
    _vpc(props["ResourceId"])
