"""What EC2, IAM and others check a call for, from the service authorization reference.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""

from hardened_eks.data.addons import ADDONS
from tests.access.creator_stacks import REGION, arn, iam_arn

KINDS = {
    "vpc": "AWS::EC2::VPC", "subnet": "AWS::EC2::Subnet", "route-table": "AWS::EC2::RouteTable",
    "security-group": "AWS::EC2::SecurityGroup", "launch-template": "AWS::EC2::LaunchTemplate",
    "vpc-endpoint": "AWS::EC2::VPCEndpoint", "vpc-flow-log": "AWS::EC2::FlowLog",
    "vpc-encryption-control": "AWS::EC2::VPCEncryptionControl", "internet-gateway": "AWS::EC2::InternetGateway",
    "natgateway": "AWS::EC2::NatGateway", "elastic-ip": "AWS::EC2::EIP", "instance": "AWS::EC2::Instance",
}  # fmt: skip
"""CloudFormation type by EC2's resource type."""
EC2: dict[str, tuple[str, tuple[str, ...]]] = {
    # created, and in what
    "CreateVpc": ("vpc", ()),
    "CreateSubnet": ("subnet", ("vpc",)),
    "CreateRouteTable": ("route-table", ("vpc",)),
    "CreateSecurityGroup": ("security-group", ("vpc",)),
    "CreateLaunchTemplate": ("launch-template", ()),
    "CreateVpcEndpoint": ("vpc-endpoint", ("vpc", "subnet", "route-table", "security-group")),
    "CreateFlowLogs": ("vpc-flow-log", ("vpc",)),
    "CreateVpcEncryptionControl": ("vpc-encryption-control", ("vpc",)),
    "CreateInternetGateway": ("internet-gateway", ()),
    "CreateNatGateway": ("natgateway", ("subnet", "elastic-ip", "vpc")),
    "AllocateAddress": ("elastic-ip", ()),
    "AuthorizeSecurityGroupEgress": ("security-group-rule", ("security-group",)),
    "AuthorizeSecurityGroupIngress": ("security-group-rule", ("security-group",)),
    # changed or deleted
    "RevokeSecurityGroupEgress": ("", ("security-group",)),
    "RevokeSecurityGroupIngress": ("", ("security-group",)),
    "UpdateSecurityGroupRuleDescriptionsEgress": ("", ("security-group",)),
    "UpdateSecurityGroupRuleDescriptionsIngress": ("", ("security-group",)),
    "DeleteSecurityGroup": ("", ("security-group",)),
    "AssociateRouteTable": ("", ("route-table", "subnet")),
    "DisassociateRouteTable": ("", ("route-table", "subnet")),
    "ReplaceRouteTableAssociation": ("", ("route-table", "subnet")),
    "CreateRoute": ("", ("route-table",)),
    "DeleteRoute": ("", ("route-table",)),
    "ReplaceRoute": ("", ("route-table",)),
    "DeleteRouteTable": ("", ("route-table",)),
    "AssociateSubnetCidrBlock": ("", ("subnet",)),
    "DisassociateSubnetCidrBlock": ("", ("subnet",)),
    "ModifySubnetAttribute": ("", ("subnet",)),
    "DeleteSubnet": ("", ("subnet",)),
    "AssociateVpcCidrBlock": ("", ("vpc",)),
    "DisassociateVpcCidrBlock": ("", ("vpc",)),
    "ModifyVpcAttribute": ("", ("vpc",)),
    "ModifyVpcTenancy": ("", ("vpc",)),
    "DeleteVpc": ("", ("vpc",)),
    "ModifyVpcEncryptionControl": ("", ("vpc-encryption-control",)),
    "DeleteVpcEncryptionControl": ("", ("vpc-encryption-control",)),
    "ModifyVpcEndpoint": ("", ("vpc-endpoint", "route-table", "security-group", "subnet")),
    "DeleteVpcEndpoints": ("", ("vpc-endpoint",)),
    "DeleteFlowLogs": ("", ("vpc-flow-log",)),
    "AttachInternetGateway": ("", ("internet-gateway", "vpc")),
    "DetachInternetGateway": ("", ("internet-gateway", "vpc")),
    "DeleteInternetGateway": ("", ("internet-gateway",)),
    "DeleteNatGateway": ("", ("natgateway",)),
    "AssociateAddress": ("", ("elastic-ip",)),
    "DisassociateAddress": ("", ("elastic-ip",)),
    "ReleaseAddress": ("", ("elastic-ip",)),
    "CreateLaunchTemplateVersion": ("", ("launch-template",)),
    "DeleteLaunchTemplate": ("", ("launch-template",)),
    "ModifyInstanceAttribute": ("", ("instance",)),
    "ModifyInstanceMetadataOptions": ("", ("instance",)),
    "MonitorInstances": ("", ("instance",)),
    "UnmonitorInstances": ("", ("instance",)),
    "StartInstances": ("", ("instance",)),
    "StopInstances": ("", ("instance",)),
    "TerminateInstances": ("", ("instance",)),
}
"""By action: the type it creates, and the types of what must exist."""
CREATED_BY = {
    "AWS::EC2::VPC": "CreateVpc", "AWS::EC2::Subnet": "CreateSubnet", "AWS::EC2::RouteTable": "CreateRouteTable",
    "AWS::EC2::SecurityGroup": "CreateSecurityGroup", "AWS::EC2::LaunchTemplate": "CreateLaunchTemplate",
    "AWS::EC2::VPCEndpoint": "CreateVpcEndpoint", "AWS::EC2::FlowLog": "CreateFlowLogs",
    "AWS::EC2::VPCEncryptionControl": "CreateVpcEncryptionControl", "AWS::EC2::EIP": "AllocateAddress",
    "AWS::EC2::InternetGateway": "CreateInternetGateway", "AWS::EC2::NatGateway": "CreateNatGateway",
    "AWS::EC2::Instance": "RunInstances",
}  # fmt: skip
TAGS = frozenset(CREATED_BY.values())
"""Actions that take tags for what they create."""

