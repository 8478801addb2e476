from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from hardened_eks import _aws
from hardened_eks._nag import acknowledge
from hardened_eks._roles import document
from hardened_eks._tokens import is_token
from hardened_eks.access import _actions
from hardened_eks.data.addons import ADDONS
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator

# In names of roles, which have 64 characters, CloudFormation keeps the first 24 of the stack's name.
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,23}")
_NOT_KNOWN_BEFORE = "names are made by AWS when a stack is; the rest of the ARN limits them to what the stacks make"
WILDCARDS = {
    "Describe": "these list and describe calls of EC2, logs, IAM, SSM and Auto Scaling know no resource",
    "NewKeys": "kms:CreateKey and ListKeys know no resource",
    "Unnamed": "these calls of EKS and logs know no resource; limited to the stack's region",
    "Registry": "settings of the account's registry have no ARN of their own",
    "LinkedRoles": "the roles' names are AWS's; limited to the services named",
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
            stack_prefix: how the names of the stacks begin that it may create, for example ``HardenedEks``; 24
                characters at most. Names of their roles and policies begin the same, since CloudFormation makes them
                from the stack's name.
            role_name: fixed, so that the app can name the role before it exists. It must not begin with the prefix.

        Raises:
            ConfigurationError: the prefix is empty, too long or no stack's name can begin so; or the role, or the
                stack it is made in, begins with it, so that the role could change itself.
        """
        problems = Problems(f"CreatorRole '{id}'")
        problems.require(
            isinstance(stack_prefix, str) and _PREFIX.fullmatch(stack_prefix),
            f"stack_prefix needs 1 to 24 letters, digits or '-', the first a letter, got {stack_prefix!r}",
        )
        problems.require(
            isinstance(role_name, str) and re.fullmatch(r"[\w+=,.@-]{1,64}", role_name),
            f"role_name needs 1 to 64 letters, digits or +=,.@-_, got {role_name!r}",
        )
        problems.extend(_own_problems(cdk.Stack.of(scope).stack_name, stack_prefix, role_name))
        problems.raise_any()
        super().__init__(scope, id)
        policies = [self._policy(stack_prefix, *policy) for policy in _statements(stack_prefix).items()]
        self.resource = iam.CfnRole(
            self,
            "Role",
            role_name=role_name,
            description=f"CloudFormation creates {stack_prefix} stacks with it",
            # No source condition: AWS does not document that CloudFormation sends one when it takes a stack's role, and
            # it takes only roles that the caller may pass (iam:PassRole), which is what keeps others out.
            assume_role_policy_document=document(
                {"Principal": {"Service": "cloudformation.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ),
            managed_policy_arns=[policy.ref for policy in policies],
        )
        self.role_arn = self.resource.attr_arn
        """ARN of the role."""

    def _policy(self, stack_prefix: str, name: str, statements: list[dict[str, Any]]) -> iam.CfnManagedPolicy:
        made = iam.CfnManagedPolicy(
            self,
            name,
            description=f"What CloudFormation needs to create {stack_prefix} stacks: {name}",
            policy_document=document(*statements),
        )
        acknowledge(made, _findings(statements))
        return made


def _findings(statements: list[dict[str, Any]]) -> dict[str, str]:
    """Give cdk-nag the reason of each wildcard, under the names it has for them."""
    pseudo = {_aws.partition(): "Partition", _aws.region(): "Region", _aws.account(): "AccountId"}
    found = {}
    for statement in statements:
        reason = WILDCARDS.get(statement.get("Sid", ""), _NOT_KNOWN_BEFORE)
        for kind in ("Action", "Resource"):
            values = statement[kind]
            for value in [values] if isinstance(values, str) else values:
                if "*" in value:
                    text = value
                    for token, name in pseudo.items():
                        text = text.replace(token, f"<AWS::{name}>")
                    found[f"AwsSolutions::AwsSolutions-IAM5[{kind}::{text}]"] = reason
    return found


def _own_problems(stack_name: str, stack_prefix: str, role_name: str) -> Iterator[str]:
    """Say why the role could change its own permissions: what begins with the prefix is in its hands."""
    if not isinstance(stack_prefix, str) or not stack_prefix:
        return
    if isinstance(role_name, str) and role_name.startswith(stack_prefix):
        yield f"role_name {role_name!r} begins with stack_prefix {stack_prefix!r}: the role could change itself"
    if not is_token(stack_name) and stack_name.startswith(stack_prefix):
        yield (
            f"stack {stack_name!r} begins with stack_prefix {stack_prefix!r}, so that the role could change its own "
            "policies: put it into a stack of another name"
        )


def _named(service: str, names: tuple[str, ...]) -> list[str]:
    return [f"{service}:{name}" for name in names]


def _iam(resource: str) -> str:
    return f"arn:{_aws.partition()}:iam::{_aws.account()}:{resource}"


def _statements(prefix: str) -> dict[str, list[dict[str, Any]]]:
    """By policy: each stays below the 6,144 characters that IAM takes."""
    # Images and their snapshots are AWS's own; a VPC that is adopted may be shared by another account.
    others = [
        f"arn:{_aws.partition()}:ec2:{_aws.region()}:*:{kind}/*" for kind in ("image", "snapshot", "subnet", "vpc")
    ]
    return {
        "Network": [
            {"Action": _named("ec2", _actions.NETWORK), "Resource": [_aws.arn("ec2", "*"), *others]},
            {
                "Sid": "Describe",
                "Action": ["ec2:Describe*", "logs:DescribeIndexPolicies", "logs:DescribeLogGroups",
                           "logs:DescribeResourcePolicies", "iam:ListPolicies", "iam:ListRoles",
                           "autoscaling:DescribeTags", "ssm:ListAssociations"],
                "Resource": "*",
            },
            # Private DNS of interface endpoints is a hosted zone of AWS's.
            {
                "Action": "route53:AssociateVPCWithHostedZone",
                "Resource": [f"arn:{_aws.partition()}:route53:::hostedzone/*", _aws.arn("ec2", "vpc/*")],
            },
        ],
        "Identity": _identity_statements(prefix),
        "Cluster": [
            {"Action": _named("eks", _actions.CLUSTER), "Resource": [_aws.arn("eks", "*")]},
            {
                "Sid": "Unnamed",
                "Action": list(_actions.UNNAMED),
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:RequestedRegion": _aws.region()}},
            },
            {"Action": _named("logs", _actions.LOGS), "Resource": [_aws.arn("logs", "log-group:*")]},
            {"Sid": "NewKeys", "Action": ["kms:CreateKey", "kms:ListKeys"], "Resource": "*"},
            {"Action": _named("kms", _actions.KEYS), "Resource": _aws.arn("kms", "key/*")},
            {
                "Action": _named("kms", _actions.KEY_USE),
                "Resource": _aws.arn("kms", "key/*"),
                "Condition": {"StringLike": {"kms:ViaService": f"*.{_aws.region()}.amazonaws.com"}},
            },
            {
                "Action": ["ssm:GetParameter", "ssm:GetParameters"],
                "Resource": [
                    f"arn:{_aws.partition()}:ssm:{_aws.region()}::parameter/aws/service/*",
                    _aws.arn("ssm", "parameter/cdk-bootstrap/*"),
                ],
            },
            {
                "Action": ["ssm:CreateDocument", "ssm:DeleteDocument", "ssm:UpdateDocument*", "ssm:AddTagsToResource",
                           "ssm:RemoveTagsFromResource", "ssm:GetDocument", "ssm:DescribeDocument",
                           "ssm:ListTagsForResource"],
                "Resource": _aws.arn("ssm", f"document/{prefix}*"),
            },
            {
                "Action": "ssm:DescribeAssociation",
                "Resource": [_aws.arn("ssm", "association/*"), _aws.arn("ec2", "instance/*")],
            },
            {"Action": _named("lambda", _actions.FUNCTIONS), "Resource": _aws.arn("lambda", f"function:{prefix}*")},
        ],
        "Alerts": [
            {"Action": _named("events", _actions.RULES), "Resource": _aws.arn("events", f"rule/{prefix}*")},
            {"Action": _named("sns", _actions.TOPICS), "Resource": _aws.arn("sns", f"{prefix}*")},
            {"Action": _named("sqs", _actions.QUEUES), "Resource": _aws.arn("sqs", f"{prefix}*")},
        ],
        "Images": [
            {"Action": _named("ecr", _actions.REPOSITORIES), "Resource": _aws.arn("ecr", "repository/*")},
            {"Sid": "Registry", "Action": _named("ecr", _actions.REGISTRY), "Resource": "*"},
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
    addons = {name for addon in ADDONS.values() for name in addon.policies}
    names = [*_actions.AWS_POLICIES, *sorted(addons.difference(_actions.AWS_POLICIES))]
    known = [own_policies, *(_aws.managed_policy(name) for name in names)]
    changes = ("AttachRolePolicy", "DetachRolePolicy")
    roles = _iam(f"role/{prefix}*")
    return [
        {
            "Action": _named("iam", tuple(action for action in _actions.ROLES if action not in changes)),
            "Resource": roles,
        },
        {"Action": _named("iam", changes), "Resource": roles, "Condition": {"ArnLike": {"iam:PolicyARN": known}}},
        {"Action": _named("iam", _actions.POLICIES), "Resource": own_policies},
        {"Action": _named("iam", _actions.PROVIDERS), "Resource": _iam("oidc-provider/oidc.eks.*")},
        {"Action": _named("iam", _actions.PROFILES), "Resource": _iam(f"instance-profile/{prefix}*")},
        {
            "Action": "iam:PassRole",
            "Resource": roles,
            # In China EC2 has a name of its own (terraform-aws-eks#3057).
            "Condition": {"StringEquals": {"iam:PassedToService": [*_actions.PASSED_TO, f"ec2.{_aws.url_suffix()}"]}},
        },
        {
            "Sid": "LinkedRoles",
            "Action": "iam:CreateServiceLinkedRole",
            "Resource": "*",
            "Condition": {"StringEquals": {"iam:AWSServiceName": list(_actions.LINKED_ROLES)}},
        },
    ]
