"""Permissions of the cluster creator role, as policy statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks import _aws, _owner
from hardened_eks.access import _actions
from hardened_eks.access._creator_audit import WILDCARDS as OF_AUDIT
from hardened_eks.access._creator_audit import audit_statements
from hardened_eks.access._creator_config import WILDCARDS as OF_CONFIG
from hardened_eks.access._creator_config import config_statements
from hardened_eks.access._creator_detection import WILDCARDS as OF_DETECTION
from hardened_eks.access._creator_detection import detection_statements
from hardened_eks.access._creator_detectors import WILDCARDS as OF_DETECTORS
from hardened_eks.access._creator_detectors import detector_statements
from hardened_eks.access._creator_dns import dns_statements
from hardened_eks.access._creator_governance import WILDCARDS as OF_GOVERNANCE
from hardened_eks.access._creator_governance import governance_statements, recovery_statements
from hardened_eks.access._creator_hook import WILDCARDS as OF_HOOK
from hardened_eks.access._creator_hook import hook_statements
from hardened_eks.access._creator_identity import (
    governance_identity,
    identity_statements,
    linked_role_statements,
)
from hardened_eks.access._creator_kubectl import WILDCARDS as OF_CONFIG_RULES
from hardened_eks.access._creator_kubectl import config_rule_parts, kubectl_parts, uploaded_code, variable_keys
from hardened_eks.access._creator_network import host_statements, network_statements
from hardened_eks.access._creator_reach import both, here, named

if TYPE_CHECKING:
    from hardened_eks.access._creator_reach import Reach

WILDCARDS = {
    **OF_DETECTION,
    "Chats": "these calls of Amazon Q Developer in chat applications take no resource ARN and no Region",
    "Describe": "these list and describe calls of EC2, SSM and Auto Scaling take no resource ARN",
    "LogFacts": "these describe calls of CloudWatch Logs take no resource ARN; limited to the stack's region",
    "NewCluster": "eks:CreateCluster takes no resource ARN; limited to clusters with the owner tag",
    "NewKey": "kms:CreateKey takes no resource ARN; limited to keys with the owner tag",
    "TagNewKey": "a key that is tagged during its creation has no ARN yet; limited to keys without an owner",
    "QueryLogs": "these calls on query logs and their delivery take no resource ARN; limited to the stack's region",
    "Registry": "settings of the account's registry have no ARN of their own",
    "Scanning": "enhanced scanning switches Amazon Inspector on, which takes no resource ARN",
}
"""Sid of each statement that names every resource, and why it cannot be narrower."""
REASONS = {**WILDCARDS, **OF_CONFIG_RULES, **OF_GOVERNANCE, **OF_CONFIG, **OF_AUDIT, **OF_DETECTORS, **OF_HOOK}
"""The reasons for wildcards of roles that also create Config rules on clusters, or governance."""


def statements_by_policy(reach: Reach) -> dict[str, list[dict[str, Any]]]:
    """Return the statements by policy. Each policy stays below IAM's limit of 6,144 characters."""
    if reach.governance:
        return {
            "Identity": governance_identity(reach),
            "Parts": _lookups(reach.prefix),
            "Keys": _keys(reach),
            "Alerts": _alerts(reach.prefix),
            "Governance": governance_statements(reach),
            "Recovery": recovery_statements(reach),
            "Config": config_statements(reach),
            "Audit": [*audit_statements(reach), *detector_statements(reach)],
            **({"Hook": hook_statements(reach)} if reach.hook else {}),
        }
    return {
        "Network": network_statements(reach),
        "Hosts": [*host_statements(reach), *linked_role_statements()],
        "Identity": identity_statements(reach),
        "Cluster": _cluster(reach),
        "Parts": [
            *_parts(reach.prefix),
            *(kubectl_parts(reach.prefix) if reach.kubectl else ()),
            *(config_rule_parts(reach.prefix) if reach.config_rules else ()),
            *(uploaded_code() if reach.uploads else ()),
        ],
        "Keys": _keys(reach) + (variable_keys(reach) if reach.uploads else []),
        "Alerts": _alerts(reach.prefix),
        "Images": _images(reach),
        "Dns": dns_statements(reach),
        "Detection": detection_statements(reach),
    }


