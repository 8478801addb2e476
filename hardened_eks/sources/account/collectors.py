"""The collectors for each type of resource, and those that run once in a Region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks.sources.account import (
    buckets,
    connections,
    dns,
    dns_profiles,
    eks,
    firewalls,
    functions,
    iam,
    keys,
    logs,
    machines,
    messages,
    network,
    rare,
    registry,
    settings,
    surroundings,
    volumes,
    watchers,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hardened_eks.sources.account.asking import Asker
    from hardened_eks.sources.account.found import Found, Wanted

ONE: Final[dict[str, Callable[[Asker, str], Iterable[Found | Wanted]]]] = {
    "cluster": eks.cluster, "nodegroups": eks.nodegroups, "nodegroup": eks.nodegroup, "profiles": eks.profiles,
    "addons": eks.addons, "entries": eks.entries, "associations": eks.associations, "providers": eks.providers,
    "capabilities": eks.capabilities, "cluster-nodes": machines.cluster_nodes,
    "cluster-volumes": volumes.volumes, "cluster-logs": logs.cluster_logs,
    "cluster-roles": iam.cluster_roles, "role": iam.role, "user": iam.user, "group": iam.group, "policy": iam.policy,
    "instance-profile": iam.instance_profile, "key": keys.key, "log-group": logs.log_group, "topic": messages.topic,
    "queue": messages.queue, "event-bus": messages.event_bus, "event-rule": messages.rule,
    "function": functions.function, "state-machine": functions.state_machine, "secret": functions.secret,
    "bucket": buckets.bucket,
    "launch-template": machines.launch_template, "launch-configuration": machines.launch_configuration,
    "lifecycle-hooks": machines.lifecycle_hooks, "vpc": network.vpc, "dhcp-options": network.dhcp_options,
    "prefix-list": network.prefix_list, **{f"vpc-{part}": read for part, read in network.PARTS.items()},
    "vpc-instances": machines.instances, "vpc-files": surroundings.file_systems,
    "vpc-balancers": surroundings.load_balancers,
    "vpc-classic": surroundings.classic_load_balancers, "vpc-dns": dns.dns, "vpc-firewalls": firewalls.firewalls,
    "firewall-policy": firewalls.firewall_policy, "transit-gateway": connections.transit_gateway,
    "vpc-functions": functions.functions, "dns-rules": dns.rules, "dns-log": dns.query_log,
    "vpc-profiles": dns_profiles.associations, "dns-profile": dns_profiles.profile,
}  # fmt: skip
WIDE: Final[tuple[tuple[Callable[[Asker], Iterable[Found | Wanted]], dict[str, str]], ...]] = (
    (watchers.trails, {"AWS::CloudTrail::Trail": "cloudtrail:DescribeTrails"}),
    (watchers.guardduty, {"AWS::GuardDuty::Detector": "guardduty:ListDetectors"}),
    (watchers.security_hub, {"AWS::SecurityHub::Hub": "securityhub:DescribeHub"}),
    (watchers.config, {"AWS::Config::ConfigurationRecorder": "config:DescribeConfigurationRecorders"}),
    (watchers.analyzers, {"AWS::AccessAnalyzer::Analyzer": "access-analyzer:ListAnalyzers"}),
    (watchers.backups, {"AWS::Backup::BackupPlan": "backup:ListBackupPlans"}),
    (watchers.vaults, {}),
    (network.block_public_access,
     {"AWS::EC2::VPCBlockPublicAccessOptions": "ec2:DescribeVpcBlockPublicAccessOptions"}),
    (registry.repositories, {}),
    (registry.registry, {}),
    (registry.public_repositories, {}),
    (messages.rules, {}),
    (logs.resource_policies, {}),
    *((reader, {}) for reader in rare.READERS),
    *settings.READERS,
)  # fmt: skip
"""Collectors that run once in a Region, with the types that they list completely and the action for the list."""

AROUND: Final = (*(f"vpc-{part}" for part in network.PARTS), "vpc-instances", "vpc-files", "vpc-balancers",
                  "vpc-classic", "vpc-dns", "vpc-profiles", "vpc-firewalls", "vpc-functions")  # fmt: skip
"""Collectors that run once for each VPC."""
