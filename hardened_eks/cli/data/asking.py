"""Read the data of the package from AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hardened_eks.cli.data import writing
from hardened_eks.data import addon_versions, auto_mode, kubernetes, node_images

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from hardened_eks.cli.data.writing import Answer, Told

_OF_EKS = {None, "eks"}
_OF_AWS = "aws"
_KEPT = {_OF_AWS, "community"}
"""Owners of the add-ons whose versions are kept, which excludes marketplace add-ons."""
_MOST_NAMES = 10  # of one call to ssm:GetParameters


class Kind(NamedTuple):
    """One file that a refresh writes."""

    file: str
    """The file name in the data folder of the package."""
    service: str
    """The service to call: ``eks``, ``ec2``, ``ssm`` or ``iam``."""
    permission: str
    """The IAM permission that the identity needs."""
    what: str
    """The kind of its entries, for messages."""
    ask: Callable[[Any, str], Told]
    """A function that takes a client and its Region, and returns the entries of the service there."""
    put: Callable[[str, Told, str, str], Answer]
    """A function that takes the file content, the entries, their source and the ISO date; returns the new content."""


def merged(answers: Iterable[Told]) -> Told:
    """Return the names of all Regions, with the details of the first Region that has any."""
    found: dict[str, dict[str, str | None]] = {}
    for told in answers:
        for name, facts in told.items():
            known = found.setdefault(name, {})
            known.update({key: fact for key, fact in facts.items() if known.get(key) is None})
    return found


def enabled_regions(ec2: Any) -> list[str]:
    """Return the names of the Regions that are enabled for the account."""
    return sorted(str(entry["RegionName"]) for entry in ec2.describe_regions()["Regions"])


def client(service: str, region: str, profile: str | None) -> Any:
    """Return a client that gives up within a minute.

    Raises:
        botocore.exceptions.BotoCoreError: the profile or Region does not exist.
    """
    import boto3
    from botocore.config import Config

    # The SDK's own defaults wait for minutes where there is no way to AWS.
    patience = Config(connect_timeout=10, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 3})
    session = boto3.Session(profile_name=profile, region_name=region)
    return session.client(service, config=patience)


def _pages(client: Any, operation: str, key: str, **arguments: Any) -> list[Any]:
    pages = client.get_paginator(operation).paginate(**arguments)
    return [entry for page in pages for entry in page.get(key, ())]


def versions(eks: Any, _: str) -> Told:
    """Read the Kubernetes versions, and the dates on which their support starts and ends."""
    entries = _pages(eks, "describe_cluster_versions", "clusterVersions", includeAll=True)
    days = ("releaseDate", "endOfStandardSupportDate", "endOfExtendedSupportDate")
    return {
        str(entry["clusterVersion"]): {
            key: _day(entry.get(day)) for key, day in zip(writing.SUPPORT, days, strict=True)
        }
        for entry in entries
        if entry.get("clusterType") in _OF_EKS
    }


def _day(moment: date | None) -> str | None:
    return None if moment is None else moment.isoformat()[:10]


def addon_names(eks: Any, _: str) -> Told:
    """Read the names of AWS add-ons."""
    entries = _pages(eks, "describe_addon_versions", "addons")
    return {str(entry["addonName"]): {} for entry in entries if entry.get("owner", _OF_AWS) == _OF_AWS}


def versions_of_addons(eks: Any, _: str) -> Told:
    """Read the versions of add-ons, and the Kubernetes versions that each supports."""
    entries = _pages(eks, "describe_addon_versions", "addons")
    return {
        str(entry["addonName"]): {**addon_versions.compact(entry.get("addonVersions", []))}
        for entry in entries
        if entry.get("owner", _OF_AWS) in _KEPT
    }


def endpoint_services(ec2: Any, region: str) -> Told:
    """Read the AWS endpoint services of a Region."""
    entries = _pages(ec2, "describe_vpc_endpoint_services", "ServiceDetails")
    return {short: {} for short in _short_names(entries, region)}


def _short_names(entries: Iterable[Mapping[str, Any]], region: str) -> Iterable[str]:
    for entry in entries:
        _, found, short = str(entry["ServiceName"]).partition(f".amazonaws.{region}.")
        interface = any(kind.get("ServiceType") == "Interface" for kind in entry.get("ServiceType", ()))
        if found and interface and entry.get("Owner", "amazon") == "amazon":
            yield short


def image_parameters(ssm: Any, _: str) -> Told:
    """Read the image parameters for the newest Kubernetes version."""
    names = list(node_images.parameters(kubernetes.NEWEST))
    calls = (names[first : first + _MOST_NAMES] for first in range(0, len(names), _MOST_NAMES))
    return {str(one["Name"]): {} for some in calls for one in ssm.get_parameters(Names=some)["Parameters"]}


def auto_mode_policies(iam: Any, _: str) -> Told:
    """Read the version of each Auto Mode policy."""
    arn = f"arn:{iam.meta.partition}:iam::aws:policy"
    return {
        name: {"version": str(iam.get_policy(PolicyArn=f"{arn}/{name}")["Policy"]["DefaultVersionId"])}
        for name in (*auto_mode.CLUSTER, *auto_mode.NODE)
    }


def region_names(ec2: Any, _: str) -> Told:
    """Read the Regions of the partition, whether enabled for the account or not."""
    entries = ec2.describe_regions(AllRegions=True)["Regions"]
    return {str(entry["RegionName"]): {"partition": str(ec2.meta.partition)} for entry in entries}


KINDS: Mapping[str, Kind] = {
    "versions": Kind(
        "kubernetes.json", "eks", "eks:DescribeClusterVersions", "Kubernetes versions", versions, writing.put_versions
    ),
    "addons": Kind("addons.json", "eks", "eks:DescribeAddonVersions", "AWS add-ons", addon_names, writing.put_addons),
    "addon-versions": Kind(
        "addon_versions.json",
        "eks",
        "eks:DescribeAddonVersions",
        "add-on versions",
        versions_of_addons,
        writing.put_addon_versions,
    ),
    "endpoints": Kind(
        "endpoints.json",
        "ec2",
        "ec2:DescribeVpcEndpointServices",
        "endpoint services",
        endpoint_services,
        writing.put_endpoints,
    ),
    "images": Kind(
        "node_images.json", "ssm", "ssm:GetParameters", "image parameters", image_parameters, writing.put_images
    ),
    "auto-mode": Kind(
        "auto_mode.json", "iam", "iam:GetPolicy", "Auto Mode policies", auto_mode_policies, writing.put_policies
    ),
    "regions": Kind("regions_told.json", "ec2", "ec2:DescribeRegions", "Regions", region_names, writing.put_regions),
}
"""The data that a refresh can read, besides instance types."""