RESOLVER = {
    "firewall-domain-list": "AWS::Route53Resolver::FirewallDomainList",
    "firewall-rule-group": "AWS::Route53Resolver::FirewallRuleGroup",
    "firewall-rule-group-association": "AWS::Route53Resolver::FirewallRuleGroupAssociation",
    "resolver-query-log-config": "AWS::Route53Resolver::ResolverQueryLoggingConfig",
}
"""CloudFormation type by Resolver's resource type."""
NEW_IN_RESOLVER = frozenset({
    "AssociateFirewallRuleGroup", "CreateFirewallDomainList", "CreateFirewallRuleGroup", "CreateResolverQueryLogConfig",
})  # fmt: skip
NO_RESOURCE_IN_RESOLVER = frozenset({
    "GetResolverQueryLogConfigAssociation", "ListResolverQueryLogConfigAssociations", "ListResolverQueryLogConfigs",
})  # fmt: skip

NO_RESOURCE_IN_CHATBOT = frozenset({
    "CreateMicrosoftTeamsChannelConfiguration", "CreateSlackChannelConfiguration",
    "DescribeSlackChannelConfigurations", "GetMicrosoftTeamsChannelConfiguration",
    "ListMicrosoftTeamsChannelConfigurations", "ListTagsForResource",
})  # fmt: skip

LINKED = {
    "AWS::EKS::Cluster": ("eks.amazonaws.com",),
    # https://docs.aws.amazon.com/eks/latest/userguide/using-service-linked-roles-eks-nodegroups.html
    "AWS::EKS::Nodegroup": (
        "eks.amazonaws.com", "eks-nodegroup.amazonaws.com", "autoscaling.amazonaws.com", "spot.amazonaws.com",
    ),
    "AWS::EKS::FargateProfile": ("eks-fargate.amazonaws.com",),
    "AWS::AutoScaling::AutoScalingGroup": ("autoscaling.amazonaws.com", "spot.amazonaws.com"),
    "AWS::ECR::RepositoryCreationTemplate": ("ecr.amazonaws.com",),
    "AWS::ECR::PullThroughCacheRule": ("pullthroughcache.ecr.amazonaws.com",),
    "AWS::ECR::ReplicationConfiguration": ("replication.ecr.amazonaws.com",),
    "AWS::ECR::RegistryScanningConfiguration": ("inspector2.amazonaws.com",),
    "AWS::Route53Resolver::ResolverQueryLoggingConfig": ("route53resolver.amazonaws.com",),
    "AWS::Events::Connection": ("apidestinations.events.amazonaws.com",),
    "AWS::Chatbot::SlackChannelConfiguration": ("management.chatbot.amazonaws.com",),
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration": ("management.chatbot.amazonaws.com",),
}  # fmt: skip
"""Service-linked roles that a handler makes, or looks for."""
PASSED = {
    "AWS::EKS::Cluster": ("eks.amazonaws.com",),
    "AWS::EKS::Nodegroup": ("eks.amazonaws.com", "ec2.amazonaws.com"),
    "AWS::EKS::FargateProfile": ("eks.amazonaws.com", "eks-fargate-pods.amazonaws.com"),
    "AWS::AutoScaling::AutoScalingGroup": ("ec2.amazonaws.com",),
    "AWS::EKS::Addon": ("eks.amazonaws.com", "pods.eks.amazonaws.com"),
    "AWS::EKS::PodIdentityAssociation": ("pods.eks.amazonaws.com",),
    "AWS::EC2::FlowLog": ("vpc-flow-logs.amazonaws.com",),
    "AWS::Lambda::Function": ("lambda.amazonaws.com",),
    "AWS::ECR::RepositoryCreationTemplate": ("ecr.amazonaws.com",),
    "AWS::IAM::InstanceProfile": ("ec2.amazonaws.com",),
    "AWS::Events::Rule": ("events.amazonaws.com",),
    "AWS::Chatbot::SlackChannelConfiguration": ("chatbot.amazonaws.com",),
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration": ("chatbot.amazonaws.com",),
    "AWS::StepFunctions::StateMachine": ("states.amazonaws.com",),
    "AWS::Scheduler::Schedule": ("scheduler.amazonaws.com",),
    "AWS::CloudWatch::LogAlarm": ("cloudwatch.amazonaws.com", "logs.amazonaws.com"),
}
"""Whom a handler hands a role to."""

