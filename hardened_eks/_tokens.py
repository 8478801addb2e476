"""Tell deploy-time values (CDK tokens) from values that can be checked now, without a call into Node."""

from __future__ import annotations

from typing import TypeGuard


def is_token(value: object) -> bool:
    """Say whether `value` is, or contains, a value known only at deployment."""
    if isinstance(value, str):
        return "${Token[" in value or "#{Token[" in value
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int | float):
        return value < -1e100
    if isinstance(value, list | tuple | set | frozenset):
        return any(is_token(item) for item in value)
    return False


def is_literal(value: object) -> TypeGuard[str]:
    """Say whether `value` is a string that can be checked now."""
    return isinstance(value, str) and not is_token(value)
