from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.iam import (
    IDENTITY,
    NOT_KNOWN,
    bare,
    every_of_a_kind,
    every_resource,
    in_one_region,
    limits,
    own_statements,
    wide_statements,
)

_RISKY = {
    "iam:PutRolePolicy": "lets it grant itself any permission",
    "iam:AttachRolePolicy": "lets it attach any policy to itself",
    "iam:PutUserPolicy": "lets it grant users any permission",
    "iam:AttachUserPolicy": "lets it attach any policy to users",
    "iam:PutGroupPolicy": "lets it grant groups any permission",
    "iam:AttachGroupPolicy": "lets it attach any policy to groups",
    "iam:AddUserToGroup": "lets it add users to any group",
    "iam:CreatePolicyVersion": "lets it change any policy",
    "iam:SetDefaultPolicyVersion": "lets it restore any version of a policy",
    "iam:DeleteRolePermissionsBoundary": "lets it remove the permissions boundary of any role",
    "iam:PutRolePermissionsBoundary": "lets it replace the permissions boundary of any role",
    "iam:UpdateAssumeRolePolicy": "lets it assume any role",
    "iam:CreateAccessKey": "creates access keys for any user",
    "iam:CreateLoginProfile": "creates a console password for any user",
    "iam:UpdateLoginProfile": "changes the console password of any user",
    "iam:UpdateSAMLProvider": "lets it sign in as anybody through a SAML provider",
    "sts:AssumeRole": "assumes every role that trusts the account",
    "sts:AssumeRoot": "becomes root of member accounts",
    "eks:CreateAccessEntry": "gives anybody access to every cluster",
    "eks:AssociateAccessPolicy": "makes anybody an administrator of every cluster",
    "eks:UpdateAccessEntry": "puts principals into any Kubernetes group of every cluster",
    "eks:CreatePodIdentityAssociation": "gives roles to pods of every cluster",
    "eks:UpdatePodIdentityAssociation": "gives other roles to pods of every cluster",
    "eks:AssociateIdentityProviderConfig": "gives everybody whom an issuer names access to every cluster",
    "kms:PutKeyPolicy": "gives anybody access to every key",
    "kms:CreateGrant": "lets anybody use every key",
    "ec2:ModifySnapshotAttribute": "shares the content of every volume with any account",
    "ec2:ModifyImageAttribute": "shares every AMI with any account",
    "rds:ModifyDBSnapshotAttribute": "shares every database snapshot with any account",
    "rds:ModifyDBClusterSnapshotAttribute": "shares every database snapshot with any account",
    "s3:PutBucketPolicy": "gives anybody access to every bucket",
    "secretsmanager:PutResourcePolicy": "gives anybody access to every secret",
    "lambda:AddPermission": "lets anybody call every function",
    "secretsmanager:GetSecretValue": "reads every secret",
    "ssm:GetParameter": "reads every parameter",
    "ssm:GetParameters": "reads every parameter",
    "ssm:GetParametersByPath": "reads every parameter",
    "ssm:GetParameterHistory": "reads every parameter",
    "ssm:SendCommand": "runs commands on every instance",
    "ssm:StartSession": "opens a shell on every instance",
    "ssm:ResumeSession": "takes over every shell on an instance",
    "ec2-instance-connect:SendSSHPublicKey": "lets it sign in to every instance",
    "s3:GetObject": "reads every bucket",
    "lambda:UpdateFunctionCode": "runs code with the role of any function",
    "lambda:UpdateFunctionConfiguration": "runs a layer's code with the role of any function",
    "ec2:RunInstances": "launches instances with any role it may pass",
}
_ACTS_ON = {
    "sts:AssumeRole": "iam",
    "ssm:SendCommand": "ec2",
    "ssm:StartSession": "ec2",
    "ec2-instance-connect:SendSSHPublicKey": "ec2",
}
"""Action -> the service of its resources, if it differs from the service of the action."""
_MADE_BY_STACKS = ("ec2", "eks")
"""Actions that create instances and clusters, whose names are not known in advance: a Region and an account limit
them."""
_GIVEN_AWAY = ("ec2:ModifySnapshotAttribute", "ec2:ModifyImageAttribute")
"""Actions that are not needed to create instances, for which a Region is not a limit."""
_NO_LIMIT = {"aws:requestedregion", "ec2:region"}
"""Condition keys for a Region, which do not limit access to secrets, or to IAM, which is global."""
_ONE_BY_ONE = 3
"""The number of actions of one statement up to which each is reported separately."""


@control(
    id="IA-04",
    title="No policy allows privilege escalation or reading all secrets",
    requirement="iam.policy.no_risky_actions",
    types=IDENTITY,
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "With one of these actions on every resource, a role with few rights can become an administrator or read "
        "every secret."
    ),
    fix="Name the resources, or remove the action.",
    source="https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/permissions-management.html",
    blind=(
        "A statement with a condition that narrows it passes, whether or not the condition is the right one. A "
        "condition on the account or organization, or on the principal's own name, does not narrow it. A statement "
        "whose actions are not known before deployment also passes."
    ),
    enforced_by="CreatorRole",
)
def no_risky_actions(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    cause = wide_statements(resource)
    for path, statement in own_statements(resource):
        if not statement.allows:
            continue
        if statement.unknown:
            yield Problem(NOT_KNOWN, path, cause=NOT_KNOWN)
        elif not (found_limits := limits(statement)) - _NO_LIMIT:
            found = [
                action
                for action in _RISKY
                if statement.does(action) and _everywhere(statement, action, regional=bool(found_limits))
            ]
            for action in found if len(found) <= _ONE_BY_ONE else ():
                yield Problem(f"{action} on every resource {_RISKY[action]}", path, cause=cause)
            if len(found) > _ONE_BY_ONE:
                yield Problem(
                    f"{len(found)} ways to escalate privileges on every resource, such as {found[0]}", path, cause=cause
                )


def _everywhere(statement: Statement, action: str, *, regional: bool) -> bool:
    """Return whether a statement allows an action on all resources of a type; `regional`: in one Region."""
    service = action.partition(":")[0]
    limited = service in _MADE_BY_STACKS and action not in _GIVEN_AWAY
    if regional and limited:
        return False
    return bool(statement.not_resources) or any(
        _any_root(resource)
        if action == "sts:AssumeRoot"
        else every_of_a_kind(resource, _ACTS_ON.get(action, service)) and not (limited and in_one_region(resource))
        for resource in statement.resources
    )


def _any_root(resource: str) -> bool:
    """Return whether a resource of sts:AssumeRoot covers the root users of several accounts."""
    parts = bare(resource).split(":", 5)
    return every_resource(resource) or bool(set("*?") & set(parts[4] if len(parts) > 5 else resource))
