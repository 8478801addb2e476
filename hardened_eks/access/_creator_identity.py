"""Permissions of the creator roles in IAM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks import _aws
from hardened_eks.access import _actions, _creator_governance
from hardened_eks.data.addons import ADDONS

if TYPE_CHECKING:
    from hardened_eks.access._creator_reach import Reach


def _named(names: tuple[str, ...]) -> list[str]:
    return [f"iam:{name}" for name in names]


def _iam(resource: str) -> str:
    return f"arn:{_aws.partition()}:iam::{_aws.account()}:{resource}"


def identity_statements(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements on IAM."""
    prefix = reach.prefix
    own_policies = _iam(f"policy/{prefix}*")
    return [
        *_role_statements(reach, own_policies),
        {"Action": _named(_actions.POLICIES), "Resource": own_policies},
        {
            "Action": _named(_actions.PROVIDERS),
            "Resource": [
                _iam(f"oidc-provider/oidc.eks.{_aws.region()}.{_aws.url_suffix()}/id/*"),
                _iam(f"oidc-provider/oidc-eks.{_aws.region()}.api.aws/id/*"),
            ],
        },
        {"Action": _named(_actions.PROFILES), "Resource": _iam(f"instance-profile/{prefix}*")},
        {
            "Action": "iam:PassRole",
            "Resource": _iam(f"role/{prefix}*"),
            # In China, the EC2 service principal has another name (terraform-aws-eks#3057).
            "Condition": {"StringEquals": {"iam:PassedToService": [*_actions.PASSED_TO, f"ec2.{_aws.url_suffix()}"]}},
        },
    ]


def linked_role_statements() -> list[dict[str, Any]]:
    """Return the statements on service-linked roles."""
    linked = "role/aws-service-role/"
    return [
        {
            "Action": "iam:CreateServiceLinkedRole",
            "Resource": _iam(f"{linked}*"),
            "Condition": {"StringEquals": {"iam:AWSServiceName": list(_actions.LINKED_ROLES)}},
        },
        # CreateNodegroup looks these roles up with the caller's permissions (terraform-aws-eks#823).
        {
            "Action": "iam:GetRole",
            "Resource": [_iam(f"{linked}{service}/*") for service in _actions.SEEN_LINKED_ROLES],
        },
    ]


def governance_identity(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements on IAM of a role that creates no clusters."""
    own_policies = _iam(f"policy/{reach.prefix}*")
    linked = list(_creator_governance.LINKED_ROLES)
    passed = list(_creator_governance.PASSED_TO)
    return [
        *_role_statements(reach, own_policies),
        {"Action": _named(_actions.POLICIES), "Resource": own_policies},
        {
            "Action": "iam:PassRole",
            "Resource": _iam(f"role/{reach.prefix}*"),
            "Condition": {"StringEquals": {"iam:PassedToService": passed}},
        },
        {
            "Action": "iam:CreateServiceLinkedRole",
            "Resource": _iam("role/aws-service-role/*"),
            "Condition": {"StringEquals": {"iam:AWSServiceName": linked}},
        },
    ]


def _role_statements(reach: Reach, own_policies: str) -> list[dict[str, Any]]:
    """Return the statements on roles.

    An action that adds permissions requires the boundary, one that removes permissions does not, and no statement
    allows to remove the boundary.
    """
    addons = {name for addon in ADDONS.values() for name in addon.policies}
    names = [*_actions.AWS_POLICIES, *sorted(addons.difference(_actions.AWS_POLICIES))]
    names += _actions.KUBECTL_POLICIES if reach.uploads else ()
    names = list(_creator_governance.AWS_POLICIES) if reach.governance else names
    known = {"ArnLike": {"iam:PolicyARN": [own_policies, *(_aws.managed_policy(name) for name in names)]}}
    roles = _iam(f"role/{reach.prefix}*")
    if reach.boundary is None:
        return [
            {"Action": _named((*_actions.ROLES, *_actions.PERMISSIONS, *_actions.UNBOUND)), "Resource": roles},
            {"Action": _named(_actions.ATTACHED), "Resource": roles, "Condition": known},
        ]
    bound = {"StringEquals": {"iam:PermissionsBoundary": _iam(f"policy/{reach.boundary}")}}
    attach, detach = _named(_actions.ATTACHED)
    return [
        {"Action": _named(_actions.ROLES), "Resource": roles},
        {"Action": _named(_actions.PERMISSIONS), "Resource": roles, "Condition": bound},
        {"Action": attach, "Resource": roles, "Condition": {**known, **bound}},
        {"Action": detach, "Resource": roles, "Condition": known},
    ]
