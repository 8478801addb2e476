from collections.abc import Iterator

from hardened_eks.controls._unseen import not_seen, value_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.dns_firewall import ASSOCIATION, GROUP, LIST, blocks_everything, domains_of
from hardened_eks.evidence.views.vpc import VPC


@control(
    id="NW-28",
    title="A VPC that is in use gets a DNS firewall that alerts before it gets one that blocks",
    types=(ASSOCIATION,),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "Names that are missing from the list, such as a private hosted zone or the alias of a database, stop "
        "resolving as soon as the change is deployed, for every workload in the VPC."
    ),
    fix=(
        'First deploy without "hardened-eks:dns_firewall" in the context of cdk.json, or with '
        "Network(dns=Dns(mode=DnsMode.ALERT)). Then add the names that the query log reports to "
        "Dns(allowed_domains=...), and only then block."
    ),
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-actions.html",
    blind="Nothing is evaluated without the earlier template (`--against`).",
    detective=(
        "Network blocks if the app states that the VPC is new; only the earlier template shows whether that is true."
    ),
)
def dns_alerts_first(association: Resource, assembly: Assembly) -> Iterator[Problem]:
    group = assembly.target(association.get("FirewallRuleGroupId"), GROUP, near=association)
    vpc = assembly.target(association.get("VpcId"), VPC, near=association)
    earlier = assembly.previous
    if earlier is None:
        return
    if group is None:
        yield from not_seen(association, assembly, "FirewallRuleGroupId", GROUP)
        return
    rules = [rule for rule in group.items("FirewallRules") if isinstance(rule, dict)]
    if not any(blocks_everything(rule, group, assembly) for rule in rules):
        for rule in rules:
            if rule.get("Action") == "BLOCK" and domains_of(rule, group, assembly) is None:
                named = rule.get("FirewallDomainListId")
                yield from value_not_seen(group, assembly, "FirewallRuleGroupId", named, LIST)
        return
    if vpc is None:
        written = str(association.get("VpcId"))
        if not any(str(other.get("VpcId")) == written for other in earlier.of(ASSOCIATION)):
            yield from not_seen(association, assembly, "VpcId", VPC)
        return
    deployed = _same(vpc, earlier)
    if deployed is not None and not list(earlier.referring(deployed, ASSOCIATION)):
        yield Problem(f"{vpc.logical_id} is deployed without a DNS firewall, and this one blocks at once", "VpcId")


def _same(vpc: Resource, earlier: Assembly) -> Resource | None:
    for other in earlier.of(VPC):
        one_stack = other.template.name == vpc.template.name or len(earlier.templates) == 1
        if other.logical_id == vpc.logical_id and one_stack:
            return other
    return None
