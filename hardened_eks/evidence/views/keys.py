"""The owner of the key that encrypts a resource."""

from typing import Any, Final

from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.unknown import branches

KEY: Final = "AWS::KMS::Key"
_ALIAS: Final = "AWS::KMS::Alias"
_KEYS: Final = frozenset({KEY, "AWS::KMS::ReplicaKey", _ALIAS})


def customer_key(key: Any, assembly: Assembly) -> bool:
    """Return whether every alternative is a customer managed key; a key that is not seen counts as one."""
    return all(_customer_key(value, assembly) for value in branches(key))


def _customer_key(key: Any, assembly: Assembly) -> bool:
    if not isinstance(key, str | Unknown) or key == "" or "alias/aws/" in str(key):
        return False
    found = assembly.target(key)
    return found is None or found.type in _KEYS or not found.type.startswith("AWS::") or "Formation::" in found.type


def key_of(value: Any, user: Resource, assembly: Assembly) -> Resource | None:
    """Return the key of the assembly that a property of `user` names, also by an alias."""
    alias = assembly.target(value, _ALIAS, near=user)
    return assembly.target(alias.get("TargetKeyId") if alias else value, KEY, near=alias or user)
