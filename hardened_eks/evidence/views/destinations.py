"""Destinations of logs, and whether they belong to the own account."""

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
    """Return why a destination may belong to another account; an empty string if it belongs to the own account.

    Args:
        value: an ARN, or the name of a resource of the same account.
        near: the resource that sends its records to the destination.
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
        return f"{text} is not in the assembly, so its owner is not seen"
    return f"{text} is not an ARN of the stack's own account"
