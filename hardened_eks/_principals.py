"""Who may be named as a principal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hardened_eks._kinds import ACCOUNT_PRINCIPAL, ARN_PRINCIPAL, ROLE, USER, instead, is_a
from hardened_eks._tokens import is_text_token
from hardened_eks.data.regions import PARTITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(?P<kind>role|user)/[\w+=,.@/-]+")
_SSO = "AWSReservedSSO_"


def arn_of(principal: object) -> Any:
    """Take the ARN of a role, a user or an ARN principal; anything else comes back as it is, to be refused."""
    if isinstance(principal, str):
        return principal
    if is_a(ACCOUNT_PRINCIPAL, principal):  # its ARN is known at deployment only
        return "arn:PARTITION:iam::ACCOUNT:root"
    for kind in (ROLE, USER, ARN_PRINCIPAL):
        if is_a(kind, principal):
            return getattr(principal, kind.attribute)
    return principal


def arn_problems(
    argument: str, value: object, *, users: bool = False, mfa: bool = False, region: str = ""
) -> Iterator[str]:
    """Say why a principal cannot be named.

    Args:
        argument: its name, for the message.
        value: an ARN, or a deploy-time value, which passes unless it ends as an account's does.
        users: whether IAM users are accepted beside roles.
        mfa: whether the principal must be able to show MFA, which a role of IAM Identity Center never does.
        region: of the stack. A principal of another partition is refused. Default: not known.
    """
    wanted = "a role" + (" or user" if users else "")
    if isinstance(value, str) and value.endswith(":root"):
        yield f"{argument} names the whole account {value!r}: name {wanted} in it"
        return
    if is_text_token(value):
        return
    if not isinstance(value, str):
        yield f"{argument} needs the ARN of {wanted}, got {value!r}{instead(ROLE, argument, value)}"
        return
    if "*" in value:
        yield f"{argument} needs the ARN of {wanted}, got {value!r}: name each principal, a wildcard admits everybody"
        return
    match = _ARN.fullmatch(value)
    if mfa and _SSO in value:
        yield f"{argument} names the Identity Center role {value!r}, whose sessions carry no MFA: name an IAM user"
    elif match is None:
        yield f"{argument} needs the ARN of {wanted}, arn:PARTITION:iam::ACCOUNT:role/NAME, got {value!r}"
    elif match["kind"] == "user" and not users:
        yield f"{argument} names the IAM user {value!r}, whose keys never expire: name a role"
    elif (partition := PARTITIONS.get(region, "")) and not value.startswith(f"arn:{partition}:"):
        yield f"{argument} names {value!r}, but {region} is in the partition {partition}: name {wanted} there"
