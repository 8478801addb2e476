"""Who may be named as a principal; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hardened_eks._tokens import is_token

if TYPE_CHECKING:
    from collections.abc import Iterator

_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(?P<kind>role|user)/[\w+=,.@/-]+")
_SSO = "AWSReservedSSO_"


def arn_problems(argument: str, value: object, *, users: bool = False) -> Iterator[str]:
    """Say why a principal cannot be named.

    Args:
        argument: its name, for the message.
        value: an ARN, or a deploy-time value, which passes.
        users: whether IAM users are accepted beside roles.
    """
    if is_token(value):
        return
    wanted = "a role" + (" or user" if users else "")
    if not isinstance(value, str) or "*" in value:
        yield f"{argument} needs the ARN of {wanted}, got {value!r}: name each principal, a wildcard admits everybody"
        return
    match = _ARN.fullmatch(value)
    if value.endswith(":root"):
        yield f"{argument} names the whole account {value!r}: name {wanted} in it"
    elif match is None:
        yield f"{argument} needs the ARN of {wanted}, arn:PARTITION:iam::ACCOUNT:role/NAME, got {value!r}"
    elif match["kind"] == "user" and not users:
        yield f"{argument} names the IAM user {value!r}, whose keys never expire: name a role"
