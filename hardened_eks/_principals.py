"""The principals that an argument accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks._kinds import ACCOUNT_PRINCIPAL, ARN_PRINCIPAL, ROLE, USER, instead, is_a
from hardened_eks._patterns import regex
from hardened_eks._tokens import is_text_token
from hardened_eks.data.regions import PARTITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

_WILD = frozenset("*?")
_ARN = regex(r"arn:aws[a-z-]*:iam::\d{12}:(?P<kind>role|user)/[\w+=,.@/-]+")


def arn_of(principal: object) -> Any:
    """Return the ARN of a role, a user or an ARN principal. Any other value is returned unchanged, for the checks."""
    if isinstance(principal, str):
        return principal
    if is_a(ACCOUNT_PRINCIPAL, principal):  # its ARN is known only at deployment
        return "arn:PARTITION:iam::ACCOUNT:root"
    for kind in (ROLE, USER, ARN_PRINCIPAL):
        if is_a(kind, principal):
            return getattr(principal, kind.attribute)
    return principal


def arn_problems(
    argument: str, value: object, *, users: bool = False, roles: bool = True, region: str = ""
) -> Iterator[str]:
    """Yield why a principal cannot be named.

    Args:
        argument: name of the argument, for the message.
        value: an ARN, or a deploy-time value, which is accepted unless it has a wildcard or is that of an account.
        users: whether IAM users are accepted. Default: no.
        roles: whether roles are accepted. Default: yes.
        region: Region of the stack. A principal of another partition is refused. Default: not known.
    """
    wanted = ("a role or user" if users else "a role") if roles else "an IAM user"
    if isinstance(value, str) and value.endswith(":root"):
        yield f"{argument} names the whole account {value!r}: name {wanted} in it"
        return
    if isinstance(value, str) and _WILD & set(value):  # also beside a deploy-time partition or account
        yield f"{argument} needs the ARN of {wanted}, got {value!r}: name each principal, a wildcard admits everybody"
        return
    if is_text_token(value):
        return
    if not isinstance(value, str):
        yield f"{argument} needs the ARN of {wanted}, got {value!r}{instead(ROLE, argument, value) if roles else ''}"
        return
    match = _ARN.fullmatch(value)
    if match is None:
        form = "role/NAME" if roles else "user/NAME"
        yield f"{argument} needs the ARN of {wanted}, arn:PARTITION:iam::ACCOUNT:{form}, got {value!r}"
    elif match["kind"] == "user" and not users:
        yield f"{argument} names the IAM user {value!r}, whose keys never expire: name a role"
    elif match["kind"] == "role" and not roles:
        yield f"{argument} names the role {value!r}: name {wanted}"
    elif (partition := PARTITIONS.get(region, "")) and not value.startswith(f"arn:{partition}:"):
        yield f"{argument} names {value!r}, but {region} is in the partition {partition}: name {wanted} there"
