"""What the role that creates clusters may do, as policy statements."""

from __future__ import annotations

from typing import Any

from hardened_eks import _aws
from hardened_eks.access import _actions
from hardened_eks.data.addons import ADDONS

WILDCARDS = {
    "Describe": "these list and describe calls of EC2, logs, IAM, SSM and Auto Scaling know no resource",
    "NewKeys": "kms:CreateKey and ListKeys know no resource",
    "Unnamed": "these calls of EKS and logs know no resource; limited to the stack's region",
    "Registry": "settings of the account's registry have no ARN of their own",
    "LinkedRoles": "the roles' names are AWS's; limited to the services named",
    "Scanning": "enhanced scanning switches Amazon Inspector on, which knows no resource",
}
"""Sid of each statement that names every resource, and why it cannot be narrower."""


def _named(service: str, names: tuple[str, ...]) -> list[str]:
    return [f"{service}:{name}" for name in names]


def _iam(resource: str) -> str:
    return f"arn:{_aws.partition()}:iam::{_aws.account()}:{resource}"


def statements_by_policy(prefix: str, boundary: str | None) -> dict[str, list[dict[str, Any]]]:
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
        "Identity": _identity_statements(prefix, boundary),
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
            # Ids of Resolver are random: no prefix narrows them.
            {
                "Action": _named("route53resolver", _actions.RESOLVER),
                "Resource": [
                    _aws.arn("route53resolver", "firewall-*"),
                    _aws.arn("route53resolver", "resolver-query-log-config/*"),
                ],
            },
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


def _identity_statements(prefix: str, boundary: str | None) -> list[dict[str, Any]]:
    own_policies = _iam(f"policy/{prefix}*")
    return [
        *_role_statements(prefix, boundary, own_policies),
        {"Action": _named("iam", _actions.POLICIES), "Resource": own_policies},
        {"Action": _named("iam", _actions.PROVIDERS), "Resource": _iam("oidc-provider/oidc.eks.*")},
        {"Action": _named("iam", _actions.PROFILES), "Resource": _iam(f"instance-profile/{prefix}*")},
        {
            "Action": "iam:PassRole",
            "Resource": _iam(f"role/{prefix}*"),
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


def _role_statements(prefix: str, boundary: str | None, own_policies: str) -> list[dict[str, Any]]:
    """What gives a role permissions asks for the boundary; what takes them away does not, and nothing takes it off."""
    addons = {name for addon in ADDONS.values() for name in addon.policies}
    names = [*_actions.AWS_POLICIES, *sorted(addons.difference(_actions.AWS_POLICIES))]
    known = {"ArnLike": {"iam:PolicyARN": [own_policies, *(_aws.managed_policy(name) for name in names)]}}
    roles = _iam(f"role/{prefix}*")
    if boundary is None:
        return [
            {"Action": _named("iam", (*_actions.ROLES, *_actions.PERMISSIONS, *_actions.UNBOUND)), "Resource": roles},
            {"Action": _named("iam", _actions.ATTACHED), "Resource": roles, "Condition": known},
        ]
    bound = {"StringEquals": {"iam:PermissionsBoundary": _iam(f"policy/{boundary}")}}
    attach, detach = _named("iam", _actions.ATTACHED)
    return [
        {"Action": _named("iam", _actions.ROLES), "Resource": roles},
        {"Action": _named("iam", _actions.PERMISSIONS), "Resource": roles, "Condition": bound},
        {"Action": attach, "Resource": roles, "Condition": {**known, **bound}},
        {"Action": detach, "Resource": roles, "Condition": known},
    ]
