"""Look-ups for several image controls."""

import fnmatch
from collections.abc import Iterable
from typing import Any

from hardened_eks.evidence import Resource, conditions
from hardened_eks.evidence.policies import Statement

_POLICY = {
    "AWS::ECR::Repository": "RepositoryPolicyText",
    "AWS::ECR::RepositoryCreationTemplate": "RepositoryPolicy",
    "AWS::ECR::RegistryPolicy": "PolicyText",
}
RESOURCE_POLICIES = tuple(_POLICY)
"""The types with a policy for repositories."""


def policy_path(resource: Resource) -> str:
    """Return the policy path of a repository, or of a resource that creates or governs repositories."""
    return _POLICY[resource.type]


def rules(registry: Resource, *frequencies: str) -> list[dict[str, Any]]:
    """Return the scanning rules of a registry with one of `frequencies`."""
    return [r for r in registry.items("Rules") if isinstance(r, dict) and r.get("ScanFrequency") in frequencies]


def covers(rule: dict[str, Any], name: str | None) -> bool:
    """Return whether a scanning rule applies to the repository with this name; None for any name.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
    """
    filters = rule.get("RepositoryFilters")
    for entry in filters if isinstance(filters, list) else ():
        pattern = entry.get("Filter") if isinstance(entry, dict) else None
        if not isinstance(pattern, str) or not pattern:
            continue
        if not pattern.strip("*"):
            return True
        if name is not None and (fnmatch.fnmatchcase(name, pattern) if "*" in pattern else pattern in name):
            return True
    return False


def tied(statement: Statement, keys: Iterable[str]) -> bool:
    """Return whether a condition requires known values for one of `keys` (see `conditions.tied`)."""
    return conditions.tied(statement.conditions, keys)
