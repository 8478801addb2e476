"""The trust policy of the break-glass role."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from hardened_eks import _aws
from hardened_eks._kinds import ROLE, is_a
from hardened_eks._principals import arn_of, arn_problems
from hardened_eks._roles import document
from hardened_eks._tokens import is_number_token, is_text_token
from hardened_eks.access._identity_center import IdentityCenterTrust

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_ACTIONS = ["sts:AssumeRole", "sts:SetSourceIdentity"]
# The limit of a role's trust policy in characters, without white space:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_MOST_CHARACTERS = 2048
_LONGEST = {"partition": "aws-us-gov", "region": "ap-southeast-1", "account": "123456789012"}
_WAY_OUT = (
    "name IAM users with an MFA device, or the people of a permission set with "
    "hardened_eks.IdentityCenterTrust(permission_set=..., user_ids=[...], mfa_reason=..., until=...)"
)


def people_of(trusted: object) -> tuple[list[Any], list[IdentityCenterTrust]]:
    """Return the ARNs of the users in `trusted`, with what else is in it, and the people of Identity Center."""
    given = list(trusted) if isinstance(trusted, list | tuple) else []
    center = [one for one in given if isinstance(one, IdentityCenterTrust)]
    return [arn_of(one) for one in given if not isinstance(one, IdentityCenterTrust)], center


def trusted_problems(trusted: object, *, region: str) -> Iterator[str]:
    """Yield why the members of `trusted` cannot assume the role, in a stack of `region`."""
    if not isinstance(trusted, list | tuple) or not trusted:
        yield f"trusted needs a list of at least one IAM user, got {trusted!r}: somebody must be able to get in"
        return
    for one in trusted:
        if isinstance(one, IdentityCenterTrust):
            continue
        arn = arn_of(one)
        if (is_a(ROLE, one) or _is_role(arn)) and not _is_wild(arn):
            yield f"trusted names the role {arn!r}: a session from AssumeRole carries no MFA, so {_WAY_OUT}"
        else:
            yield from arn_problems("trusted", arn, users=True, roles=False, region=region)


def size_problems(trust: Mapping[str, Any], age: float) -> Iterator[str]:
    """Yield that a trust policy exceeds IAM's limit, counting deploy-time values at their maximum length."""
    text = json.dumps(trust, separators=(",", ":"))
    for name, longest in _LONGEST.items():
        text = text.replace(getattr(_aws, name)(), longest)
    text = text.replace(_seconds(age), "3600")
    if len(text) > _MOST_CHARACTERS:
        yield (
            f"trusted creates a trust policy of {len(text)} characters, IAM allows {_MOST_CHARACTERS}: name fewer "
            "people, pass identity_center_region to IdentityCenterTrust, or add a second break-glass role for the "
            "others"
        )


def trust(users: Sequence[str], center: Sequence[IdentityCenterTrust], mfa_max_age_seconds: float) -> dict[str, Any]:
    """Let named people assume the role. Every condition must hold, and a missing key fails it."""
    statements = _users(users, mfa_max_age_seconds) if users else []
    statements += [_person(one, user) for one in center for user in one.user_ids]
    return document(*statements)


def sealed_trust(users: Sequence[str], center: Sequence[IdentityCenterTrust]) -> dict[str, Any]:
    """Let nobody assume the role. The people are named so that the policy has a principal."""
    names = [*users, *([_account()] if center else [])]
    return document({"Sid": "Sealed", "Effect": "Deny", "Principal": {"AWS": names}, "Action": _ACTIONS})


def _users(names: Sequence[str], mfa_max_age_seconds: float) -> list[dict[str, Any]]:
    """Return the statements for IAM users. Each statement has all conditions, so meeting one alone grants nothing."""
    condition = {
        "Bool": {"aws:MultiFactorAuthPresent": "true", **_not_by_a_service()},
        "NumericLessThan": {"aws:MultiFactorAuthAge": _seconds(mfa_max_age_seconds)},
        # aws:username exists only for users, so nobody can use the name of somebody else.
        "StringEquals": {"sts:SourceIdentity": "${aws:username}", **_here()},
    }
    return [
        {"Sid": sid, "Principal": {"AWS": list(names)}, "Action": action, "Condition": condition}
        for sid, action in zip(("NamedPeopleWithFreshMfa", "NameYourself"), _ACTIONS, strict=True)
    ]


def _person(center: IdentityCenterTrust, user_id: str) -> dict[str, Any]:
    """Return the statement for one person, whose user ID is the source identity."""
    patterns = center.role_patterns(partition=_aws.partition(), account=_aws.account())
    return {
        "Principal": {"AWS": _account()},
        "Action": _ACTIONS,
        "Condition": {
            "ArnLike": {"aws:PrincipalArn": patterns},
            "StringEquals": {"identitystore:UserId": user_id, "sts:SourceIdentity": user_id, **_here()},
            "Bool": _not_by_a_service(),
        },
    }


def _here() -> dict[str, str]:
    """Return the condition that refuses other Regions, because the alert's rule does not see calls to their STS.

    Calls to the global endpoint count as us-east-1, in every Region that serves them.
    """
    return {"aws:RequestedRegion": _aws.region()}


def _not_by_a_service() -> dict[str, str]:
    """Return the condition that refuses AWS services that act on a person's behalf."""
    return {"aws:ViaAWSService": "false"}


def _account() -> str:
    return f"arn:{_aws.partition()}:iam::{_aws.account()}:root"


def _seconds(seconds: float) -> str:
    return cdk.Token.as_string(seconds) if is_number_token(seconds) else str(seconds)


def _is_role(arn: object) -> bool:
    return isinstance(arn, str) and (":role/" in arn or ":assumed-role/" in arn) and not is_text_token(arn)


def _is_wild(arn: object) -> bool:
    return isinstance(arn, str) and "*" in arn