ENCRYPTS = {
    "AWS::StepFunctions::StateMachine": "states", "AWS::Events::Archive": "events", "AWS::Scheduler::Schedule": "scheduler",
}  # fmt: skip
"""The service that uses a key with the caller's rights, by the type whose handler lists the use."""

_EBS = {"kms:ViaService": f"ec2.{REGION}.amazonaws.com"}
_EBS_SOURCE = "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html"
_HOST = frozenset({"AWS::EC2::Instance", "AWS::KMS::Key"})
_ANY: frozenset[str] = frozenset()
_PARAMETERS = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html"
)
_POLICIES = {
    name: "hardened_eks/data/addons.json: add_addon attaches it" for a in ADDONS.values() for name in a.policies
}
_POLICIES["service-role/AWSLambdaBasicExecutionRole"] = "the CDK's own custom resources, beside as_cdk_cluster"
BY_HAND = [
    ("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:HardenedEks-alerts/pagerduty-AbCdEf"), {},
     frozenset({"AWS::Events::Connection"}),
     "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html"),
    *(
        (f"iam:{action}", iam_arn("role/{stack}-Role"), {"iam:PolicyARN": f"arn:aws:iam::aws:policy/{name}"},
         frozenset({"AWS::EKS::Addon"}), source)
        for action in ("AttachRolePolicy", "DetachRolePolicy") for name, source in _POLICIES.items()
    ),
    *(
        (f"kms:{action}", arn("kms", "key/id"), {"kms:ViaService": f"scheduler.{REGION}.amazonaws.com"},
         frozenset({"AWS::Scheduler::Schedule"}),
         "https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html")
        for action in ("Decrypt", "GenerateDataKey")
    ),
    ("cloudformation:DescribeStacks", arn("cloudformation", "stack/{stack}/id"), {}, _ANY,
     "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html"),
    ("ssm:GetParameters", arn("ssm", "parameter/cdk-bootstrap/hnb659fds/version"), {}, _ANY, _PARAMETERS),
    ("ssm:GetParameter", arn("ssm", "parameter/cdk-bootstrap/hnb659fds/version"), {}, _ANY, _PARAMETERS),
    ("ssm:GetParameters", arn("ssm", "parameter/aws/service/ami-amazon-linux-latest/al2023", account=""), {}, _HOST,
     _PARAMETERS),
    ("route53:AssociateVPCWithHostedZone", "arn:aws:route53:::hostedzone/Z1", {}, frozenset({"AWS::EC2::VPCEndpoint"}),
     "https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html"),
    ("route53:AssociateVPCWithHostedZone", arn("ec2", "vpc/id"), {}, frozenset({"AWS::EC2::VPCEndpoint"}),
     "https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html"),
    ("lambda:InvokeFunction", arn("lambda", "function:{stack}-Function"), {}, frozenset({"AWS::Lambda::Function"}),
     "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources-lambda.html"),
    *(
        (f"kms:{action}", arn("kms", "key/id"), _EBS, _HOST, _EBS_SOURCE)
        for action in ("CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom",
                       "ReEncryptTo")
    ),
    *(
        (f"ec2:{action}", f"arn:aws:ec2:{REGION}:999999999999:{kind}/id", {"aws:ResourceAccount": "999999999999"},
         _ANY, "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html")
        for action, kinds in (("CreateSecurityGroup", ("vpc",)), ("RunInstances", ("subnet",)),
                              ("CreateVpcEndpoint", ("vpc", "subnet")), ("ModifyVpcEndpoint", ("subnet",)))
        for kind in kinds
    ),
]  # fmt: skip
"""Calls that no schema lists: action, resource, condition keys, only beside which types, source."""
