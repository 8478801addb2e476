"""AWS Organizations and AWS Config aggregators: many accounts, read with a role in each, or all from one aggregator."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.errors import InputProblem, UnusableInputError
from hardened_eks.evidence.resource import ARN, NOT_SEEN
from hardened_eks.sources.account.shape import pascal, tag_list
from hardened_eks.sources.saved import Environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hardened_eks.sources.account.asking import Asker

_TYPES: Final = ("AWS::EKS::Cluster", "AWS::EKS::Addon", "AWS::EKS::FargateProfile", "AWS::ECR::Repository")
UNKNOWN: Final = {
    "AWS::EKS::Cluster": ("AccessConfig", "DeletionProtection", "UpgradePolicy", "ComputeConfig", "StorageConfig",
                          "ZonalShiftConfig", "RemoteNetworkConfig"),
}  # fmt: skip
"""Properties that AWS Config does not record, see https://github.com/awslabs/aws-config-resource-schema."""
_WHY: Final = "AWS Config does not record it"
_NOT: Final = (
    "AWS Config records no node groups, access entries or Pod Identity associations, and this command does not "
    "read networks, roles and keys from it: audit the account itself for these"
)


def accounts(asker: Asker, units: Iterable[str] = ()) -> list[str]:
    """Return the IDs of the active accounts of the organization, or of the organizational units and their children.

    Raises:
        UnusableInputError: the organization cannot be read.
    """
    before = len(asker.refusals)
    chosen = list(dict.fromkeys(units))
    option = "--ou" if chosen else "--organization"
    entries: list[dict[str, Any]] = []
    empty: list[InputProblem] = []
    for unit in chosen:
        here = list(_below(asker, unit, 0))
        entries += here
        if not here:
            empty.append(InputProblem(option, f"the organizational unit {unit!r} does not exist, or has no account"))
    if not chosen:
        entries = asker.pages("organizations:ListAccounts", "Accounts")
    if len(asker.refusals) > before or not (entries or empty):
        told = "; ".join(map(str, asker.refusals[before:])) or "it has no account"
        raise UnusableInputError([InputProblem(option, f"the organization cannot be read: {told}")])
    if empty:  # a misspelled unit must not shrink an audit
        raise UnusableInputError(empty)
    return sorted({entry["Id"] for entry in entries if _state(entry) == "ACTIVE"})


def _state(entry: Mapping[str, Any]) -> str:
    """Return the state of an account; AWS retired the earlier `Status` in September 2026."""
    return str(entry.get("State") or entry.get("Status") or "ACTIVE")


def _below(asker: Asker, unit: str, depth: int) -> Iterable[dict[str, Any]]:
    """Yield the accounts of a unit and its child units; Organizations allows five levels."""
    yield from asker.pages("organizations:ListAccountsForParent", "Accounts", ParentId=unit)
    if depth < 5:
        children = asker.pages("organizations:ListChildren", "Children", ParentId=unit, ChildType="ORGANIZATIONAL_UNIT")
        for child in children:
            yield from _below(asker, child["Id"], depth + 1)


def aggregated(asker: Asker, name: str) -> list[Environment]:
    """Return the clusters that an AWS Config aggregator knows, in all its accounts and Regions.

    Raises:
        UnusableInputError: the aggregator cannot be read.
    """
    types = ", ".join(f"'{type_}'" for type_ in _TYPES)
    query = (
        "SELECT resourceId, resourceName, resourceType, accountId, awsRegion, arn, configuration, tags "
        f"WHERE resourceType IN ({types})"
    )
    before = len(asker.refusals)
    rows = asker.pages(
        "config:SelectAggregateResourceConfig", "Results", Expression=query, ConfigurationAggregatorName=name
    )
    if len(asker.refusals) > before:
        raise UnusableInputError([InputProblem("--aggregator", str(one)) for one in asker.refusals[before:]])
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in map(json.loads, rows):
        found.setdefault((row["accountId"], row["awsRegion"]), []).append(row)
    return [_environment(account, region, entries) for (account, region), entries in sorted(found.items())]


def _environment(account: str, region: str, rows: Iterable[dict[str, Any]]) -> Environment:
    resources: dict[str, Any] = {}
    clusters = []
    for row in sorted(rows, key=lambda one: (one["resourceType"], one["resourceId"])):
        type_ = row["resourceType"]
        written = row.get("configuration") or {}
        properties = pascal(json.loads(written) if isinstance(written, str) else written)
        if row.get("tags"):
            properties["Tags"] = tag_list(row["tags"])
        for key in UNKNOWN.get(type_, ()):
            properties.setdefault(key, {NOT_SEEN: _WHY})
        name = row.get("resourceName") or row["resourceId"]
        if type_ == "AWS::EKS::Cluster":
            clusters.append(name)
        entry = {"Type": type_, "Properties": properties, "Metadata": {ARN: row.get("arn", "")}}
        resources[f"{type_.rpartition('::')[2]}:{name}"] = entry
    name = f"{account}:{region}"
    return Environment(account, region, tuple(clusters), (), (_NOT,), (), {name: {"Resources": resources}}, {name: {}})
