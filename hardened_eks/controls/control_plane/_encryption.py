"""The keys that encrypt the Secrets of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks.evidence import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Resource


def secrets_keys(cluster: Resource) -> Iterator[tuple[str, Any]]:
    """Yield (path, key) of every entry of EncryptionConfig that covers Secrets and names a key."""
    for index, entry in enumerate(cluster.items("EncryptionConfig")):
        if not isinstance(entry, dict):
            continue
        resources = entry.get("Resources")
        path = f"EncryptionConfig.{index}.Provider.KeyArn"
        key = cluster.get(path)
        if isinstance(resources, list) and "secrets" in resources and (isinstance(key, Unknown) or key):
            yield path, key
