"""The actions of the creator role by service, as constants.

Each action is called by a CloudFormation handler of the library's resource types (the `handlers` of their schemas) or
by a service with the caller's permissions. tests/access/creator_calls.py lists the calls with their sources.
"""

PASSED_TO = (
    "eks.amazonaws.com",
    "ec2.amazonaws.com",
    "pods.eks.amazonaws.com",
    "eks-fargate-pods.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
    "lambda.amazonaws.com",
    "ecr.amazonaws.com",
    "sns.amazonaws.com",
    "chatbot.amazonaws.com",
    "events.amazonaws.com",
    "cloudwatch.amazonaws.com",
    "logs.amazonaws.com",
    "scheduler.amazonaws.com",
    "states.amazonaws.com",
)
LINKED_ROLES = (
    "eks.amazonaws.com",
    "eks-nodegroup.amazonaws.com",
    "eks-fargate.amazonaws.com",
    "autoscaling.amazonaws.com",
    "spot.amazonaws.com",
    "ecr.amazonaws.com",
    "pullthroughcache.ecr.amazonaws.com",
    "replication.ecr.amazonaws.com",
    "inspector2.amazonaws.com",
    "route53resolver.amazonaws.com",
    "apidestinations.events.amazonaws.com",
    "management.chatbot.amazonaws.com",
)
SEEN_LINKED_ROLES = LINKED_ROLES[:5]
"""EKS checks with the caller's permissions whether these roles exist."""
AWS_POLICIES = (
    "AmazonEKSClusterPolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
    "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKS_CNI_Policy",
    "AmazonEKSFargatePodExecutionRolePolicy",
    "AmazonSSMManagedInstanceCore",
    "service-role/AWSLambdaBasicExecutionRole",
)
KUBECTL_POLICIES = ("service-role/AWSLambdaENIManagementAccess",)

# EC2 applies a condition on request tags to every resource of the call, including existing ones. A statement with such
# a condition must therefore not name a type that one of its actions also takes as an existing resource.
NEW = (
    "AllocateAddress", "CreateInternetGateway", "CreateLaunchTemplate", "CreateRouteTable", "CreateSecurityGroup",
    "CreateSubnet",
)  # fmt: skip
NEW_TYPES = ("elastic-ip", "internet-gateway", "launch-template", "route-table", "security-group", "subnet")
NEW_PARTS = ("CreateFlowLogs", "CreateVpcEncryptionControl", "CreateVpcEndpoint")
NEW_PARTS_TYPES = ("vpc-encryption-control", "vpc-endpoint", "vpc-flow-log")
IN_OWN = (
    "CreateFlowLogs", "CreateNatGateway", "CreateRouteTable", "CreateSecurityGroup", "CreateSubnet",
    "CreateVpcEncryptionControl", "CreateVpcEndpoint",
)  # fmt: skip
"""Create a resource in an existing VPC, subnet or group."""
NETWORK = (
    "AssociateAddress", "AssociateRouteTable", "AssociateSubnetCidrBlock", "AssociateVpcCidrBlock",
    "AttachInternetGateway", "AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress",
    "CreateLaunchTemplateVersion", "CreateRoute", "DeleteFlowLogs", "DeleteInternetGateway", "DeleteLaunchTemplate",
    "DeleteNatGateway", "DeleteRoute", "DeleteRouteTable", "DeleteSecurityGroup", "DeleteSubnet", "DeleteTags",
    "DeleteVpc", "DeleteVpcEncryptionControl", "DeleteVpcEndpoints", "DetachInternetGateway", "DisassociateAddress",
    "DisassociateRouteTable", "DisassociateSubnetCidrBlock", "DisassociateVpcCidrBlock", "ModifySubnetAttribute",
    "ModifyVpcAttribute", "ModifyVpcEncryptionControl", "ModifyVpcEndpoint", "ModifyVpcTenancy", "ReleaseAddress",
    "ReplaceRoute", "ReplaceRouteTableAssociation", "RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress",
    "UpdateSecurityGroupRuleDescriptionsEgress", "UpdateSecurityGroupRuleDescriptionsIngress",
)  # fmt: skip
"""Change or delete existing resources."""
LENT = ("CreateSecurityGroup", "CreateVpcEndpoint", "ModifyVpcEndpoint", "RunInstances")
"""Actions in a VPC that another account shares, whose tags this account cannot see."""
RULES_OF_GROUPS = ("AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress")
TAGGING = (*NEW, *NEW_PARTS, "CreateNatGateway", "CreateVpc", "RunInstances")
"""Calls that may tag what they create."""
HOSTS = (
    "ModifyInstanceAttribute", "ModifyInstanceMetadataOptions", "MonitorInstances", "StartInstances", "StopInstances",
    "TerminateInstances", "UnmonitorInstances",
)  # fmt: skip

