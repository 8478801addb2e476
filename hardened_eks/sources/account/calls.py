"""The calls that an audit may make, and the IAM action for each. Other calls are not allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.data.account_settings import SETTINGS
from hardened_eks.sources.account.rare import HANDLERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_READS: Final[Mapping[str, str]] = {
    "accessanalyzer": "ListAnalyzers",
    "auditmanager": "GetAccountStatus",
    "autoscaling": "DescribeAutoScalingGroups DescribeLaunchConfigurations DescribeLifecycleHooks "
    "DescribeNotificationConfigurations",
    "backup": "GetBackupPlan GetBackupSelection GetBackupVaultAccessPolicy ListBackupPlans ListBackupSelections "
    "ListBackupVaults ListTags",
    "cloudcontrol": "GetResource ListResources",
    "cloudtrail": "DescribeTrails GetEventSelectors GetTrailStatus ListTags",
    "cloudwatch": "DescribeAlarms ListTagsForResource",
    "config": "DescribeConfigRules DescribeConfigurationAggregators DescribeConfigurationRecorderStatus "
    "DescribeConfigurationRecorders DescribeDeliveryChannels",
    "ec2": "DescribeClientVpnAuthorizationRules DescribeClientVpnEndpoints DescribeDhcpOptions DescribeFlowLogs "
    "DescribeInstanceAttribute DescribeInstanceConnectEndpoints DescribeInstances DescribeInternetGateways "
    "DescribeLaunchTemplateVersions DescribeLaunchTemplates DescribeManagedPrefixLists DescribeNatGateways "
    "DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups DescribeSubnets "
    "DescribeTransitGatewayVpcAttachments DescribeTransitGateways DescribeVolumes DescribeVpcAttribute "
    "DescribeVpcBlockPublicAccessExclusions DescribeVpcBlockPublicAccessOptions DescribeVpcEncryptionControls "
    "DescribeVpcEndpointServiceConfigurations DescribeVpcEndpointServicePermissions DescribeVpcEndpoints "
    "DescribeVpcPeeringConnections DescribeVpcs DescribeVpnConnections DescribeVpnGateways "
    "GetManagedPrefixListEntries",
    "ecr": "DescribePullThroughCacheRules DescribeRegistry DescribeRepositories DescribeRepositoryCreationTemplates "
    "GetLifecyclePolicy GetRegistryPolicy GetRegistryScanningConfiguration GetRepositoryPolicy ListTagsForResource",
    "ecr-public": "DescribeRepositories",
    "efs": "DescribeAccessPoints DescribeBackupPolicy DescribeFileSystemPolicy DescribeFileSystems "
    "DescribeMountTargets",
    "eks": "DescribeAccessEntry DescribeAddon DescribeCapability DescribeCluster DescribeFargateProfile "
    "DescribeIdentityProviderConfig DescribeNodegroup DescribePodIdentityAssociation ListAccessEntries ListAddons "
    "ListAssociatedAccessPolicies ListCapabilities ListClusters ListFargateProfiles ListIdentityProviderConfigs "
    "ListNodegroups ListPodIdentityAssociations",
    "elb": "DescribeLoadBalancers DescribeTags",
    "elbv2": "DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeTags",
    "events": "DescribeEventBus ListRules ListTagsForResource ListTargetsByRule",
    "guardduty": "GetDetector ListDetectors",
    "iam": "GetAccountAuthorizationDetails GetInstanceProfile GetOpenIDConnectProvider ListRoles",
    "kms": "DescribeKey GetKeyPolicy GetKeyRotationStatus ListAliases ListResourceTags",
    "lambda": "GetFunctionConcurrency GetFunctionConfiguration GetFunctionEventInvokeConfig GetFunctionUrlConfig "
    "GetPolicy ListFunctions ListTags",
    "logs": "DescribeLogGroups DescribeMetricFilters DescribeResourcePolicies DescribeSubscriptionFilters "
    "GetTransformer ListTagsForResource",
    "network-firewall": "DescribeFirewall DescribeFirewallPolicy DescribeLoggingConfiguration ListFirewalls",
    "route53": "GetHostedZone",
    "route53profiles": "ListProfileAssociations ListProfileResourceAssociations ListProfiles",
    "route53resolver": "ListFirewallRuleGroupAssociations ListResolverQueryLogConfigAssociations "
    "ListResolverRuleAssociations GetFirewallDomainList GetFirewallRuleGroup GetResolverQueryLogConfig GetResolverRule "
    "ListFirewallDomains ListFirewallRules",
    "s3": "GetBucketEncryption GetBucketLifecycleConfiguration GetBucketLogging GetBucketOwnershipControls "
    "GetBucketPolicy GetBucketReplication GetBucketTagging GetBucketVersioning GetObjectLockConfiguration "
    "GetPublicAccessBlock",
    "secretsmanager": "DescribeSecret GetResourcePolicy",
    "securityhub": "DescribeHub GetEnabledStandards",
    "sns": "GetSubscriptionAttributes GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource",
    "sqs": "GetQueueAttributes GetQueueUrl ListQueueTags",
    "stepfunctions": "DescribeStateMachine ListTagsForResource",
    "sts": "GetCallerIdentity",
}
_SETTINGS: Final[Mapping[str, str]] = {
    service: " ".join(one.operation for one in SETTINGS if one.service == service)
    for service in sorted({one.service for one in SETTINGS})
}
"""The calls of `hardened_eks.data.account_settings`."""
_STACKS: Final[Mapping[str, str]] = {"cloudformation": "GetTemplate ListStackResources"}
_REGIONS: Final[Mapping[str, str]] = {"ec2": "DescribeRegions"}
_ORGANIZATION: Final[Mapping[str, str]] = {"organizations": "ListAccounts ListAccountsForParent ListChildren"}
_AGGREGATOR: Final[Mapping[str, str]] = {"config": "SelectAggregateResourceConfig"}
_ROLE: Final[Mapping[str, str]] = {"sts": "AssumeRole"}
_SECURITY_HUB: Final[Mapping[str, str]] = {"securityhub": "BatchImportFindings GetFindings"}

_PREFIXES: Final = {
    "accessanalyzer": "access-analyzer",
    "cloudcontrol": "cloudformation",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "s3control": "s3",
    "stepfunctions": "states",
}
"""Client -> the service in the IAM action, if they differ."""
_ACTIONS: Final = {
    "s3:GetBucketEncryption": "GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "s3:GetBucketReplication": "GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "s3:GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "s3control:GetPublicAccessBlock": "GetAccountPublicAccessBlock",
    "efs:DescribeFileSystemPolicy": "DescribeFileSystemPolicy",
}
"""Call -> its IAM action, if that has a different name."""


def _of(*tables: Mapping[str, str]) -> frozenset[str]:
    return frozenset(
        f"{service}:{name}" for table in tables for service, names in table.items() for name in names.split()
    )


READS: Final = _of(_READS, _SETTINGS, _STACKS)
"""The calls of an audit of one account and Region, as ``client:Operation``."""
ALLOWED: Final = _of(_READS, _SETTINGS, _STACKS, _REGIONS, _ORGANIZATION, _AGGREGATOR, _ROLE, _SECURITY_HUB)
"""All calls of any audit."""


def action(call: str) -> str:
    """Return the IAM action for a call: ``s3:GetEncryptionConfiguration`` for ``s3:GetBucketEncryption``."""
    service, operation = call.split(":")
    return f"{_PREFIXES.get(service, service)}:{_ACTIONS.get(call, operation)}"


def actions(
    *,
    all_regions: bool = False,
    role: bool = False,
    organization: bool = False,
    aggregator: bool = False,
    security_hub: bool = False,
) -> list[str]:
    """Return the sorted IAM actions that an audit with these options needs; with `aggregator`, only those for it."""
    if aggregator:
        return [action(call) for call in sorted(_of(_AGGREGATOR))]  # no other calls are made
    chosen = [_READS, _SETTINGS, _STACKS]
    options = (
        (all_regions, _REGIONS), (role or organization, _ROLE), (organization, _ORGANIZATION),
        (security_hub, _SECURITY_HUB),
    )  # fmt: skip
    chosen += [table for wanted, table in options if wanted]
    handlers = {one for names in HANDLERS.values() for one in names.split()}
    return sorted(_unneeded_dropped({action(call) for call in _of(*chosen)} | handlers))


def _unneeded_dropped(found: Iterable[str]) -> set[str]:
    """Remove actions that AWS allows everybody: ``sts:GetCallerIdentity``."""
    return set(found) - {"sts:GetCallerIdentity"}


def policy(
    *,
    all_regions: bool = False,
    role: str = "",
    organization: str = "",
    aggregator: bool = False,
    security_hub: bool = False,
    partition: str = "aws",
) -> dict[str, Any]:
    """Return the IAM policy for an audit with these options.

    Args:
        all_regions: whether the Regions of the account are read.
        role: the ARN of the role that is assumed. Default: none.
        organization: the name of the role that is assumed in each account of the organization. Default: none.
        aggregator: whether an AWS Config aggregator is read.
        security_hub: whether findings are imported, which is the only option that writes.
        partition: the partition of the accounts; IAM accepts no wildcard for it.
    """
    found = actions(
        all_regions=all_regions, organization=bool(organization), aggregator=aggregator, security_hub=security_hub
    )
    reads = [one for one in found if one not in {"sts:AssumeRole", "securityhub:BatchImportFindings"}]
    statements: list[dict[str, Any]] = [{"Sid": "AuditReads", "Effect": "Allow", "Action": reads, "Resource": "*"}]
    assumed = [role] if role else []
    assumed += [f"arn:{partition}:iam::*:role/{organization}"] if organization else []
    if assumed:
        statements.append({"Sid": "AuditAssumes", "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": assumed})
    if security_hub:
        statements.append(
            {
                "Sid": "AuditImports",
                "Effect": "Allow",
                "Action": "securityhub:BatchImportFindings",
                "Resource": f"arn:{partition}:securityhub:*:*:product/*/default",
            }
        )
    return {"Version": "2012-10-17", "Statement": statements}
