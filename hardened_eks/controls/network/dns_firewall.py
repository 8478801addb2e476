from collections.abc import Iterator
from typing import Any, Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.dns_firewall import ASSOCIATION, GROUP, blocks_everything, domains_of
from hardened_eks.evidence.views.vpc import VPC, clusters_in, leads_out
from hardened_eks.evidence.worst import as_far_as_known

_KNOWN: Final = {"${AWS::Region}": "region", "${AWS::URLSuffix}": "amazonaws.com", "${AWS::AccountId}": "account"}
"""The minimum number of labels in each of them."""


@control(
    id="NW-21",
    title="The isolated VPC of a cluster resolves only allowed names",
    requirement=("vpc.network_firewall", "sg.egress_restricted"),
    types=(VPC,),
    severity=Severity.HIGH,
    why=(
        "A VPC without a route to the internet still resolves public names. Data can leave in the names that are "
        "looked up, commands can return in the answers, and flow logs show neither."
    ),
    fix=(
        "Associate a DNS Firewall rule group that allows the Regional names of AWS and your own names, and whose last "
        'rule blocks the domain list "*" for every query type. To do so, set "hardened-eks:dns_firewall": "block" in '
        "the context of cdk.json, or use Network(dns=Dns()). If a network in use collects alerts first, waive the "
        "finding with an expiry date."
    ),
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall.html",
    blind=(
        "A VPC with a route to the internet is not examined, because DNS is only one of several ways out of it. Rule "
        "groups that Firewall Manager or another account associates, and whether the firewall fails open, which "
        "CloudFormation cannot set."
    ),
    enforced_by="Network",
)
def dns_firewall(vpc: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not clusters_in(vpc, assembly) or leads_out(vpc, assembly):
        return
    associations = [
        association
        for association in assembly.referring(vpc, ASSOCIATION)
        if assembly.target(association.get("VpcId"), VPC, near=association) is vpc
    ]
    if not associations:
        message = "no DNS firewall is associated with it, so it resolves every public name"
        others = [association.get("VpcId") for association in assembly.of(ASSOCIATION)]
        yield Problem(as_far_as_known(message, *others))
        return
    reason, severity = _way_out(sorted(associations, key=_priority), assembly)
    if reason:
        yield Problem(reason, severity=severity)


def _priority(association: Resource) -> float:
    priority = association.number("Priority")
    return priority if isinstance(priority, int | float) else -1


def _way_out(associations: list[Resource], assembly: Assembly) -> tuple[str, Severity | None]:
    """Return the reason why other names are resolved, with its severity; an empty reason if they are blocked.

    The first rule that matches a query decides. A query that raises an alert is less severe than an unseen one.
    """
    for association in associations:
        group = assembly.target(association.get("FirewallRuleGroupId"), GROUP, near=association)
        if group is None:
            message = f"the rule group of {association.logical_id} is not in the assembly"
            return as_far_as_known(message, association.get("FirewallRuleGroupId")), None
        rules = [rule for _, rule in group.each("FirewallRules")]
        if not all(isinstance(rule, dict) and isinstance(_number(rule), int) for rule in rules):
            return f"the order of the rules of {group.logical_id} is known only at deployment", None
        for rule in sorted(rules, key=_number):
            where = f"rule {_number(rule)} of {group.logical_id}"
            if blocks_everything(rule, group, assembly):
                return "", None
            reason = _admits(rule, group, assembly)
            if reason:
                return f"{where} {reason}", Severity.MEDIUM if rule.get("Action") == "ALERT" else None
    return "no rule of its DNS firewall blocks all other names", None


def _number(rule: dict[str, Any]) -> Any:
    value = rule.get("Priority")
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _admits(rule: dict[str, Any], group: Resource, assembly: Assembly) -> str:
    """Return the unlisted names that a rule admits; an alert rule admits the names that it reports."""
    action = rule.get("Action")
    if action == "BLOCK":
        return ""
    verb = "only alerts" if action == "ALERT" else "allows"
    if rule.get("FirewallDomainListId") is None:
        return f"{verb} queries that look like a tunnel or a threat"
    domains = domains_of(rule, group, assembly)
    if domains is None:
        return f"{verb} names that are not in the assembly"
    wide = next((name for name in domains if _is_wide(name)), None)
    return "" if wide is None else f"{verb} {wide}"


def _is_wide(name: Any) -> bool:
    """Return whether others can own names below an entry: everything, a top-level domain, public reverse zones."""
    text = str(name)
    for parameter, value in _KNOWN.items():
        text = text.replace(parameter, value)
    if not isinstance(name, str | Unknown) or "${" in text:
        return True
    labels = text.rstrip(".").lower().split(".")
    return labels[0] == "*" and (len(labels) < 3 or (labels[-1] == "arpa" and len(labels) < 4))
