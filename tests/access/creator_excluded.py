"""Permissions that the handlers' schemas list for what the library's stacks never use, and why.

The schemas list what a handler may need for any value of any property. A pattern here says which property is not set
(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ has a page for each type), or what is no
action of IAM.
"""

NEVER_NEEDED = {
    "chatbot:*ToConfiguration": "CustomizationResourceArns is not set: the chats have no custom actions",
    "chatbot:*FromConfiguration": "CustomizationResourceArns is not set: the chats have no custom actions",
    "ec2:AcceptAddressTransfer": "EIP.TransferAddress is not set: addresses are allocated",
    "ec2:AllocateIpamPoolCidr": "VPCCidrBlock.Ipv4IpamPoolId is not set: ranges are written out",
    "ec2:*PrivateNatGatewayAddress": "NatGateway.SecondaryAllocationIds is not set: one address each",
    "ec2:*NatGatewayAddress": "NatGateway.SecondaryAllocationIds is not set: one address each",
    "ec2:*IamInstanceProfile*": "Instance.IamInstanceProfile is not set: the launch template names it",
    "ec2:*Volume": "Instance.Volumes is not set",
    "ec2:*VpnGateway": "VPCGatewayAttachment.VpnGatewayId is not set",
    "ec2:ModifyInstanceCreditSpecification": "Instance.CreditSpecification is not set",
    "ec2:ModifyInstanceMaintenanceOptions": "Instance has no maintenance options",
    "ec2:ModifyInstancePlacement": "Instance.Tenancy and PlacementGroupName are not set",
    "ec2:ModifyPrivateDnsNameOptions": "Instance.PrivateDnsNameOptions is not set",
    "eks:ActivateCertificateAuthority": "Cluster.ActiveCertificateAuthorityId is not set: people rotate authorities",
    "autoscaling:*LoadBalancer*": "AutoScalingGroup.LoadBalancerNames and TargetGroupARNs are not set",
    "autoscaling:*TrafficSources": "AutoScalingGroup.TrafficSources is not set",
    "autoscaling:*NotificationConfiguration": "AutoScalingGroup.NotificationConfigurations is not set: a rule tells",
    "autoscaling:*InstanceRefresh": "AutoScalingGroup has no UpdatePolicy: nodes are replaced by their lifetime",
    "autoscaling:*Processes": "AutoScalingGroup has no UpdatePolicy",
    "elasticloadbalancing:*": "AutoScalingGroup.LoadBalancerNames and TargetGroupARNs are not set",
    "managed-fleets:*": "no action of IAM's reference",
    "elasticfilesystem:*": "Function.FileSystemConfigs is not set",
    "s3files:*": "Function.FileSystemConfigs is not set",
    "firehose:*": "flow and data protection logs go to CloudWatch Logs",
    "iam:*GroupPolicy": "ManagedPolicy.Groups is not set",
    "iam:*UserPolicy": "ManagedPolicy.Users is not set",
    "iam:TagInstanceProfile": "EKS makes instance profiles for Auto Mode only (Cluster.ComputeConfig)",
    "kms:Encrypt": "Function.KmsKeyArn is not set, but by Kubectl",
    "lambda:GetCodeSigningConfig": "Function.CodeSigningConfigArn is not set: the code is in the template",
    "lambda:PutFunctionCodeSigningConfig": "Function.CodeSigningConfigArn is not set",
    "lambda:DeleteFunctionCodeSigningConfig": "Function.CodeSigningConfigArn is not set",
    "lambda:AssociateRuntimeAlias": "no action of IAM",
    "lambda:GetLayerVersion": "Function.Layers is not set, but by Kubectl",
    "lambda:PassCapacityProvider": "Function.CapacityProviderConfig is not set",
    "lambda:PublishVersion": "Function.PublishToLatestPublished is not set",
    "lambda:PutFunctionRecursionConfig": "Function.RecursiveLoop is not set",
    "lambda:PutFunctionScalingConfig": "Function.FunctionScalingConfig is not set",
    "lambda:PutRuntimeManagementConfig": "Function.RuntimeManagementConfig is not set",
    "logs:PutIndexPolicy": "LogGroup.FieldIndexPolicies is not set",
    "logs:DeleteIndexPolicy": "LogGroup.FieldIndexPolicies is not set",
    "resolverquerylogging:*": "no action of IAM",
    "s3:*": "no flow logs in S3; Document.Attachments and, but by Kubectl, Function.Code.S3Bucket are not set",
    "sns:PutDataProtectionPolicy": "Topic.DataProtectionPolicy is not set",
    "ssm:CreateAssociation": "Instance.SsmAssociations is not set",
    "ssm:DeleteAssociation": "Instance.SsmAssociations is not set",
    "vpc-lattice:*": "VPCEndpoint.ServiceNetworkArn is not set",
    "vpce:AllowMultiRegion": "VPCEndpoint.ServiceRegion is not set",
}

