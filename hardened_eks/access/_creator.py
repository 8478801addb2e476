from __future__ import annotations

import re
from typing import Any

from aws_cdk import aws_iam as iam
from constructs import Construct

from hardened_eks import _aws
from hardened_eks._roles import document
from hardened_eks.errors import Problems

_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
_PASSED_TO = (
    "eks.amazonaws.com",
    "ec2.amazonaws.com",
    "pods.eks.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
    "lambda.amazonaws.com",
)
_LINKED_ROLES = ("eks.amazonaws.com", "eks-nodegroup.amazonaws.com", "autoscaling.amazonaws.com", "spot.amazonaws.com")
_AWS_POLICIES = (
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
_NETWORK = (
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
    "RunInstances", "TerminateInstances", "ModifyInstanceAttribute", "UpdateSecurityGroupRuleDescriptionsEgress",
    "UpdateSecurityGroupRuleDescriptionsIngress",
)  # fmt: skip
_ROLES = (
    "AttachRolePolicy", "CreateRole", "DeleteRole", "DeleteRolePermissionsBoundary", "DeleteRolePolicy",
    "DetachRolePolicy", "GetRole", "GetRolePolicy", "ListAttachedRolePolicies", "ListRolePolicies",
    "PutRolePermissionsBoundary", "PutRolePolicy", "TagRole", "UntagRole", "UpdateAssumeRolePolicy", "UpdateRole",
    "UpdateRoleDescription",
)  # fmt: skip
_POLICIES = (
    "CreatePolicy", "CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "GetPolicy", "GetPolicyVersion",
    "ListEntitiesForPolicy", "ListPolicyVersions", "TagPolicy", "UntagPolicy",
)  # fmt: skip
_PROFILES = (
    "AddRoleToInstanceProfile", "CreateInstanceProfile", "DeleteInstanceProfile", "GetInstanceProfile",
    "RemoveRoleFromInstanceProfile", "TagInstanceProfile", "UntagInstanceProfile",
)  # fmt: skip
_CLUSTER = (
    "AssociateAccessPolicy", "CreateAccessEntry", "CreateAddon", "CreateCluster", "CreateNodegroup",
    "CreatePodIdentityAssociation", "DeleteAccessEntry", "DeleteAddon", "DeleteCluster", "DeleteNodegroup",
    "DeletePodIdentityAssociation", "DescribeAccessEntry", "DescribeAddon", "DescribeAddonConfiguration",
    "DescribeCluster", "DescribeNodegroup", "DescribePodIdentityAssociation", "DescribeUpdate",
    "DisassociateAccessPolicy", "ListAccessEntries", "ListAddons", "ListAssociatedAccessPolicies", "ListNodegroups",
    "ListPodIdentityAssociations", "ListUpdates", "TagResource", "UntagResource", "UpdateAccessEntry", "UpdateAddon",
    "UpdateClusterConfig", "UpdateClusterVersion", "UpdateNodegroupConfig", "UpdateNodegroupVersion",
    "UpdatePodIdentityAssociation",
)  # fmt: skip
_KEYS = (
    "CreateGrant", "Decrypt", "DescribeKey", "DisableKey", "DisableKeyRotation", "EnableKey", "EnableKeyRotation",
    "Encrypt", "GenerateDataKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags", "PutKeyPolicy",
    "RetireGrant", "ScheduleKeyDeletion", "TagResource", "UntagResource", "UpdateKeyDescription",
)  # fmt: skip
_LOGS = (
    "AssociateKmsKey", "CreateLogGroup", "DeleteDataProtectionPolicy", "DeleteIndexPolicy", "DeleteLogGroup",
    "DeleteRetentionPolicy", "DisassociateKmsKey", "GetDataProtectionPolicy", "ListTagsForResource",
    "PutBearerTokenAuthentication", "PutDataProtectionPolicy", "PutIndexPolicy", "PutLogGroupDeletionProtection",
    "PutRetentionPolicy", "TagResource", "UntagResource", "DescribeIndexPolicies",
)  # fmt: skip
_REPOSITORIES = (
    "CreateRepository", "DeleteLifecyclePolicy", "DeleteRepository", "DeleteRepositoryPolicy", "DescribeRepositories",
    "GetLifecyclePolicy", "GetRepositoryPolicy", "ListTagsForResource", "PutImageScanningConfiguration",
    "PutImageTagMutability", "PutLifecyclePolicy", "SetRepositoryPolicy", "TagResource", "UntagResource",
)  # fmt: skip
_REGISTRY = (
    "CreatePullThroughCacheRule", "CreateRepositoryCreationTemplate", "DeletePullThroughCacheRule",
    "DeleteRegistryPolicy", "DeleteRepositoryCreationTemplate", "DeleteSigningConfiguration",
    "DescribePullThroughCacheRules", "DescribeRegistry", "DescribeRepositoryCreationTemplates", "GetRegistryPolicy",
    "GetRegistryScanningConfiguration", "GetSigningConfiguration", "PutRegistryPolicy",
    "PutRegistryScanningConfiguration", "PutReplicationConfiguration", "PutSigningConfiguration",
    "UpdateRepositoryCreationTemplate",
)  # fmt: skip
_FUNCTIONS = (
    "CreateFunction", "DeleteFunction", "DeleteFunctionConcurrency", "GetFunction", "GetFunctionCodeSigningConfig",
    "GetFunctionRecursionConfig", "GetRuntimeManagementConfig", "InvokeFunction", "PutFunctionConcurrency",
    "TagResource", "UntagResource", "UpdateFunctionCode", "UpdateFunctionConfiguration",
)  # fmt: skip

WILDCARDS = {
    "Describe": "EC2, logs, IAM and ECR list and describe calls know no resource",
    "Network": "ids of VPC resources are made by EC2; limited to the stack's region",
    "NewKeys": "kms:CreateKey and ListKeys know no resource",
    "Registry": "settings of the account's registry have no ARN of their own",
    "LinkedRoles": "the roles' names are AWS's; limited to the four services",
    "Scanning": "enhanced scanning switches Amazon Inspector on, which knows no resource",
}
"""Sid of each statement that names every resource, and why it cannot be narrower."""


class CreatorRole(Construct):
    """The CloudFormation execution role that creates clusters, so that no person and no shared admin role does.

    Only CloudFormation can take it. It can make and change roles and policies of the stacks' own name prefix alone,
    hand them only to the services that need them, and attach only the AWS policies that the library uses. Put it into a
    stack of its own, deployed once by whoever bootstraps the account, and name it in the app:
    ``cdk.DefaultStackSynthesizer(cloud_formation_execution_role=arn)``.
    """

    def __init__(
        self, scope: Construct, id: str, *, stack_prefix: str, role_name: str = "hardened-eks-creator"
    ) -> None:
        """Make the role.

        Args:
            scope: where it is made.
            id: construct id.
            stack_prefix: how the names of the stacks begin that it may create, for example ``HardenedEks``. Names of
                their roles and policies begin the same, since CloudFormation makes them from the stack's name.
            role_name: fixed, so that the app can name the role before it exists.

        Raises:
            ConfigurationError: the prefix is empty or no stack's name can begin so.
        """
        problems = Problems(f"CreatorRole '{id}'")
        problems.require(
            isinstance(stack_prefix, str) and _PREFIX.fullmatch(stack_prefix),
            f"stack_prefix needs 1 to 40 letters, digits or '-', the first a letter, got {stack_prefix!r}",
        )
        problems.require(
            isinstance(role_name, str) and re.fullmatch(r"[\w+=,.@-]{1,64}", role_name),
            f"role_name needs 1 to 64 letters, digits or +=,.@-_, got {role_name!r}",
        )
        problems.raise_any()
        super().__init__(scope, id)
        policies = [
            iam.CfnManagedPolicy(
                self,
                name,
                description=f"What CloudFormation needs to create {stack_prefix} stacks: {name}",
                policy_document=document(*statements),
            )
            for name, statements in _statements(stack_prefix).items()
        ]
        self.resource = iam.CfnRole(
            self,
            "Role",
            role_name=role_name,
            description=f"CloudFormation creates {stack_prefix} stacks with it",
            assume_role_policy_document=document(
                {
                    "Principal": {"Service": "cloudformation.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {
                        "StringEquals": {"aws:SourceAccount": _aws.account()},
                        "ArnLike": {"aws:SourceArn": _aws.arn("cloudformation", f"stack/{stack_prefix}*")},
                    },
                }
            ),
            managed_policy_arns=[policy.ref for policy in policies],
        )
        self.role_arn = self.resource.attr_arn


def _named(service: str, names: tuple[str, ...]) -> list[str]:
    return [f"{service}:{name}" for name in names]


def _iam(resource: str) -> str:
    return f"arn:{_aws.partition()}:iam::{_aws.account()}:{resource}"


def _statements(prefix: str) -> dict[str, list[dict[str, Any]]]:
    """By policy: each stays below the 6,144 characters that IAM takes."""
    here = {"StringEquals": {"aws:RequestedRegion": _aws.region()}}
    return {
        "Network": [
            {"Sid": "Network", "Action": _named("ec2", _NETWORK), "Resource": "*", "Condition": here},
            {
                "Sid": "Describe",
                "Action": ["ec2:Describe*", "logs:Describe*", "iam:ListPolicies", "iam:ListRoles",
                           "autoscaling:DescribeTags"],
                "Resource": "*",
            },
        ],
        "Identity": _identity_statements(prefix),
        "Cluster": [
            {"Action": _named("eks", _CLUSTER), "Resource": [_aws.arn("eks", "*")]},
            {"Action": _named("logs", _LOGS), "Resource": [_aws.arn("logs", "log-group:*")]},
            {"Sid": "NewKeys", "Action": ["kms:CreateKey", "kms:ListKeys"], "Resource": "*"},
            {"Action": _named("kms", _KEYS), "Resource": _aws.arn("kms", "key/*")},
            {
                "Action": ["ssm:GetParameter", "ssm:GetParameters"],
                "Resource": [
                    f"arn:{_aws.partition()}:ssm:{_aws.region()}::parameter/aws/service/*",
                    _aws.arn("ssm", "parameter/cdk-bootstrap/*"),
                ],
            },
            {
                "Action": ["ssm:CreateDocument", "ssm:DeleteDocument", "ssm:UpdateDocument*", "ssm:AddTagsToResource",
                           "ssm:GetDocument", "ssm:DescribeDocument", "ssm:ListTagsForResource"],
                "Resource": _aws.arn("ssm", f"document/{prefix}*"),
            },
            {"Action": _named("lambda", _FUNCTIONS), "Resource": _aws.arn("lambda", f"function:{prefix}*")},
        ],
        "Images": [
            {"Action": _named("ecr", _REPOSITORIES), "Resource": _aws.arn("ecr", "repository/*")},
            {"Sid": "Registry", "Action": _named("ecr", _REGISTRY), "Resource": "*"},
            {
                "Sid": "Scanning",
                "Action": ["inspector2:Enable", "inspector2:Disable", "inspector2:ListAccountPermissions"],
                "Resource": "*",
            },
            {
                "Action": "secretsmanager:GetSecretValue",
                "Resource": _aws.arn("secretsmanager", "secret:ecr-pullthroughcache/*"),
            },
        ],
    }  # fmt: skip


def _identity_statements(prefix: str) -> list[dict[str, Any]]:
    own_policies = _iam(f"policy/{prefix}*")
    known = [own_policies, *(_aws.managed_policy(name) for name in _AWS_POLICIES)]
    changes = ("AttachRolePolicy", "DetachRolePolicy")
    roles = _iam(f"role/{prefix}*")
    return [
        {
            "Action": _named("iam", tuple(action for action in _ROLES if action not in changes)),
            "Resource": roles,
        },
        {"Action": _named("iam", changes), "Resource": roles, "Condition": {"ArnLike": {"iam:PolicyARN": known}}},
        {"Action": _named("iam", _POLICIES), "Resource": own_policies},
        {"Action": _named("iam", _PROFILES), "Resource": _iam(f"instance-profile/{prefix}*")},
        {
            "Action": "iam:PassRole",
            "Resource": roles,
            "Condition": {"StringEquals": {"iam:PassedToService": list(_PASSED_TO)}},
        },
        {
            "Sid": "LinkedRoles",
            "Action": "iam:CreateServiceLinkedRole",
            "Resource": "*",
            "Condition": {"StringEquals": {"iam:AWSServiceName": list(_LINKED_ROLES)}},
        },
    ]
