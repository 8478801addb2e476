"""Facts for comparing a template and an account: the properties that an audit reads, and parent resources.

The facts follow from the collectors in `hardened_eks/sources/account` and the CloudFormation types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


def _table(rows: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    return {f"AWS::{type_}": frozenset(names.split()) for type_, names in rows.items()}


READ: Final = _table({
    "AutoScaling::AutoScalingGroup": "VPCZoneIdentifier LaunchTemplate MixedInstancesPolicy MaxInstanceLifetime Tags",
    "Backup::BackupPlan": "BackupPlan BackupPlanTags",
    "Backup::BackupVault": "EncryptionKeyArn LockConfiguration AccessPolicy BackupVaultTags",
    "CloudTrail::Trail": "AdvancedEventSelectors EventSelectors CloudWatchLogsLogGroupArn CloudWatchLogsRoleArn "
    "EnableLogFileValidation IncludeGlobalServiceEvents IsLogging IsMultiRegionTrail IsOrganizationTrail KMSKeyId "
    "S3BucketName SnsTopicName",
    "CloudWatch::Alarm": "ActionsEnabled AlarmActions ComparisonOperator Dimensions MetricName Metrics Namespace "
    "OKActions Threshold TreatMissingData Tags",
    "EC2::FlowLog": "DeliverLogsPermissionArn LogDestinationType LogGroupName TrafficType MaxAggregationInterval",
    "EC2::LaunchTemplate": "LaunchTemplateData",
    "EC2::SecurityGroup": "SecurityGroupEgress SecurityGroupIngress Tags",
    "EC2::Subnet": "MapPublicIpOnLaunch Tags",
    "EC2::VPC": "EnableDnsHostnames EnableDnsSupport Tags",
    "EC2::VPCEncryptionControl": "Mode",
    "EC2::VPCEndpoint": "PolicyDocument PrivateDnsEnabled RouteTableIds SecurityGroupIds SubnetIds Tags",
    "ECR::RegistryScanningConfiguration": "Rules ScanType",
    "ECR::Repository": "EncryptionConfiguration ImageScanningConfiguration ImageTagMutability LifecyclePolicy "
    "RepositoryPolicyText Tags",
    "EKS::AccessEntry": "AccessPolicies KubernetesGroups Type Tags",
    "EKS::Addon": "ConfigurationValues PodIdentityAssociations Tags",
    "EKS::Cluster": "AccessConfig ComputeConfig DeletionProtection EncryptionConfig Logging ResourcesVpcConfig "
    "RoleArn StorageConfig Tags UpgradePolicy ZonalShiftConfig",
    "EKS::FargateProfile": "PodExecutionRoleArn Selectors Subnets Tags",
    "EKS::Nodegroup": "AmiType LaunchTemplate NodeRepairConfig NodeRole Subnets Tags",
    "EKS::PodIdentityAssociation": "RoleArn TargetRoleArn DisableSessionTags Tags",
    "Events::Rule": "EventPattern State Tags Targets",
    "IAM::Group": "ManagedPolicyArns Policies",
    "IAM::ManagedPolicy": "PolicyDocument",
    "IAM::Role": "AssumeRolePolicyDocument ManagedPolicyArns PermissionsBoundary Policies Tags",
    "IAM::User": "ManagedPolicyArns PermissionsBoundary Policies Tags",
    "KMS::Key": "EnableKeyRotation KeyPolicy Tags",
    "Logs::LogGroup": "DeletionProtectionEnabled KmsKeyId RetentionInDays Tags",
    "Logs::MetricFilter": "FilterPattern",
    "Logs::ResourcePolicy": "PolicyDocument",
    "Route53Resolver::FirewallDomainList": "Domains",
    "Route53Resolver::FirewallRuleGroup": "FirewallRules",
    "S3::Bucket": "BucketEncryption LifecycleConfiguration LoggingConfiguration ObjectLockConfiguration "
    "OwnershipControls PublicAccessBlockConfiguration ReplicationConfiguration Tags VersioningConfiguration",
    "S3::BucketPolicy": "PolicyDocument",
    "SNS::Topic": "KmsMasterKeyId DeliveryStatusLogging Tags",
    "SNS::TopicPolicy": "PolicyDocument",
    "SQS::Queue": "KmsMasterKeyId SqsManagedSseEnabled RedrivePolicy Tags",
    "SQS::QueuePolicy": "PolicyDocument",
    "SSM::ServiceSetting": "SettingValue",
})  # fmt: skip
"""Type -> properties that an audit always shows if they are set: a missing one was removed."""

_ALL_OUT: Final = {"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}
DEFAULTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "AWS::Backup::BackupVault": {"AccessPolicy": None},
    "AWS::CloudWatch::Alarm": {"ActionsEnabled": True},
    "AWS::EC2::SecurityGroup": {"SecurityGroupEgress": [_ALL_OUT], "SecurityGroupIngress": None},
    "AWS::EC2::Subnet": {"MapPublicIpOnLaunch": False},
    "AWS::ECR::Repository": {"RepositoryPolicyText": None},
    "AWS::EKS::AccessEntry": {"AccessPolicies": None, "KubernetesGroups": None},
    "AWS::IAM::Group": {"ManagedPolicyArns": None, "Policies": None},
    "AWS::IAM::Role": {"ManagedPolicyArns": None, "Policies": None},
    "AWS::IAM::User": {"ManagedPolicyArns": None, "Policies": None},
    "AWS::KMS::Key": {"Enabled": True},
    "AWS::SNS::Topic": {"KmsMasterKeyId": None},
}
"""Type -> properties that are compared even if a template omits them, with their default; None: no value."""

SAME_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS::EC2::NetworkAclEntry": ("NetworkAclId", "RuleNumber", "Egress"),
    "AWS::EC2::Route": ("RouteTableId", "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"),
    "AWS::EC2::SubnetRouteTableAssociation": ("SubnetId",),
    "AWS::EC2::SnapshotBlockPublicAccess": (),
    "AWS::ECR::RegistryScanningConfiguration": (),
    "AWS::ECR::RepositoryCreationTemplate": ("Prefix",),
    "AWS::EKS::PodIdentityAssociation": ("ClusterName", "Namespace", "ServiceAccount"),
    "AWS::Logs::MetricFilter": ("LogGroupName", "MetricTransformations"),
    "AWS::Logs::ResourcePolicy": ("PolicyName",),
    "AWS::S3::BucketPolicy": ("Bucket",),
    "AWS::SNS::TopicPolicy": ("Topics",),
    "AWS::SQS::QueuePolicy": ("Queues",),
    "AWS::SSM::ServiceSetting": ("SettingId",),
}
"""Types without tags and known IDs -> the properties that identify a resource."""

PARENT: Final[Mapping[str, str]] = {
    **{f"AWS::EC2::{name}": "VpcId" for name in ("NetworkAcl", "RouteTable", "SecurityGroup", "Subnet", "VPCEndpoint",
                                                 "VPCEncryptionControl")},
    **{f"AWS::EKS::{name}": "ClusterName" for name in ("AccessEntry", "Addon", "FargateProfile", "Nodegroup",
                                                       "PodIdentityAssociation")},
    "AWS::EC2::FlowLog": "ResourceId", "AWS::EC2::NetworkAclEntry": "NetworkAclId",
    "AWS::Logs::MetricFilter": "LogGroupName", "AWS::Logs::SubscriptionFilter": "LogGroupName",
    "AWS::Route53Resolver::FirewallRuleGroupAssociation": "VpcId",
    "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation": "ResourceId", "AWS::S3::BucketPolicy": "Bucket",
    "AWS::SNS::TopicPolicy": "Topics.0", "AWS::SQS::QueuePolicy": "Queues.0",
}  # fmt: skip
"""Type -> the property with its parent: if an audit shows only the parent, the resource no longer exists."""

SKIPPED: Final = _table({
    "AutoScaling::AutoScalingGroup": "DesiredCapacity",
    "EKS::Addon": "ResolveConflicts",
    "EKS::Cluster": "BootstrapSelfManagedAddons AccessConfig.BootstrapClusterCreatorAdminPermissions",
    "EKS::Nodegroup": "ScalingConfig.DesiredSize",
    "KMS::Key": "PendingWindowInDays",
    "SecurityHub::Hub": "EnableDefaultStandards",
})  # fmt: skip
"""Type -> properties that no call returns, or that change automatically, for example through autoscaling."""

MOVING: Final = frozenset({"DefaultVersionNumber", "LatestVersionNumber"})
"""Attributes that change after deployment."""

SECRET: Final = frozenset({"UserData", "Environment", "SecretString"})
"""Properties whose values reports must not print."""