def _cluster(reach: Reach) -> list[dict[str, Any]]:
    name = reach.cluster_prefix
    cluster = _aws.arn("eks", f"cluster/{name}*")
    entries = _aws.arn("eks", f"access-entry/{name}*")
    own_roles = f"arn:{_aws.partition()}:iam::{_aws.account()}:role/*"
    return [
        {
            "Sid": "NewCluster",
            "Action": "eks:CreateCluster",
            "Resource": "*",
            # The principal that creates a cluster must not become its administrator.
            "Condition": both(reach.born(), here(), {"Bool": {"eks:bootstrapClusterCreatorAdminPermissions": "false"}}),
        },
        {
            "Action": named("eks", _actions.CLUSTER),
            "Resource": [_aws.arn("eks", f"{kind}/{name}*") for kind in _actions.CLUSTER_TYPES],
        },
        {
            "Action": "eks:CreateAccessEntry",
            "Resource": cluster,
            "Condition": {"ArnLike": {"eks:principalArn": own_roles}},
        },
        {"Action": named("eks", _actions.ENTRIES), "Resource": entries},
        *_granting_entries(name, reach.prefix),
        *_identity_providers(reach),
        {
            "Action": named("ssm", _actions.PARAMETERS),
            "Resource": _aws.arn("ssm", f"parameter/hardened-eks/{name}*"),
        },
        {
            "Action": named("logs", _actions.LOGS),
            "Resource": [
                _aws.arn("logs", f"log-group:/aws/eks/{name}*"),
                _aws.arn("logs", f"log-group:{reach.prefix}*"),
                _aws.arn("logs", f"log-group:/aws/events/{reach.prefix}*"),
            ],
        },
        {"Sid": "LogFacts", "Action": named("logs", _actions.LOGS_SEEN), "Resource": "*", "Condition": here()},
    ]


def _granting_entries(name: str, prefix: str) -> list[dict[str, Any]]:
    """Return the statements on rights in clusters: only roles of the stacks become administrators of everything."""
    roles = _aws.arn("eks", f"access-entry/{name}*/role/{_aws.account()}/")
    policies = f"arn:{_aws.partition()}:eks::aws:cluster-access-policy/"
    return [
        {"Action": "eks:UpdateAccessEntry", "Resource": f"{roles}*"},
        {"Action": "eks:AssociateAccessPolicy", "Resource": f"{roles}{prefix}*"},
        {
            "Action": "eks:AssociateAccessPolicy",
            "Resource": f"{roles}*",
            "Condition": {"ArnNotLike": {"eks:policyArn": [f"{policies}{policy}" for policy in _actions.EVERYTHING]}},
        },
    ]


def _identity_providers(reach: Reach) -> list[dict[str, Any]]:
    if not reach.issuers:
        return []
    name = reach.cluster_prefix
    return [
        {
            "Action": "eks:AssociateIdentityProviderConfig",
            "Resource": _aws.arn("eks", f"cluster/{name}*"),
            "Condition": {"StringEquals": {"eks:issuerUrl": list(reach.issuers)}},
        },
        {
            "Action": named("eks", _actions.IDENTITY_PROVIDERS),
            "Resource": _aws.arn("eks", f"identityproviderconfig/{name}*"),
        },
    ]


def _alerts(prefix: str) -> list[dict[str, Any]]:
    return [
        {"Action": named("events", _actions.RULES), "Resource": _aws.arn("events", f"rule/{prefix}*")},
        {"Action": named("sns", _actions.TOPICS), "Resource": _aws.arn("sns", f"{prefix}*")},
        {"Action": named("sqs", _actions.QUEUES), "Resource": _aws.arn("sqs", f"{prefix}*")},
        {"Action": named("cloudwatch", _actions.ALARMS), "Resource": _aws.arn("cloudwatch", f"alarm:{prefix}*")},
        # CloudWatch authorizes a list of some alarms on all alarms.
        {"Action": "cloudwatch:DescribeAlarms", "Resource": _aws.arn("cloudwatch", "alarm:*")},
        {
            "Action": named("events", _actions.ENDPOINTS),
            "Resource": [_aws.arn("events", f"{kind}/{prefix}*") for kind in ("api-destination", "connection")],
        },
        {
            "Action": named("secretsmanager", _actions.CONNECTION_SECRETS),
            "Resource": _aws.arn("secretsmanager", f"secret:events!connection/{prefix}*"),
        },
        # Credentials of channels: CloudFormation resolves references to secrets with this role.
        {
            "Action": "secretsmanager:GetSecretValue",
            "Resource": _aws.arn("secretsmanager", f"secret:{prefix}-alerts/*"),
        },
        {
            "Action": named("chatbot", _actions.CHATS),
            "Resource": f"arn:{_aws.partition()}:chatbot::{_aws.account()}:chat-configuration/*/{prefix}*",
        },
        {"Sid": "Chats", "Action": named("chatbot", _actions.NEW_CHATS), "Resource": "*"},
    ]


