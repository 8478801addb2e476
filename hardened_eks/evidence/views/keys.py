"""Whose key it is that encrypts."""

from typing import Any, Final

from hardened_eks.evidence import Assembly, Unknown
from hardened_eks.evidence.views.launch import branches

_KEYS: Final = frozenset({"AWS::KMS::Key", "AWS::KMS::ReplicaKey", "AWS::KMS::Alias"})


def customer_key(key: Any, assembly: Assembly) -> bool:
    """Say whether every alternative is a customer's key; one that cannot be seen is taken for one."""
    return all(_customer_key(value, assembly) for value in branches(key))


def _customer_key(key: Any, assembly: Assembly) -> bool:
    if not isinstance(key, str | Unknown) or key == "" or "alias/aws/" in str(key):
        return False
    found = assembly.target(key)
    return found is None or found.type in _KEYS or not found.type.startswith("AWS::") or "Formation::" in found.type
