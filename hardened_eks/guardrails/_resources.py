"""Resource control policies and the permissions boundary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.guardrails._access import CHANGES
from hardened_eks.guardrails._evidence import KEYS
from hardened_eks.guardrails._words import OWNED, Statement, deny, roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.guardrails.settings import Settings

SHARED: Final = "hardened-eks:shared"
"""The tag, with the value ``true``, of resources that principals outside the organization may access."""
_DATA: Final = ("s3:*", "kms:*", "secretsmanager:*", "ecr:*", "sqs:*", "logs:*")
_SERVICES: Final = ("s3:*", "sqs:*", "secretsmanager:*")


def resources(settings: Settings) -> Iterator[Statement]:
    """Yield the statements of the resource control policy, which does not cover EKS (AWS has no RCP for it)."""
    outside: dict[str, Any] = {
        "aws:PrincipalOrgID": settings.organization_id,
        f"aws:ResourceTag/{SHARED}": "true",
    }
    if settings.partners:
        outside["aws:PrincipalAccount"] = list(settings.partners)
    # Keys in one negated operator must all differ. Without the second operator, EBS, logs and EKS could not use
    # their keys.
    people = {"StringNotEqualsIfExists": outside, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
    yield _to_all(deny("OrganizationOnly", _DATA, people))
    deputy = {
        "StringNotEqualsIfExists": {"aws:SourceOrgID": settings.organization_id},
        "Null": {"aws:SourceAccount": "false"},
        "Bool": {"aws:PrincipalIsAWSService": "true"},
    }
    yield _to_all(deny("ConfusedDeputy", _SERVICES, deputy))
    yield _to_all(deny("Tls", _SERVICES, {"BoolIfExists": {"aws:SecureTransport": "false"}}))
    keep = roles(settings.creator_roles, settings.deployer_roles, settings.break_glass_roles)
    yield _to_all(deny("KeysStay", KEYS[:3], OWNED, but=keep))


def _to_all(statement: Statement) -> Statement:
    return {"Sid": statement["Sid"], "Effect": "Deny", "Principal": "*", **statement}


def limits(settings: Settings) -> Iterator[Statement]:
    """Yield the statements of the permissions boundary, for roles of people and pipelines without privileges."""
    mine = f"arn:{settings.partition}:iam::*:"
    name = f"{mine}policy/{settings.boundary}"
    yield {"Sid": "Within", "Effect": "Allow", "Action": "*", "Resource": "*"}
    yield deny("NoCluster", CHANGES)
    yield deny(
        "NoEvidence",
        [
            *("cloudtrail:*Trail", "cloudtrail:StopLogging", "cloudtrail:Put*", "config:Delete*", "config:Put*"),
            *("config:Stop*", "guardduty:Delete*", "guardduty:Update*", "backup:Delete*", "kms:ScheduleKeyDeletion"),
            *("kms:DisableKey", "kms:PutKeyPolicy", "logs:Delete*", "logs:PutRetentionPolicy"),
            *("logs:AssociateKmsKey", "logs:DisassociateKmsKey", "backup:PutBackupVaultAccessPolicy"),
            "backup:UpdateRecoveryPointLifecycle",
        ],
    )
    removes = ["iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"]
    yield deny("BoundaryStays", removes, resource=[f"{mine}role/*", f"{mine}user/*"])
    changes = ["iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion"]
    yield deny("BoundaryIsFixed", changes, resource=name)
    # The wildcard replaces the account, which a policy cannot name before it is created. IAM accepts no boundary of
    # another account.
    without = {"StringNotLike": {"iam:PermissionsBoundary": name}}
    yield deny(
        "NewRolesCarryIt",
        ["iam:CreateRole", "iam:CreateUser", "iam:PutRolePermissionsBoundary", "iam:PutUserPermissionsBoundary"],
        without,
    )
    # Otherwise a principal could give a role that has no boundary more permissions, or assume it.
    yield deny(
        "OthersStay",
        [
            *("iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:AttachUserPolicy"),
            "iam:PutUserPolicy",
        ],
        without,
    )