NOT_OF_THIS_TYPE = {
    ("AWS::Lambda::Function", "kms:GenerateDataKey"): "Code.SourceKMSKeyArn is not set",
    ("AWS::ECR::RepositoryCreationTemplate", "ecr:SetRepositoryPolicy"): "RepositoryPolicy is not set",
    ("AWS::EC2::FlowLog", "iam:CreateServiceLinkedRole"): "LogDestinationType is cloud-watch-logs",
    ("AWS::EC2::FlowLog", "logs:*LogDelivery"): "LogDestinationType is cloud-watch-logs, written with a role",
    ("AWS::Logs::LogGroup", "logs:*LogDelivery"): "DataProtectionPolicy is not set",
    ("AWS::Logs::LogGroup", "logs:*ResourcePolicy"): "ResourcePolicyDocument is not set",
    ("AWS::EKS::Cluster", "iam:CreateInstanceProfile"): "Auto Mode only (ComputeConfig)",
    ("AWS::EKS::Cluster", "iam:AddRoleToInstanceProfile"): "Auto Mode only (ComputeConfig)",
    ("AWS::EKS::Cluster", "iam:GetInstanceProfile"): "Auto Mode only (ComputeConfig)",
    ("AWS::EKS::Cluster", "iam:DeleteInstanceProfile"): "Auto Mode only (ComputeConfig)",
    ("AWS::EKS::Cluster", "iam:RemoveRoleFromInstanceProfile"): "Auto Mode only (ComputeConfig)",
    ("AWS::EKS::Cluster", "eks:CreateAccessEntry"): "Auto Mode only (ComputeConfig.NodeRoleArn)",
    ("AWS::Lambda::Function", "kms:*"): "KmsKeyArn is not set",
    ("AWS::Lambda::Function", "s3:*"): "Code.ZipFile is set",
    ("AWS::SNS::Topic", "iam:PassRole"): "DeliveryStatusLogging is not set",
    ("AWS::SNS::Topic", "iam:GetRole"): "DeliveryStatusLogging is not set",
    ("AWS::SSM::Document", "iam:PassRole"): "the document is a Session document, which takes no role",
    ("AWS::Events::Connection", "kms:*"): "KmsKeyIdentifier is not set",
    ("AWS::SNS::Subscription", "iam:*"): "SubscriptionRoleArn is not set: nothing is delivered to Firehose",
    ("AWS::EC2::Instance", "iam:PassRole"): "the launch template's profile is passed at RunInstances, listed by hand",
    ("AWS::AutoScaling::AutoScalingGroup", "cloudwatch:PutMetricAlarm"): "no alarm belongs to an AutoScalingGroup",
    ("AWS::AutoScaling::AutoScalingGroup", "ec2:Get*"): "the overrides name types, not requirements",
    ("AWS::ECR::PullThroughCacheRule", "iam:PassRole"): "CustomRoleArn is not set",
}
"""By type and pattern: needed by another type, not by this one."""

OF_KUBECTL = {
    "AWS::Lambda::Function": frozenset({
        "kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "lambda:GetLayerVersion", "s3:GetObject",
    }),
    "AWS::Lambda::LayerVersion": frozenset({"lambda:GetLayerVersion", "s3:GetObject"}),
}  # fmt: skip
"""What functions with uploaded code need after all. ``s3:GetObjectVersion``: S3ObjectVersion is not set."""