SCALING = (
    "CreateAutoScalingGroup", "CreateOrUpdateTags", "DeleteAutoScalingGroup", "DeleteLifecycleHook",
    "DeleteScheduledAction", "DeleteTags", "DisableMetricsCollection", "EnableMetricsCollection", "PutLifecycleHook",
    "PutScheduledUpdateGroupAction", "UpdateAutoScalingGroup",
)  # fmt: skip
"""Groups of self-managed nodes, by the names that CloudFormation gives them."""

ROLES = (
    "DeleteRole", "DeleteRolePolicy", "GetRole", "GetRolePolicy", "ListAttachedRolePolicies", "ListRolePolicies",
    "TagRole", "UntagRole", "UpdateAssumeRolePolicy", "UpdateRole", "UpdateRoleDescription",
)  # fmt: skip
PERMISSIONS = ("CreateRole", "PutRolePermissionsBoundary", "PutRolePolicy")
"""Give a role permissions, or raise its limits."""
ATTACHED = ("AttachRolePolicy", "DetachRolePolicy")
UNBOUND = ("DeleteRolePermissionsBoundary",)
POLICIES = (
    "CreatePolicy", "CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "GetPolicy", "GetPolicyVersion",
    "ListEntitiesForPolicy", "ListPolicyVersions",
)  # fmt: skip
PROFILES = (
    "AddRoleToInstanceProfile", "CreateInstanceProfile", "DeleteInstanceProfile", "GetInstanceProfile",
    "RemoveRoleFromInstanceProfile",
)  # fmt: skip
PROVIDERS = (
    "AddClientIDToOpenIDConnectProvider", "CreateOpenIDConnectProvider", "DeleteOpenIDConnectProvider",
    "GetOpenIDConnectProvider", "ListOpenIDConnectProviderTags", "RemoveClientIDFromOpenIDConnectProvider",
    "TagOpenIDConnectProvider", "UntagOpenIDConnectProvider", "UpdateOpenIDConnectProviderThumbprint",
)  # fmt: skip

CLUSTER = (
    "CreateAddon", "CreateFargateProfile", "CreateNodegroup", "CreatePodIdentityAssociation", "DeleteAddon",
    "DeleteCluster", "DeleteFargateProfile", "DeleteNodegroup", "DeletePodIdentityAssociation", "DescribeAddon",
    "DescribeCluster", "DescribeFargateProfile", "DescribeNodegroup", "DescribePodIdentityAssociation",
    "DescribeUpdate", "ListUpdates", "TagResource", "UntagResource", "UpdateAddon", "UpdateClusterConfig",
    "UpdateClusterVersion", "UpdateNodegroupConfig", "UpdateNodegroupVersion", "UpdatePodIdentityAssociation",
)  # fmt: skip
CLUSTER_TYPES = ("access-entry", "addon", "cluster", "fargateprofile", "nodegroup", "podidentityassociation")
IDENTITY_PROVIDERS = (
    "DescribeIdentityProviderConfig", "DisassociateIdentityProviderConfig", "TagResource", "UntagResource",
)  # fmt: skip
"""Actions on the resource that `IdentityProvider` creates."""
ENTRIES = (
    "DeleteAccessEntry", "DescribeAccessEntry", "DisassociateAccessPolicy", "ListAssociatedAccessPolicies",
)  # fmt: skip
EVERYTHING = ("AmazonEKSClusterAdminPolicy", "AWSBackupFullAccess*")
"""Access policies with all rights in a cluster, or with all rights that a backup needs."""
LOGS = (
    "AssociateKmsKey", "CreateLogGroup", "DeleteDataProtectionPolicy", "DeleteLogGroup", "DeleteMetricFilter",
    "DescribeMetricFilters",
    "DeleteRetentionPolicy", "DisassociateKmsKey", "GetDataProtectionPolicy", "ListTagsForResource",
    "PutBearerTokenAuthentication", "PutDataProtectionPolicy", "PutLogGroupDeletionProtection", "PutMetricFilter",
    "PutRetentionPolicy", "TagResource", "UntagResource",
)  # fmt: skip
LOGS_SEEN = ("DescribeIndexPolicies", "DescribeLogGroups", "DescribeResourcePolicies")
PARAMETERS = (
    "AddTagsToResource", "DeleteParameter", "GetParameters", "ListTagsForResource", "PutParameter",
    "RemoveTagsFromResource",
)  # fmt: skip
"""Actions on the stores of Karpenter's objects."""
DOCUMENTS = (
    "AddTagsToResource", "CreateDocument", "DeleteDocument", "DescribeDocument", "GetDocument", "ListTagsForResource",
    "RemoveTagsFromResource", "UpdateDocument", "UpdateDocumentDefaultVersion",
)  # fmt: skip
FUNCTIONS = (
    "CreateFunction", "DeleteFunction", "DeleteFunctionConcurrency", "GetFunction", "GetFunctionCodeSigningConfig",
    "GetFunctionRecursionConfig", "GetFunctionScalingConfig", "GetRuntimeManagementConfig", "InvokeFunction",
    "PutFunctionConcurrency", "TagResource", "UntagResource", "UpdateFunctionCode", "UpdateFunctionConfiguration",
)  # fmt: skip
PERMITTED = ("AddPermission", "GetPolicy", "RemovePermission")
"""Actions that let other principals call a function of the stacks."""
LAYERS = ("DeleteLayerVersion", "GetLayerVersion", "PublishLayerVersion")

