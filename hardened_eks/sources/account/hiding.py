"""Missing resources after a failed call: an action -> the types that it lists or describes.

Calls that read a single property are not included, because that property itself is marked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks.data.account_settings import SETTINGS
from hardened_eks.sources.account.calls import action
from hardened_eks.sources.account.rare import HANDLERS

if TYPE_CHECKING:
    from collections.abc import Iterable

_IAM: Final = ("AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::IAM::User", "AWS::IAM::Group")
_FIREWALL: Final = tuple(
    f"AWS::NetworkFirewall::{name}" for name in ("Firewall", "FirewallPolicy", "LoggingConfiguration")
)
_RESOLVER: Final = "AWS::Route53Resolver::"
_IN_PROFILE: Final = "AWS::Route53Profiles::ProfileResourceAssociation"
_PROFILES: Final = (
    "AWS::Route53Profiles::ProfileAssociation", "AWS::Route53Profiles::Profile", _IN_PROFILE,
    "AWS::Route53::HostedZone", f"{_RESOLVER}ResolverRule",
)  # fmt: skip
HIDES: Final[dict[str, tuple[str, ...]]] = {
    "access-analyzer:ListAnalyzers": ("AWS::AccessAnalyzer::Analyzer",),
    "autoscaling:DescribeAutoScalingGroups": ("AWS::AutoScaling::AutoScalingGroup",),
    "autoscaling:DescribeLaunchConfigurations": ("AWS::AutoScaling::LaunchConfiguration",),
    "autoscaling:DescribeLifecycleHooks": ("AWS::AutoScaling::LifecycleHook",),
    "backup:GetBackupPlan": ("AWS::Backup::BackupPlan", "AWS::Backup::BackupSelection"),
    "backup:GetBackupSelection": ("AWS::Backup::BackupSelection",),
    "backup:ListBackupPlans": ("AWS::Backup::BackupPlan", "AWS::Backup::BackupSelection"),
    "backup:ListBackupSelections": ("AWS::Backup::BackupSelection",),
    "backup:ListBackupVaults": ("AWS::Backup::BackupVault", "AWS::Backup::LogicallyAirGappedBackupVault"),
    "auditmanager:GetAccountStatus": ("AWS::AuditManager::Assessment",),
    "cloudformation:GetResource": tuple(HANDLERS),
    "cloudformation:ListResources": tuple(HANDLERS),
    "cloudtrail:DescribeTrails": ("AWS::CloudTrail::Trail",),
    "cloudwatch:DescribeAlarms": ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"),
    "config:DescribeConfigRules": ("AWS::Config::ConfigRule",),
    "config:DescribeConfigurationAggregators": ("AWS::Config::ConfigurationAggregator",),
    "config:DescribeConfigurationRecorderStatus": ("AWS::Config::ConfigurationRecorder",),
    "config:DescribeConfigurationRecorders": ("AWS::Config::ConfigurationRecorder",),
    "config:DescribeDeliveryChannels": ("AWS::Config::DeliveryChannel",),
    "ec2:DescribeClientVpnAuthorizationRules": ("AWS::EC2::ClientVpnAuthorizationRule",),
    "ec2:DescribeClientVpnEndpoints": ("AWS::EC2::ClientVpnEndpoint", "AWS::EC2::ClientVpnAuthorizationRule"),
    "ec2:DescribeDhcpOptions": ("AWS::EC2::DHCPOptions", "AWS::EC2::VPCDHCPOptionsAssociation"),
    "ec2:DescribeFlowLogs": ("AWS::EC2::FlowLog",),
    "ec2:DescribeInstanceConnectEndpoints": ("AWS::EC2::InstanceConnectEndpoint",),
    "ec2:DescribeInstances": ("AWS::EC2::Instance",),
    "ec2:DescribeInternetGateways": ("AWS::EC2::InternetGateway", "AWS::EC2::VPCGatewayAttachment"),
    "ec2:DescribeLaunchTemplateVersions": ("AWS::EC2::LaunchTemplate",),
    "ec2:DescribeManagedPrefixLists": ("AWS::EC2::PrefixList",),
    "ec2:DescribeNatGateways": ("AWS::EC2::NatGateway",),
    "ec2:DescribeNetworkAcls": (
        "AWS::EC2::NetworkAcl", "AWS::EC2::NetworkAclEntry", "AWS::EC2::SubnetNetworkAclAssociation",
    ),
    "ec2:DescribeRouteTables": ("AWS::EC2::RouteTable", "AWS::EC2::Route", "AWS::EC2::SubnetRouteTableAssociation"),
    "ec2:DescribeSecurityGroups": ("AWS::EC2::SecurityGroup",),
    "ec2:DescribeSubnets": ("AWS::EC2::Subnet", "AWS::EC2::SubnetRouteTableAssociation"),
    "ec2:DescribeTransitGatewayVpcAttachments": (
        "AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGateway", "AWS::EC2::VPNConnection",
    ),
    "ec2:DescribeTransitGateways": ("AWS::EC2::TransitGateway",),
    "ec2:DescribeVolumes": ("AWS::EC2::Volume",),
    "ec2:DescribeVpcBlockPublicAccessExclusions": ("AWS::EC2::VPCBlockPublicAccessExclusion",),
    "ec2:DescribeVpcEncryptionControls": ("AWS::EC2::VPCEncryptionControl",),
    "ec2:DescribeVpcEndpointServiceConfigurations": (
        "AWS::EC2::VPCEndpointService", "AWS::EC2::VPCEndpointServicePermissions",
    ),
    "ec2:DescribeVpnConnections": ("AWS::EC2::VPNConnection",),
    "ec2:DescribeVpnGateways": ("AWS::EC2::VPNConnection",),
    "ec2:DescribeVpcEndpoints": ("AWS::EC2::VPCEndpoint", _IN_PROFILE),
    "ec2:DescribeVpcPeeringConnections": ("AWS::EC2::VPCPeeringConnection",),
    "ec2:DescribeVpcs": ("AWS::EC2::VPC",),
    "ec2:GetManagedPrefixListEntries": ("AWS::EC2::PrefixList",),
    "ecr:DescribePullThroughCacheRules": ("AWS::ECR::PullThroughCacheRule",),
    "ecr:DescribeRegistry": ("AWS::ECR::ReplicationConfiguration",),
    "ecr:DescribeRepositories": ("AWS::ECR::Repository",),
    "ecr:DescribeRepositoryCreationTemplates": ("AWS::ECR::RepositoryCreationTemplate",),
    "ecr-public:DescribeRepositories": ("AWS::ECR::PublicRepository",),
    "eks:DescribeAccessEntry": ("AWS::EKS::AccessEntry",),
    "eks:DescribeAddon": ("AWS::EKS::Addon",),
    "eks:DescribeCapability": ("AWS::EKS::Capability",),
    "eks:DescribeCluster": ("AWS::EKS::Cluster",),
    "eks:DescribeFargateProfile": ("AWS::EKS::FargateProfile",),
    "eks:DescribeIdentityProviderConfig": ("AWS::EKS::IdentityProviderConfig",),
    "eks:DescribeNodegroup": ("AWS::EKS::Nodegroup",),
    "eks:DescribePodIdentityAssociation": ("AWS::EKS::PodIdentityAssociation",),
    "eks:ListAccessEntries": ("AWS::EKS::AccessEntry",),
    "eks:ListAddons": ("AWS::EKS::Addon",),
    "eks:ListCapabilities": ("AWS::EKS::Capability",),
    "eks:ListClusters": ("AWS::EKS::Cluster",),
    "eks:ListFargateProfiles": ("AWS::EKS::FargateProfile",),
    "eks:ListIdentityProviderConfigs": ("AWS::EKS::IdentityProviderConfig",),
    "eks:ListNodegroups": ("AWS::EKS::Nodegroup",),
    "eks:ListPodIdentityAssociations": ("AWS::EKS::PodIdentityAssociation",),
    "elasticfilesystem:DescribeAccessPoints": ("AWS::EFS::AccessPoint",),
    "elasticfilesystem:DescribeFileSystems": (
        "AWS::EFS::FileSystem", "AWS::EFS::AccessPoint", "AWS::EFS::MountTarget",
    ),
    "elasticfilesystem:DescribeMountTargets": (
        "AWS::EFS::FileSystem", "AWS::EFS::AccessPoint", "AWS::EFS::MountTarget",
    ),
    "elasticloadbalancing:DescribeLoadBalancers": (
        "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer",
        "AWS::EC2::VPCEndpointService", "AWS::EC2::VPCEndpointServicePermissions",
    ),
    "events:DescribeEventBus": ("AWS::Events::EventBus",),
    "events:ListRules": ("AWS::Events::Rule",),
    "guardduty:ListDetectors": ("AWS::GuardDuty::Detector",),
    "iam:GetAccountAuthorizationDetails": _IAM,
    "iam:GetInstanceProfile": ("AWS::IAM::InstanceProfile",),
    "iam:GetOpenIDConnectProvider": ("AWS::IAM::OIDCProvider",),
    "kms:DescribeKey": ("AWS::KMS::Key", "AWS::KMS::ReplicaKey", "AWS::KMS::Alias"),
    "kms:ListAliases": ("AWS::KMS::Alias",),
    "lambda:GetFunctionConfiguration": ("AWS::Lambda::Function",),
    "lambda:GetFunctionEventInvokeConfig": ("AWS::Lambda::EventInvokeConfig",),
    "lambda:GetFunctionUrlConfig": ("AWS::Lambda::Url",),
    "lambda:GetPolicy": ("AWS::Lambda::Permission",),
    "lambda:ListFunctions": ("AWS::Lambda::Function",),
    "logs:DescribeLogGroups": ("AWS::Logs::LogGroup", "AWS::Logs::MetricFilter", "AWS::Logs::SubscriptionFilter"),
    "logs:DescribeMetricFilters": ("AWS::Logs::MetricFilter",),
    "logs:DescribeResourcePolicies": ("AWS::Logs::ResourcePolicy",),
    "logs:DescribeSubscriptionFilters": ("AWS::Logs::SubscriptionFilter",),
    "logs:GetTransformer": ("AWS::Logs::Transformer",),
    "network-firewall:DescribeFirewall": _FIREWALL,
    "network-firewall:DescribeFirewallPolicy": ("AWS::NetworkFirewall::FirewallPolicy",),
    "network-firewall:DescribeLoggingConfiguration": ("AWS::NetworkFirewall::LoggingConfiguration",),
    "network-firewall:ListFirewalls": _FIREWALL,
    "route53:GetHostedZone": ("AWS::Route53::HostedZone", _IN_PROFILE),
    "route53profiles:ListProfileAssociations": _PROFILES,
    "route53profiles:ListProfileResourceAssociations": _PROFILES[2:],
    "route53profiles:ListProfiles": _PROFILES,
    "route53resolver:GetFirewallDomainList": (f"{_RESOLVER}FirewallDomainList",),
    "route53resolver:GetFirewallRuleGroup": (
        f"{_RESOLVER}FirewallRuleGroup", f"{_RESOLVER}FirewallDomainList", _IN_PROFILE,
    ),
    "route53resolver:GetResolverQueryLogConfig": (f"{_RESOLVER}ResolverQueryLoggingConfig", _IN_PROFILE),
    "route53resolver:GetResolverRule": (
        f"{_RESOLVER}ResolverRule", f"{_RESOLVER}ResolverRuleAssociation", _IN_PROFILE,
    ),
    "route53resolver:ListFirewallDomains": (f"{_RESOLVER}FirewallDomainList",),
    "route53resolver:ListFirewallRuleGroupAssociations": (f"{_RESOLVER}FirewallRuleGroupAssociation",),
    "route53resolver:ListFirewallRules": (f"{_RESOLVER}FirewallRuleGroup", f"{_RESOLVER}FirewallDomainList"),
    "route53resolver:ListResolverQueryLogConfigAssociations": (f"{_RESOLVER}ResolverQueryLoggingConfigAssociation",),
    "route53resolver:ListResolverRuleAssociations": (f"{_RESOLVER}ResolverRule", f"{_RESOLVER}ResolverRuleAssociation"),
    "s3:GetBucketPolicy": ("AWS::S3::BucketPolicy",),
    "s3:GetBucketVersioning": ("AWS::S3::Bucket", "AWS::S3::BucketPolicy"),
    "secretsmanager:DescribeSecret": ("AWS::SecretsManager::Secret", "AWS::SecretsManager::RotationSchedule"),
    "secretsmanager:GetResourcePolicy": ("AWS::SecretsManager::ResourcePolicy",),
    "securityhub:DescribeHub": ("AWS::SecurityHub::Hub", "AWS::SecurityHub::Standard"),
    "securityhub:GetEnabledStandards": ("AWS::SecurityHub::Standard",),
    "sns:GetTopicAttributes": ("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "AWS::SNS::Subscription"),
    "sns:ListSubscriptionsByTopic": ("AWS::SNS::Subscription",),
    "sqs:GetQueueAttributes": ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy"),
    "sqs:GetQueueUrl": ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy"),
    "states:DescribeStateMachine": ("AWS::StepFunctions::StateMachine",),
    **{action(f"{one.service}:{one.operation}"): (one.type,) for one in SETTINGS},
}  # fmt: skip


def hidden_by(actions: Iterable[str]) -> tuple[str, ...]:
    """Return the sorted types of which resources may be missing if these actions failed."""
    return tuple(sorted({type_ for action in actions for type_ in HIDES.get(action, ())}))