def _lookups(prefix: str) -> list[dict[str, Any]]:
    return [
        # CloudFormation resolves Fn::GetStackOutput with this role.
        {"Action": "cloudformation:DescribeStacks", "Resource": _aws.arn("cloudformation", f"stack/{prefix}*/*")},
        {
            "Action": ["ssm:GetParameter", "ssm:GetParameters"],
            "Resource": [
                f"arn:{_aws.partition()}:ssm:{_aws.region()}::parameter/aws/service/*",
                _aws.arn("ssm", "parameter/cdk-bootstrap/*"),
            ],
        },
    ]


def _parts(prefix: str) -> list[dict[str, Any]]:
    return [
        *_lookups(prefix),
        {"Action": named("ssm", _actions.DOCUMENTS), "Resource": _aws.arn("ssm", f"document/{prefix}*")},
        {"Action": named("lambda", _actions.FUNCTIONS), "Resource": _aws.arn("lambda", f"function:{prefix}*")},
    ]


def _keys(reach: Reach) -> list[dict[str, Any]]:
    keys = _aws.arn("kms", "key/*")
    owner = f"aws:ResourceTag/{_owner.KEY}"
    safe = {"BoolIfExists": {"kms:BypassPolicyLockoutSafetyCheck": "false"}}
    symmetric = {
        "StringEqualsIfExists": {"kms:KeySpec": "SYMMETRIC_DEFAULT"},
        "BoolIfExists": {"kms:MultiRegion": "false"},
    }
    slowly = {"NumericGreaterThanEqualsIfExists": {"kms:ScheduleKeyDeletionPendingWindowInDays": "30"}}
    through_ec2 = _aws.through("ec2")
    return [
        {
            "Sid": "NewKey",
            "Action": "kms:CreateKey",
            "Resource": "*",
            "Condition": both(reach.born(), here(), symmetric, safe),
        },
        # KMS checks this action when a key is created with tags; the key has neither an ARN nor tags yet then.
        {
            "Sid": "TagNewKey",
            "Action": "kms:TagResource",
            "Resource": "*",
            "Condition": both(reach.born(), here(), {"Null": {owner: "true"}}),
        },
        {"Action": named("kms", _actions.ANY_KEY), "Resource": keys},
        # The role may remove the owner tag from its own keys, since a rollback removes tags that the update has added.
        # Roles with other prefixes still cannot import such a key, because they cannot read it.
        {"Action": named("kms", _actions.KEYS), "Resource": keys, "Condition": both(reach.owned(), safe)},
        {"Action": "kms:TagResource", "Resource": keys, "Condition": both(reach.owned(), reach.kept())},
        {"Action": "kms:ScheduleKeyDeletion", "Resource": keys, "Condition": both(reach.owned(), slowly)},
        {
            "Action": named("kms", _actions.KEY_USE),
            "Resource": keys,
            "Condition": both(reach.owned(), through_ec2),
        },
    ]


def _images(reach: Reach) -> list[dict[str, Any]]:
    return [
        {
            "Action": named("ecr", _actions.REPOSITORIES),
            "Resource": [_aws.arn("ecr", f"repository/{name}*") for name in reach.repository_prefixes],
        },
        # The template for all repositories is named ROOT, which no repository can be. ${*} is a literal asterisk.
        {
            "Action": named("ecr", _actions.TEMPLATE_PARTS),
            "Resource": [_aws.arn("ecr", f"repository/{name}") for name in ("ROOT*", "${*}")],
        },
        {"Sid": "Registry", "Action": named("ecr", _actions.REGISTRY), "Resource": "*", "Condition": here()},
        {
            "Sid": "Scanning",
            "Action": ["inspector2:Enable", "inspector2:Disable", "inspector2:ListAccountPermissions"],
            "Resource": "*",
            "Condition": here(),
        },
        {
            "Action": "secretsmanager:GetSecretValue",
            "Resource": _aws.arn("secretsmanager", "secret:ecr-pullthroughcache/*"),
        },
    ]