CONFIG_RULES = ("DeleteConfigRule", "PutConfigRule")
CONFIG_RULES_SEEN = ("DescribeComplianceByConfigRule", "DescribeConfigRules")

KEYS = (
    "CreateGrant", "DisableKey", "DisableKeyRotation", "EnableKey", "GetKeyPolicy", "GetKeyRotationStatus",
    "ListResourceTags", "PutKeyPolicy", "RetireGrant", "UntagResource", "UpdateKeyDescription",
)  # fmt: skip
ANY_KEY = ("DescribeKey", "EnableKeyRotation")
"""Harmless actions on any key. They follow its creation within seconds, when KMS may not see its tags yet."""
KEY_USE = ("Decrypt", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo")
"""Only through EC2, which encrypts the volumes of the admin host with the caller's permissions."""
VARIABLES_KEY_USE = ("Decrypt", "Encrypt")
"""Only through Lambda, which encrypts the variables of functions with the caller's permissions."""

REPOSITORIES = (
    "CreateRepository", "DeleteLifecyclePolicy", "DeleteRepository", "DeleteRepositoryPolicy", "DescribeRepositories",
    "GetLifecyclePolicy", "GetRepositoryPolicy", "ListTagsForResource", "PutImageScanningConfiguration",
    "PutImageTagMutability", "PutLifecyclePolicy", "SetRepositoryPolicy", "TagResource", "UntagResource",
)  # fmt: skip
TEMPLATE_PARTS = ("CreateRepository", "PutLifecyclePolicy")
"""ECR checks whether the caller itself may perform the actions of a creation template."""
REGISTRY = (
    "CreatePullThroughCacheRule", "CreateRepositoryCreationTemplate", "DeletePullThroughCacheRule",
    "DeleteRepositoryCreationTemplate", "DeleteSigningConfiguration", "DescribePullThroughCacheRules",
    "DescribeRegistry", "DescribeRepositoryCreationTemplates", "GetRegistryScanningConfiguration",
    "GetSigningConfiguration", "PutRegistryScanningConfiguration", "PutReplicationConfiguration",
    "PutSigningConfiguration", "UpdateRepositoryCreationTemplate",
)  # fmt: skip
RULES = (
    "DeleteRule", "DescribeRule", "ListTagsForResource", "ListTargetsByRule", "PutRule", "PutTargets", "RemoveTargets",
    "TagResource", "UntagResource",
)  # fmt: skip
TOPICS = (
    "CreateTopic", "DeleteTopic", "GetDataProtectionPolicy", "GetSubscriptionAttributes", "GetTopicAttributes",
    "ListSubscriptionsByTopic", "ListTagsForResource", "SetSubscriptionAttributes", "SetTopicAttributes", "Subscribe",
    "TagResource", "Unsubscribe", "UntagResource",
)  # fmt: skip
ALARMS = ("DeleteAlarms", "ListTagsForResource", "PutLogAlarm", "PutMetricAlarm", "TagResource", "UntagResource")
ENDPOINTS = (
    "CreateApiDestination", "CreateConnection", "DeleteApiDestination", "DeleteConnection", "DescribeApiDestination",
    "DescribeConnection", "UpdateApiDestination", "UpdateConnection",
)  # fmt: skip
CONNECTION_SECRETS = ("CreateSecret", "GetSecretValue", "PutSecretValue", "UpdateSecret")
"""EventBridge stores a connection's secrets in its own secret, which it writes with the caller's permissions."""
CHATS = (
    "DeleteMicrosoftTeamsChannelConfiguration", "DeleteSlackChannelConfiguration", "ListAssociations", "TagResource",
    "UntagResource", "UpdateMicrosoftTeamsChannelConfiguration", "UpdateSlackChannelConfiguration",
)  # fmt: skip
NEW_CHATS = (
    "CreateMicrosoftTeamsChannelConfiguration", "CreateSlackChannelConfiguration",
    "DescribeSlackChannelConfigurations", "GetMicrosoftTeamsChannelConfiguration", "ListTagsForResource",
)  # fmt: skip
QUEUES = (
    "CreateQueue", "DeleteQueue", "GetQueueAttributes", "GetQueueUrl", "ListQueueTags", "SetQueueAttributes",
    "TagQueue", "UntagQueue",
)  # fmt: skip

RESOLVER_TYPES = (
    "firewall-domain-list", "firewall-rule-group", "firewall-rule-group-association", "resolver-query-log-config",
)  # fmt: skip
NEW_RESOLVER = (
    "AssociateFirewallRuleGroup", "CreateFirewallDomainList", "CreateFirewallRuleGroup", "CreateResolverQueryLogConfig",
)  # fmt: skip
RESOLVER = (
    "AssociateResolverQueryLogConfig", "CreateFirewallRule", "DeleteFirewallDomainList", "DeleteFirewallRule",
    "DeleteFirewallRuleGroup", "DeleteResolverQueryLogConfig", "DisassociateFirewallRuleGroup",
    "DisassociateResolverQueryLogConfig", "GetFirewallDomainList", "GetFirewallRuleGroup",
    "GetFirewallRuleGroupAssociation", "GetResolverQueryLogConfig", "ImportFirewallDomains", "ListFirewallRules",
    "ListTagsForResource", "UntagResource", "UpdateFirewallDomains", "UpdateFirewallRule",
    "UpdateFirewallRuleGroupAssociation",
)  # fmt: skip
QUERY_LOGS = (
    "GetResolverQueryLogConfigAssociation", "ListResolverQueryLogConfigAssociations", "ListResolverQueryLogConfigs",
)  # fmt: skip
DELIVERIES = (
    "CreateLogDelivery", "DeleteLogDelivery", "GetLogDelivery", "ListLogDeliveries", "PutResourcePolicy",
    "UpdateLogDelivery",
)  # fmt: skip
"""Resolver sets up the delivery of a query log in CloudWatch Logs with the caller's permissions."""

ACTIVITIES = (
    "CreateActivity", "DeleteActivity", "DescribeActivity", "ListTagsForResource", "TagResource", "UntagResource",
)  # fmt: skip
MACHINES = (
    "CreateStateMachine", "DeleteStateMachine", "DescribeStateMachine", "ListTagsForResource", "TagResource",
    "UntagResource", "UpdateStateMachine",
)  # fmt: skip
SCHEDULES = ("CreateSchedule", "DeleteSchedule", "GetSchedule", "UpdateSchedule")
DASHBOARDS = (
    "DeleteDashboards", "GetDashboard", "ListTagsForResource", "PutDashboard", "TagResource", "UntagResource",
)  # fmt: skip
CONTRIBUTORS = ("DeleteInsightRules", "ListTagsForResource", "PutInsightRule", "TagResource", "UntagResource")
ARCHIVES = ("CreateArchive", "DeleteArchive", "DescribeArchive", "UpdateArchive")
SAVED_QUERIES = (
    "DeleteQueryDefinition", "DeleteResourcePolicy", "DescribeQueryDefinitions", "PutQueryDefinition",
)  # fmt: skip
SCHEDULED_QUERIES = (
    "CreateScheduledQuery", "DeleteScheduledQuery", "GetScheduledQuery", "ListTagsForResource", "TagResource",
    "UntagResource", "UpdateScheduledQuery",
)  # fmt: skip
KEY_USE_BY_SERVICES = ("Decrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo")
"""Only through EventBridge, its Scheduler and Step Functions, which encrypt with the caller's permissions."""
