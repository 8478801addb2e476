"""Read the data about one cluster for an upgrade from EKS. Denied or failed calls are reported as not seen."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from hardened_eks.data import addon_versions
from hardened_eks.errors import InputProblem, UnusableInputError
from hardened_eks.upgrading.facts import Cluster, Insight, NodeGroup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hardened_eks.data.addon_versions import AddonVersions

ACTIONS: Final = (
    "eks:DescribeAddon",
    "eks:DescribeAddonVersions",
    "eks:DescribeCluster",
    "eks:DescribeInsight",
    "eks:DescribeNodegroup",
    "eks:ListAddons",
    "eks:ListInsights",
    "eks:ListNodegroups",
)
"""All actions that are needed; all are read-only."""
_CATEGORY: Final = "UPGRADE_READINESS"


@dataclass(slots=True)
class Running:
    """The data from EKS."""

    cluster: Cluster
    addons: AddonVersions
    not_seen: list[str] = field(default_factory=list)
    """Calls that were denied or failed."""


def read(eks: Any, name: str, *, ways: Callable[[str], Sequence[str]], where: str, day: str) -> Running:
    """Read a cluster, its managed node groups and add-ons, its insights, and versions of its add-ons.

    Args:
        eks: an EKS client.
        name: the name of the cluster.
        ways: a function that takes the version of the cluster, and returns the versions for which add-on versions are
            read.
        where: the account and Region, for messages.
        day: the ISO date.

    Raises:
        UnusableInputError: the cluster does not exist, or the call failed.
    """
    asker = _Asker(eks)
    try:
        told = eks.describe_cluster(name=name)["cluster"]
    except eks.exceptions.ResourceNotFoundException as error:
        known = ", ".join(asker.pages("list_clusters", "clusters")) or "none"
        raise UnusableInputError(
            [InputProblem("--cluster", f"no cluster {name!r} in {where}; its clusters: {known}")]
        ) from error
    except (ClientError, BotoCoreError, OSError) as error:
        raise UnusableInputError(
            [InputProblem("--cluster", f"EKS in {where} returned no data about {name!r}: {error}")]
        ) from error
    addons = dict(_addons(asker, name))
    cluster = Cluster(
        name=name,
        version=told.get("version"),
        groups=tuple(_groups(asker, name)),
        addons=addons,
        other_compute=("Auto Mode",) if told.get("computeConfig", {}).get("enabled") else (),
        insights=tuple(_insights(asker, name)),
        place=where,
    )
    versions = ways(str(told.get("version")))
    offered = {addon: asker.versions(addon, versions) for addon in addons}
    asked = f"eks:DescribeAddonVersions in {where}, {day}"
    return Running(cluster, addon_versions.AddonVersions(asked, offered), asker.not_seen)


class _Asker:
    """Calls EKS, and records failures."""

    def __init__(self, eks: Any) -> None:
        self._eks = eks
        self.not_seen: list[str] = []

    def one(self, operation: str, key: str, **arguments: Any) -> Any:
        """Return one key of a response, or None if the call failed."""
        try:
            return getattr(self._eks, operation)(**arguments).get(key)
        except (ClientError, BotoCoreError, OSError) as error:
            self._note(operation, error)
            return None

    def pages(self, operation: str, key: str, **arguments: Any) -> list[Any]:
        """Return the entries of all pages that could be read."""
        found: list[Any] = []
        try:
            for page in self._eks.get_paginator(operation).paginate(**arguments):
                found += page.get(key, ())
        except (ClientError, BotoCoreError, OSError) as error:
            self._note(operation, error)
        return found

    def versions(self, addon: str, versions: Sequence[str]) -> Mapping[str, str]:
        """Return the versions of an add-on that EKS supports for Kubernetes versions."""
        found: list[Mapping[str, str]] = []
        for version in versions:
            entries = self.pages("describe_addon_versions", "addons", addonName=addon, kubernetesVersion=version)
            found += [addon_versions.compact(entry.get("addonVersions", [])) for entry in entries]
        merged: dict[str, str] = {}
        for name in ChainMap(*map(dict, found)):
            fits = dict.fromkeys(one for told in found for one in told.get(name, "").split())
            merged[name] = " ".join(fits)
        return merged

    def _note(self, operation: str, error: Exception) -> None:
        action = "".join(part.capitalize() for part in operation.split("_"))
        code = error.response.get("Error", {}).get("Code") if isinstance(error, ClientError) else type(error).__name__
        note = f"eks:{action} failed ({code}): its data is not seen"
        if note not in self.not_seen:
            self.not_seen.append(note)


def _groups(asker: _Asker, cluster: str) -> Iterator[NodeGroup]:
    for name in asker.pages("list_nodegroups", "nodegroups", clusterName=cluster):
        told = asker.one("describe_nodegroup", "nodegroup", clusterName=cluster, nodegroupName=name) or {}
        yield NodeGroup(name=name, version=told.get("version"), image_type=told.get("amiType"))


def _addons(asker: _Asker, cluster: str) -> Iterator[tuple[str, str | None]]:
    for name in asker.pages("list_addons", "addons", clusterName=cluster):
        told = asker.one("describe_addon", "addon", clusterName=cluster, addonName=name) or {}
        yield name, told.get("addonVersion") or None


def _insights(asker: _Asker, cluster: str) -> Iterator[Insight]:
    listed = asker.pages("list_insights", "insights", clusterName=cluster, filter={"categories": [_CATEGORY]})
    for entry in listed:
        status = entry.get("insightStatus", {})
        more: Mapping[str, Any] = {}
        if status.get("status") != "PASSING":
            more = asker.one("describe_insight", "insight", clusterName=cluster, id=entry["id"]) or {}
        yield Insight(
            name=str(entry.get("name", entry["id"])),
            version=entry.get("kubernetesVersion"),
            status=str(status.get("status", "UNKNOWN")),
            reason=str(status.get("reason", "")),
            recommendation=str(more.get("recommendation", "")),
            details=tuple(_details(more)),
        )


def _details(insight: Mapping[str, Any]) -> Iterator[str]:
    summary = insight.get("categorySpecificSummary", {})
    for one in summary.get("deprecationDetails", ()):
        callers = ", ".join(str(caller.get("userAgent")) for caller in one.get("clientStats", ())) or "nobody recently"
        yield (
            f"{one.get('usage')} is removed in {one.get('stopServingVersion')}; use "
            f"{one.get('replacedWith')}; called by {callers}."
        )
    for one in summary.get("addonCompatibilityDetails", ()):
        yield f"{one.get('name')}: compatible versions are {', '.join(one.get('compatibleVersions', ()))}."
    for resource in insight.get("resources", ()):
        status = resource.get("insightStatus", {})
        if status.get("status") in {"ERROR", "WARNING"}:
            name = resource.get("kubernetesResourceUri") or resource.get("arn")
            yield f"{name}: {status.get('reason', '')}."
