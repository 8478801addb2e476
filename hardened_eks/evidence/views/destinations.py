"""Where logs go, and whether that place is the account's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence import Unknown

if TYPE_CHECKING:
    from hardened_eks.evidence import Assembly, Resource

# Colons inside a pseudo parameter separate nothing.
_PSEUDO: Final = regex(r"\$\{AWS::(\w+)\}")
_OWN: Final = "${AccountId}"
_ACCOUNT: Final = 4


def foreign(value: Any, near: Resource, assembly: Assembly) -> str:
    """Return why a destination may belong to somebody else; an empty string where it is the account's own.

    Args:
        value: an ARN, or the name of something of the same account.
        near: the resource that sends its records there.
        assembly: the assembly.
    """
    if assembly.target(value, near=near) is not None:
        return ""
    text = str(value)
    parts = _PSEUDO.sub("${\\1}", text).split(":")
    if parts[0] != "arn" or len(parts) <= _ACCOUNT:
        return f"{text} is known only at deployment" if isinstance(value, Unknown) else ""
    account = parts[_ACCOUNT]
    if account in (_OWN, near.template.account or _OWN):
        return ""
    if not account:
        return f"{text} is not in the assembly, so its owner cannot be seen"
    return f"{text} is not an ARN of the stack's own account"
