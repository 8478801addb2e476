"""Network Firewall: the firewalls in the network of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks.sources.account.asking import Refusal, mark
from hardened_eks.sources.account.found import Found, Wanted
from hardened_eks.sources.account.shape import pick, plain, tag_map, with_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.sources.account.asking import Asker

_FIREWALL = (
    "FirewallName", "FirewallArn", "FirewallPolicyArn", "VpcId", "SubnetMappings", "AvailabilityZoneMappings",
    "DeleteProtection",
    "SubnetChangeProtection", "FirewallPolicyChangeProtection",
)  # fmt: skip


def firewalls(asker: Asker, vpc_id: str) -> Iterator[Found | Wanted]:
    """Yield the network firewalls of a VPC, and their logging."""
    for one in asker.pages("network-firewall:ListFirewalls", "Firewalls", VpcIds=[vpc_id]):
        told = asker.ask("network-firewall:DescribeFirewall", FirewallArn=one["FirewallArn"])
        if not told:
            continue
        entry = told["Firewall"]
        arn, tags = entry["FirewallArn"], entry.get("Tags")
        yield Found("AWS::NetworkFirewall::Firewall", arn, with_tags(pick(entry, *_FIREWALL), tags), arn, tag_map(tags))
        yield Wanted("firewall-policy", entry["FirewallPolicyArn"])
        logs = asker.ask("network-firewall:DescribeLoggingConfiguration", FirewallArn=arn)
        if isinstance(logs, Refusal):
            yield Found("AWS::NetworkFirewall::LoggingConfiguration", arn,
                        {"FirewallArn": arn, "LoggingConfiguration": mark(logs)})  # fmt: skip
        elif logs and logs.get("LoggingConfiguration", {}).get("LogDestinationConfigs"):
            yield Found("AWS::NetworkFirewall::LoggingConfiguration", arn,
                        {"FirewallArn": arn, "LoggingConfiguration": plain(logs["LoggingConfiguration"])})  # fmt: skip


def firewall_policy(asker: Asker, arn: str) -> Iterator[Found]:
    """Yield the policy of a firewall, with its actions and rule groups."""
    told = asker.ask("network-firewall:DescribeFirewallPolicy", FirewallPolicyArn=arn)
    if told:
        entry = told["FirewallPolicyResponse"]
        properties = {"FirewallPolicyName": entry["FirewallPolicyName"], "FirewallPolicyArn": arn,
                      "FirewallPolicy": plain(told.get("FirewallPolicy", {}))}  # fmt: skip
        tags = entry.get("Tags")
        yield Found("AWS::NetworkFirewall::FirewallPolicy", arn, with_tags(properties, tags), arn, tag_map(tags))
