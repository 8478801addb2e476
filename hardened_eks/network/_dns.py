"""DNS Firewall and query log, which prevent exfiltration of data in DNS queries.

Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall.html
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53resolver as resolver

from hardened_eks import _aws, _owner
from hardened_eks._asked import path_of
from hardened_eks._l1 import create
from hardened_eks._tokens import is_token
from hardened_eks.data.dns import regional_names
from hardened_eks.network._dns_settings import FLAG, Dns, DnsMode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct, IDependable

# Firewall Manager uses the ends of the range 100 to 9900.
_ASSOCIATION_PRIORITY = 1000
_LONGEST_NAME = 64
ALERTS = (
    "the DNS firewall only reports names that are not allowed and blocks none, because this network may already be in "
    f'use. In a new app, add "{FLAG}": "{DnsMode.BLOCK}" to the context of cdk.json. In a deployed app, deploy first, '
    "read the alerts, allow the missing names, then add it "
    "(docs/explanation/network.md); NW-21 reports the network until then"
)


def choice(asked: Dns | None, *, flag: DnsMode | None, isolated: bool, adopted: bool) -> Dns:
    """Return the settings. By default, an isolated VPC follows the app's flag, and a VPC with NAT only logs.

    Without the flag, an isolated VPC only alerts, like every adopted one, because it may be in use.
    """
    if asked is not None:
        return asked
    if isolated:
        return Dns(mode=flag or DnsMode.ALERT)
    return Dns(mode=DnsMode.ALERT if adopted else DnsMode.OFF)


def add(
    scope: Construct, vpc_id: str, dns: Dns, *, region: str, cidrs: Sequence[str], key: Callable[[], kms.IKey]
) -> list[IDependable]:
    """Log the queries of a VPC and, unless that is off, filter them. Return the resources that nodes wait for.

    Args:
        scope: the parent construct.
        vpc_id: ID of the VPC.
        dns: the settings.
        region: Region of the stack, or its token.
        cidrs: the VPC's ranges, whose reverse names are allowed.
        key: function that returns the key that encrypts the log group.
    """
    name = re.sub(r"[^A-Za-z0-9-]", "-", path_of(scope))[-(_LONGEST_NAME - len("-everything")) :]
    made = []
    if dns.log_retention_days is not None:
        made.append(_log(scope, vpc_id, f"{name}-dns", key=key(), retention_days=dns.log_retention_days))
    if dns.mode != DnsMode.OFF:
        made.append(_firewall(scope, vpc_id, name, dns, [*_aws_names(region), *reverse_names(cidrs)]))
    return made


def _log(scope: Construct, vpc_id: str, name: str, *, key: kms.IKey, retention_days: int) -> IDependable:
    group = create(
        logs.CfnLogGroup,
        scope,
        "DnsLogGroup",
        kms_key_id=key,
        retention_in_days=retention_days,
        deletion_protection_enabled=True,
    )
    group.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    log = create(resolver.CfnResolverQueryLoggingConfig, scope, "DnsLog", name=name, destination_arn=group)
    # A changed tag replaces it. The new association would then be created before the old one is deleted, and a VPC can
    # have only one: https://github.com/aws-samples/sample-autonomous-cloud-coding-agents/issues/221
    log.add_property_override("Tags", [{"Key": _owner.KEY, "Value": _owner.stack_name()}])
    return create(
        resolver.CfnResolverQueryLoggingConfigAssociation,
        scope,
        "DnsLogAssociation",
        resolver_query_log_config_id=log,
        resource_id=vpc_id,
    )


def _firewall(scope: Construct, vpc_id: str, name: str, dns: Dns, own: list[str]) -> IDependable:
    block = dns.mode == DnsMode.BLOCK
    action, answer = ("BLOCK", {"blockResponse": "NXDOMAIN"}) if block else ("ALERT", {})
    rules: list[dict[str, Any]] = []

    def rule(priority: int, action: str, **settings: Any) -> None:
        rules.append({"action": action, "priority": priority, **settings})

    # Aliases of AWS's names lead to AWS's names. Those of a team's providers change without notice.
    rule(100, "ALLOW", firewallDomainListId=_domains(scope, "DnsAws", f"{name}-aws", own))
    if dns.detect_tunneling:
        for number, threat in enumerate(("DNS_TUNNELING", "DGA", "DICTIONARY_DGA")):
            rule(150 + number, action, **answer, confidenceThreshold="HIGH", dnsThreatProtection=threat)
    if dns.allowed_domains:
        team = _domains(scope, "DnsAllowed", f"{name}-allowed", dns.allowed_domains)
        trust = "TRUST_REDIRECTION_DOMAIN"
        rule(200, "ALLOW", firewallDomainListId=team, firewallDomainRedirectionAction=trust)
    rest = _domains(scope, "DnsEverything", f"{name}-everything", ["*"])
    rule(900, action, **answer, firewallDomainListId=rest)
    group = create(
        resolver.CfnFirewallRuleGroup,
        scope,
        "DnsFirewall",
        name=name,
        firewall_rules=rules,
    )
    return create(
        resolver.CfnFirewallRuleGroupAssociation,
        scope,
        "DnsFirewallAssociation",
        name=name,
        firewall_rule_group_id=group,
        vpc_id=vpc_id,
        priority=_ASSOCIATION_PRIORITY,
        mutation_protection="ENABLED" if dns.protect_association else None,
    )


def _domains(scope: Construct, id: str, name: str, domains: Iterable[str]) -> str:
    return create(resolver.CfnFirewallDomainList, scope, id, name=name, domains=[*domains]).attr_id


def _aws_names(region: str) -> list[str]:
    if is_token(region):
        return regional_names(None, written=_aws.region(), suffix=_aws.url_suffix())
    return regional_names(region, written=region)


def reverse_names(cidrs: Iterable[str]) -> Iterator[str]:
    """Yield the reverse names of exactly these IPv4 ranges.

    The owner of a public reverse zone sees every label in front of it, so a wider entry would allow exfiltration.

    Args:
        cidrs: ranges, for example ``10.0.0.0/18``, which is 64 zones of 256 addresses.
    """
    for cidr in cidrs:
        network = IPv4Network(cidr, strict=False)  # placeholders of a look-up have host bits
        octets = min(max(-(-network.prefixlen // 8), 1), 3)
        if network.prefixlen > 8 * octets:
            network = network.supernet(new_prefix=8 * octets)
        for zone in network.subnets(new_prefix=8 * octets):
            labels = str(zone.network_address).split(".")[:octets]
            yield f"*.{'.'.join(reversed(labels))}.in-addr.arpa"
