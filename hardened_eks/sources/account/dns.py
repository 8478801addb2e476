"""Route 53 Resolver: DNS firewalls, forwarding rules and query logs of a VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks.sources.account.found import Found, Wanted
from hardened_eks.sources.account.shape import is_gone, pick, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.sources.account.asking import Asker

_RULE = (
    "FirewallDomainListId",
    "Action",
    "Priority",
    "BlockResponse",
    "BlockOverrideDomain",
    "BlockOverrideDnsType",
    "BlockOverrideTtl",
    "FirewallDomainRedirectionAction",
    "Qtype",
    "DnsThreatProtection",
    "ConfidenceThreshold",
)


def dns(asker: Asker, vpc_id: str) -> Iterator[Found | Wanted]:
    """Yield the DNS firewalls, query logs and forwarding rules of a VPC."""
    for entry in asker.pages(
        "route53resolver:ListFirewallRuleGroupAssociations", "FirewallRuleGroupAssociations", VpcId=vpc_id
    ):
        if is_gone(entry.get("Status")):
            continue
        properties = pick(entry, "Id", "Arn", "FirewallRuleGroupId", "VpcId", "Name", "Priority", "MutationProtection")
        yield Found("AWS::Route53Resolver::FirewallRuleGroupAssociation", entry["Id"], properties, entry.get("Arn", ""))
        yield Wanted("dns-rules", entry["FirewallRuleGroupId"])
    where = [{"Name": "ResourceId", "Values": [vpc_id]}]
    for entry in asker.pages(
        "route53resolver:ListResolverQueryLogConfigAssociations", "ResolverQueryLogConfigAssociations", Filters=where
    ):
        if is_gone(entry.get("Status")):  # "failed": its destination does not exist, or does not accept the log
            continue
        properties = {
            "Id": entry["Id"],
            "ResolverQueryLogConfigId": entry["ResolverQueryLogConfigId"],
            "ResourceId": vpc_id,
        }
        yield Found("AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation", entry["Id"], properties)
        yield Wanted("dns-log", entry["ResolverQueryLogConfigId"])
    where = [{"Name": "VPCId", "Values": [vpc_id]}]
    for entry in asker.pages("route53resolver:ListResolverRuleAssociations", "ResolverRuleAssociations", Filters=where):
        if is_gone(entry.get("Status")):
            continue
        forwarding = list(rule(asker, entry["ResolverRuleId"]))
        if forwarding:
            yield from forwarding
            properties = {"ResolverRuleAssociationId": entry["Id"], "ResolverRuleId": entry["ResolverRuleId"],
                          "VPCId": vpc_id}  # fmt: skip
            yield Found("AWS::Route53Resolver::ResolverRuleAssociation", entry["Id"], properties)


def rule(asker: Asker, id: str) -> Iterator[Found]:
    """Yield a rule that forwards queries."""
    told = asker.ask("route53resolver:GetResolverRule", ResolverRuleId=id)
    if told and told["ResolverRule"].get("RuleType") == "FORWARD":
        entry = told["ResolverRule"]
        kept = pick(entry, "Arn", "DomainName", "Name", "RuleType", "TargetIps", "ResolverEndpointId")
        yield Found("AWS::Route53Resolver::ResolverRule", id, {"ResolverRuleId": id, **kept}, entry.get("Arn", ""))


def rules(asker: Asker, id: str) -> Iterator[Found]:
    """Yield a DNS Firewall rule group, and the domain lists of this account that it uses."""
    told = asker.ask("route53resolver:GetFirewallRuleGroup", FirewallRuleGroupId=id)
    if not told:
        return
    group = told["FirewallRuleGroup"]
    entries = asker.pages("route53resolver:ListFirewallRules", "FirewallRules", FirewallRuleGroupId=id)
    properties = {
        "Id": id,
        **pick(group, "Arn", "Name"),
        "FirewallRules": [pick(plain(one), *_RULE) for one in entries],
    }
    yield Found("AWS::Route53Resolver::FirewallRuleGroup", id, properties, group.get("Arn", ""))
    for one in entries:
        name = one.get("FirewallDomainListId")
        answer = asker.ask("route53resolver:GetFirewallDomainList", FirewallDomainListId=name) if name else None
        if answer:
            entry = answer["FirewallDomainList"]
            domains = () if entry.get("ManagedOwnerName") else asker.pages(
                "route53resolver:ListFirewallDomains", "Domains", FirewallDomainListId=name
            )  # fmt: skip
            listed = {"Id": name, **pick(entry, "Arn", "Name"), **({"Domains": domains} if domains else {})}
            yield Found("AWS::Route53Resolver::FirewallDomainList", name, listed, entry.get("Arn", ""))


def query_log(asker: Asker, id: str) -> Iterator[Found]:
    """Yield a query log configuration."""
    told = asker.ask("route53resolver:GetResolverQueryLogConfig", ResolverQueryLogConfigId=id)
    if told:
        entry = told["ResolverQueryLogConfig"]
        properties = {"Id": id, **pick(entry, "Arn", "Name", "DestinationArn")}
        yield Found("AWS::Route53Resolver::ResolverQueryLoggingConfig", id, properties, entry.get("Arn", ""))
