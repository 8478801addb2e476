"""What the role that creates clusters may do, by service; pure."""

PASSED_TO = (
    "eks.amazonaws.com",
    "ec2.amazonaws.com",
    "pods.eks.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
    "lambda.amazonaws.com",
    "ecr.amazonaws.com",
    "sns.amazonaws.com",
)
LINKED_ROLES = (
    "eks.amazonaws.com",
    "eks-nodegroup.amazonaws.com",
    "autoscaling.amazonaws.com",
    "spot.amazonaws.com",
    "ecr.amazonaws.com",
    "pullthroughcache.ecr.amazonaws.com",
    "replication.ecr.amazonaws.com",
    "inspector2.amazonaws.com",
    "route53resolver.amazonaws.com",
)
AWS_POLICIES = (
    "AmazonEKSClusterPolicy",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKS_CNI_Policy",
    "AmazonSSMManagedInstanceCore",
    "service-role/AmazonEBSCSIDriverPolicy*",
    "service-role/AWSLambdaBasicExecutionRole",
)
# What the CloudFormation handlers of the library's resource types call
# (the `handlers` of their schemas; tests/access/test_creator.py compares).
NETWORK = (
    "AllocateAddress", "AssociateAddress", "AssociateRouteTable", "AssociateSubnetCidrBlock", "AssociateVpcCidrBlock",
    "AttachInternetGateway", "AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress", "CreateFlowLogs",
    "CreateInternetGateway", "CreateLaunchTemplate", "CreateLaunchTemplateVersion", "CreateNatGateway", "CreateRoute",
    "CreateRouteTable", "CreateSecurityGroup", "CreateSubnet", "CreateTags", "CreateVpc", "CreateVpcEncryptionControl",
    "CreateVpcEndpoint", "DeleteFlowLogs", "DeleteInternetGateway", "DeleteLaunchTemplate", "DeleteNatGateway",
    "DeleteRoute", "DeleteRouteTable", "DeleteSecurityGroup", "DeleteSubnet", "DeleteTags", "DeleteVpc",
    "DeleteVpcEncryptionControl", "DeleteVpcEndpoints", "DetachInternetGateway", "DisassociateAddress",
    "DisassociateRouteTable", "DisassociateSubnetCidrBlock", "DisassociateVpcCidrBlock", "ModifySubnetAttribute",
    "ModifyVpcAttribute", "ModifyVpcEncryptionControl", "ModifyVpcEndpoint", "ModifyVpcTenancy", "ReleaseAddress",
    "ReplaceRoute", "ReplaceRouteTableAssociation", "RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress",
    "RunInstances", "StartInstances", "StopInstances", "TerminateInstances", "ModifyInstanceAttribute",
    "ModifyInstanceMetadataOptions", "MonitorInstances", "UnmonitorInstances",
    "UpdateSecurityGroupRuleDescriptionsEgress", "UpdateSecurityGroupRuleDescriptionsIngress",
)  # fmt: skip
ROLES = (
    "DeleteRole", "DeleteRolePolicy", "GetRole", "GetRolePolicy", "ListAttachedRolePolicies", "ListRolePolicies",
    "TagRole", "UntagRole", "UpdateAssumeRolePolicy", "UpdateRole", "UpdateRoleDescription",
)  # fmt: skip
PERMISSIONS = ("CreateRole", "PutRolePermissionsBoundary", "PutRolePolicy")
"""Give a role permissions, or room for them."""
ATTACHED = ("AttachRolePolicy", "DetachRolePolicy")
UNBOUND = ("DeleteRolePermissionsBoundary",)
POLICIES = (
    "CreatePolicy", "CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "GetPolicy", "GetPolicyVersion",
    "ListEntitiesForPolicy", "ListPolicyVersions", "TagPolicy", "UntagPolicy",
)  # fmt: skip
PROFILES = (
    "AddRoleToInstanceProfile", "CreateInstanceProfile", "DeleteInstanceProfile", "GetInstanceProfile",
    "RemoveRoleFromInstanceProfile", "TagInstanceProfile", "UntagInstanceProfile",
)  # fmt: skip
PROVIDERS = (
    "AddClientIDToOpenIDConnectProvider", "CreateOpenIDConnectProvider", "DeleteOpenIDConnectProvider",
    "GetOpenIDConnectProvider", "ListOpenIDConnectProviderTags", "RemoveClientIDFromOpenIDConnectProvider",
    "TagOpenIDConnectProvider", "UntagOpenIDConnectProvider", "UpdateOpenIDConnectProviderThumbprint",
)  # fmt: skip
CLUSTER = (
    "AssociateAccessPolicy", "CreateAccessEntry", "CreateAddon", "CreateNodegroup",
    "CreatePodIdentityAssociation", "DeleteAccessEntry", "DeleteAddon", "DeleteCluster", "DeleteNodegroup",
    "DeletePodIdentityAssociation", "DescribeAccessEntry", "DescribeAddon",
    "DescribeCluster", "DescribeNodegroup", "DescribePodIdentityAssociation", "DescribeUpdate",
    "DisassociateAccessPolicy", "ListAccessEntries", "ListAddons", "ListAssociatedAccessPolicies", "ListNodegroups",
    "ListPodIdentityAssociations", "ListUpdates", "TagResource", "UntagResource", "UpdateAccessEntry", "UpdateAddon",
    "UpdateClusterConfig", "UpdateClusterVersion", "UpdateNodegroupConfig", "UpdateNodegroupVersion",
    "UpdatePodIdentityAssociation",
)  # fmt: skip
UNNAMED = (
    "eks:CreateCluster", "eks:DescribeAddonConfiguration", "logs:CreateLogDelivery", "logs:DeleteIndexPolicy",
    "logs:DeleteLogDelivery", "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutIndexPolicy",
    "logs:PutResourcePolicy", "logs:UpdateLogDelivery", "route53resolver:GetResolverQueryLogConfigAssociation",
    "route53resolver:ListResolverQueryLogConfigAssociations", "route53resolver:ListResolverQueryLogConfigs",
)  # fmt: skip
"""A statement on ARNs would not match them: the service authorization reference knows no resource of theirs."""
KEYS = (
    "CreateGrant", "DescribeKey", "DisableKey", "DisableKeyRotation", "EnableKey", "EnableKeyRotation",
    "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags", "PutKeyPolicy",
    "RetireGrant", "ScheduleKeyDeletion", "TagResource", "UntagResource", "UpdateKeyDescription",
)  # fmt: skip
KEY_USE = ("Decrypt", "Encrypt", "GenerateDataKey")
"""Only through the services that encrypt on behalf of the stack."""
LOGS = (
    "AssociateKmsKey", "CreateLogGroup", "DeleteDataProtectionPolicy", "DeleteLogGroup",
    "DeleteRetentionPolicy", "DisassociateKmsKey", "GetDataProtectionPolicy", "ListTagsForResource",
    "PutBearerTokenAuthentication", "PutDataProtectionPolicy", "PutLogGroupDeletionProtection",
    "PutRetentionPolicy", "TagResource", "UntagResource",
)  # fmt: skip
REPOSITORIES = (
    "CreateRepository", "DeleteLifecyclePolicy", "DeleteRepository", "DeleteRepositoryPolicy", "DescribeRepositories",
    "GetLifecyclePolicy", "GetRepositoryPolicy", "ListTagsForResource", "PutImageScanningConfiguration",
    "PutImageTagMutability", "PutLifecyclePolicy", "SetRepositoryPolicy", "TagResource", "UntagResource",
)  # fmt: skip
REGISTRY = (
    "CreatePullThroughCacheRule", "CreateRepositoryCreationTemplate", "DeletePullThroughCacheRule",
    "DeleteRegistryPolicy", "DeleteRepositoryCreationTemplate", "DeleteSigningConfiguration",
    "DescribePullThroughCacheRules", "DescribeRegistry", "DescribeRepositoryCreationTemplates", "GetRegistryPolicy",
    "GetRegistryScanningConfiguration", "GetSigningConfiguration", "PutRegistryPolicy",
    "PutRegistryScanningConfiguration", "PutReplicationConfiguration", "PutSigningConfiguration",
    "UpdateRepositoryCreationTemplate",
)  # fmt: skip
RULES = (
    "DeleteRule", "DescribeRule", "ListTagsForResource", "ListTargetsByRule", "PutRule", "PutTargets", "RemoveTargets",
    "TagResource", "UntagResource",
)  # fmt: skip
TOPICS = (
    "CreateTopic", "DeleteTopic", "GetDataProtectionPolicy", "GetTopicAttributes", "ListSubscriptionsByTopic",
    "ListTagsForResource", "SetTopicAttributes", "Subscribe", "TagResource", "Unsubscribe", "UntagResource",
)  # fmt: skip
QUEUES = (
    "CreateQueue", "DeleteQueue", "GetQueueAttributes", "GetQueueUrl", "ListQueueTags", "SetQueueAttributes",
    "TagQueue", "UntagQueue",
)  # fmt: skip
FUNCTIONS = (
    "CreateFunction", "DeleteFunction", "DeleteFunctionConcurrency", "GetFunction", "GetFunctionCodeSigningConfig",
    "GetFunctionRecursionConfig", "GetFunctionScalingConfig", "GetRuntimeManagementConfig", "InvokeFunction",
    "PutFunctionConcurrency", "TagResource", "UntagResource", "UpdateFunctionCode", "UpdateFunctionConfiguration",
)  # fmt: skip
RESOLVER = (
    "AssociateFirewallRuleGroup", "AssociateResolverQueryLogConfig", "CreateFirewallDomainList", "CreateFirewallRule",
    "CreateFirewallRuleGroup", "CreateResolverQueryLogConfig", "DeleteFirewallDomainList", "DeleteFirewallRule",
    "DeleteFirewallRuleGroup", "DeleteResolverQueryLogConfig", "DisassociateFirewallRuleGroup",
    "DisassociateResolverQueryLogConfig", "GetFirewallDomainList", "GetFirewallRuleGroup",
    "GetFirewallRuleGroupAssociation", "GetResolverQueryLogConfig",
    "ImportFirewallDomains", "ListFirewallRules",
    "ListTagsForResource", "TagResource", "UntagResource", "UpdateFirewallDomains",
    "UpdateFirewallRule", "UpdateFirewallRuleGroupAssociation",
)  # fmt: skip
