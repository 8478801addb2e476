"""The distinction between deploy-time values (CDK tokens) and known values, without a call into Node."""

from __future__ import annotations

import struct
from typing import TypeGuard

# https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/core/lib/private/encoding.ts (DOUBLE_TOKEN_MARKER_BITS)
_NUMBER = b"\xfb\xff"


def is_text_token(value: object) -> bool:
    """Return whether `value` is a string that is known, or completely known, only at deployment."""
    return isinstance(value, str) and ("${Token[" in value or "#{Token[" in value)


def is_number_token(value: object) -> bool:
    """Return whether `value` is a number that is known only at deployment."""
    return isinstance(value, float) and struct.pack(">d", value).startswith(_NUMBER)


def is_token(value: object) -> bool:
    """Return whether `value` is, or contains, a value that is known only at deployment."""
    if isinstance(value, list | tuple | set | frozenset):
        return any(is_token(item) for item in value)
    return is_text_token(value) or is_number_token(value)


def is_literal(value: object) -> TypeGuard[str]:
    """Return whether `value` is a string that can be checked now."""
    return isinstance(value, str) and not is_token(value)
