"""Trust in people of IAM Identity Center, for companies without IAM users."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from hardened_eks._patterns import regex
from hardened_eks.errors import Problems, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAME = regex(r"[\w+=,.@-]{1,32}", re.ASCII)
# https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_User.html
_USER_ID = regex(r"(?:[0-9a-f]{10}-)?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
# A region, as in the path of a permission set's role.
_REGION = regex(r"[a-z]{2,4}(?:-[a-z]+)+-\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityCenterTrust:
    """Named people of one permission set of IAM Identity Center who may assume the break-glass role.

    For companies without IAM users. Prefer IAM users with an MFA device, for two reasons: AWS cannot see whether the
    person used MFA, because the identity provider checks it; and nobody can use the role during an outage of
    Identity Center or the identity provider
    (https://docs.aws.amazon.com/singlesignon/latest/userguide/emergency-access.html).

    Use a separate permission set in the account of the cluster, with a session of one hour and only the permissions
    ``sts:AssumeRole`` and ``sts:SetSourceIdentity`` on the role.

    Raises:
        ConfigurationError: the name, a user ID, the Region, the reason or the day is invalid. The error lists all
            mistakes.
    """

    permission_set: str
    """Name of the permission set, for example ``BreakGlass`` for the role ``AWSReservedSSO_BreakGlass_...``."""
    user_ids: Sequence[str]
    """IDs of the people in the identity store (``aws identitystore list-users``), not their names."""
    mfa_reason: str
    """How the identity provider enforces MFA for them. It becomes the reason of a waiver of IA-16, for the auditor."""
    until: date | str
    """The last day of the waiver, a date or ``YYYY-MM-DD``. After it, IA-16 is a finding again."""
    identity_center_region: str = ""
    """Region of Identity Center, which limits the trust to one role. Default: any Region."""

    def __post_init__(self) -> None:
        """Check every member."""
        problems = Problems("IdentityCenterTrust")
        problems.require(
            isinstance(self.permission_set, str) and _NAME.fullmatch(self.permission_set),
            "permission_set needs the name of a permission set, up to 32 letters, digits and +=,.@_-, got "
            f"{self.permission_set!r}",
        )
        problems.extend(_user_id_problems(self.user_ids))
        problems.require(
            isinstance(self.mfa_reason, str) and self.mfa_reason.strip(),
            f"mfa_reason needs a sentence on how the identity provider enforces MFA, got {self.mfa_reason!r}",
        )
        problems.require(_is_day(self.until), f"until needs a date or 'YYYY-MM-DD', got {self.until!r}")
        problems.require(
            isinstance(self.identity_center_region, str)
            and (not self.identity_center_region or _REGION.fullmatch(self.identity_center_region)),
            f"identity_center_region needs a Region such as eu-west-1, got {self.identity_center_region!r}: leave it "
            "out to allow any Region",
        )
        problems.raise_any()
        object.__setattr__(self, "user_ids", tuple(self.user_ids))

    @property
    def day(self) -> str:
        """`until` as ``YYYY-MM-DD``."""
        return str(self.until)

    def role_patterns(self, *, partition: str, account: str) -> list[str]:
        """Return patterns that match the ARN of the permission set's role.

        The end of the role's name is random and changes when the assignment is created again
        (https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html). The path of the role
        has no Region if Identity Center is in us-east-1.

        Args:
            partition: the partition of the cluster, for example ``aws``.
            account: the ID of the cluster's account.
        """
        paths = {"": ("", "*/"), "us-east-1": ("",)}.get(
            self.identity_center_region, (f"{self.identity_center_region}/",)
        )
        start = f"arn:{partition}:iam::{account}:role/aws-reserved/sso.amazonaws.com/"
        return [f"{start}{path}AWSReservedSSO_{self.permission_set}_????????????????" for path in paths]


def _user_id_problems(user_ids: object) -> Iterator[str]:
    if not isinstance(user_ids, list | tuple) or not user_ids:
        yield f"user_ids needs a list of at least one user ID, got {user_ids!r}"
        return
    for one in user_ids:
        if not isinstance(one, str) or not _USER_ID.fullmatch(one):
            yield (
                f"user_ids needs IDs of the identity store such as 906736b8-d0e1-70f8-2ac3-4d5e6f708192, got {one!r}: "
                "aws identitystore list-users prints them"
            )
    yield from (f"user_ids names {one} twice" for one in repeated(user_ids))


def _is_day(value: object) -> bool:
    if isinstance(value, date):
        return not isinstance(value, datetime)
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
