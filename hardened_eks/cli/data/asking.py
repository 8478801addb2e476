"""Read the data of the package from AWS, and write it to the data files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from hardened_eks.data import addon_versions, addons, auto_mode, endpoints, kubernetes, node_images, regions

if TYPE_CHECKING:
    from datetime import date

_OF_EKS = {None, "eks"}
_OF_AWS = "aws"
_KEPT = {_OF_AWS, "community"}
"""Owners of the add-ons whose versions are kept, which excludes marketplace add-ons."""
_MOST_NAMES = 10  # of one call to ssm:GetParameters
_SUPPORT = ("released", "end_of_standard_support", "end_of_extended_support")


class Answer(NamedTuple):
    """The response of a service, merged into the content of a data file."""

    text: str
    """The file."""
    total: int
    """The number of entries after the refresh."""
    new: int
    """The number of new entries."""


Told = Mapping[str, Mapping[str, str | None]]
"""The names that a service returns in a Region, with their details."""


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
        str(entry["clusterVersion"]): {key: _day(entry.get(day)) for key, day in zip(_SUPPORT, days, strict=True)}
        for entry in entries
        if entry.get("clusterType") in _OF_EKS
    }


def put_versions(text: str, told: Told, asked: str, today: str) -> Answer:
    """Write the versions; one that EKS no longer returns keeps its known dates."""
    document = json.loads(text)
    known: dict[str, Mapping[str, str | None]] = {**document["versions"]}
    new = len(told.keys() - known.keys())
    for name, days in told.items():
        before = known.get(name, {})
        known[name] = {key: days.get(key) or before.get(key) for key in _SUPPORT}
    head = {
        "source": kubernetes.SOURCE,
        "asked": asked,
        "read": today,
        "refresh": "hardened-eks data refresh --only versions",
    }
    ordered = sorted(known, key=lambda name: [int(part) for part in name.split(".")])
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(known[name])}" for name in ordered)
    return Answer(f'{json.dumps(head, indent=2)[:-2]},\n  "versions": {{\n{lines}\n  }}\n}}\n', len(told), new)


def _day(moment: date | None) -> str | None:
    return None if moment is None else moment.isoformat()[:10]


def addon_names(eks: Any, _: str) -> Told:
    """Read the names of AWS add-ons."""
    entries = _pages(eks, "describe_addon_versions", "addons")
    return {str(entry["addonName"]): {} for entry in entries if entry.get("owner", _OF_AWS) == _OF_AWS}


def put_addons(text: str, told: Told, asked: str, today: str) -> Answer:
    """Write the add-ons; only the names of new ones are known, and a person adds their requirements."""
    named = sorted({*addons.NAMED, *told} - addons.ADDONS.keys())
    new = len(set(named) - set(addons.NAMED))
    return Answer(_put(text, "named", named, f"{asked}, {today}"), len(told), new)


def versions_of_addons(eks: Any, _: str) -> Told:
    """Read the versions of add-ons, and the Kubernetes versions that each supports."""
    entries = _pages(eks, "describe_addon_versions", "addons")
    return {
        str(entry["addonName"]): {**addon_versions.compact(entry.get("addonVersions", []))}
        for entry in entries
        if entry.get("owner", _OF_AWS) in _KEPT
    }


def put_addon_versions(text: str, told: Told, asked: str, today: str) -> Answer:
    """Replace the versions in the file, because EKS also removes old ones."""
    document = json.loads(text)
    new = len(told.keys() - document["addons"].keys())
    head = {"source": document["source"], "asked": f"{asked}, {today}"}
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(told[name])}" for name in sorted(told))
    whole = f'{json.dumps(head, indent=2)[:-2]},\n  "addons": {{\n{lines}\n  }}\n}}\n'
    return Answer(whole, len(told), new)


def endpoint_services(ec2: Any, region: str) -> Told:
    """Read the AWS endpoint services of a Region."""
    entries = _pages(ec2, "describe_vpc_endpoint_services", "ServiceDetails")
    return {short: {} for short in _short_names(entries, region)}


def put_endpoints(text: str, told: Told, asked: str, today: str) -> Answer:
    """Write the endpoint services; those of other Regions stay."""
    interface = sorted({*endpoints.INTERFACE, *told})
    new = len(told.keys() - set(endpoints.INTERFACE))
    return Answer(_put(text, "interface", interface, f"{asked}, {today}"), len(told), new)


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


def put_images(text: str, told: Told, asked: str, today: str) -> Answer:
    """List the expected image parameters that are missing."""
    lacks = [name for name in node_images.parameters(kubernetes.NEWEST) if name not in told]
    asked = f"{asked}, Kubernetes {kubernetes.NEWEST}, {today}"
    return Answer(_put(text, "lacks", lacks, asked), len(told), len(node_images.LACKS & told.keys()))


def auto_mode_policies(iam: Any, _: str) -> Told:
    """Read the version of each Auto Mode policy."""
    arn = f"arn:{iam.meta.partition}:iam::aws:policy"
    return {
        name: {"version": str(iam.get_policy(PolicyArn=f"{arn}/{name}")["Policy"]["DefaultVersionId"])}
        for name in (*auto_mode.CLUSTER, *auto_mode.NODE)
    }


def put_policies(text: str, told: Told, asked: str, today: str) -> Answer:
    """Write the policy versions; a person reviews each changed version."""
    versions = {name: str(facts["version"]) for name, facts in told.items()}
    document = {**json.loads(text), "asked": f"{asked}, {today}", "versions": versions}
    new = sum(auto_mode.VERSIONS.get(name) != version for name, version in versions.items())
    return Answer(f"{json.dumps(document, indent=2)}\n", len(versions), new)


def region_names(ec2: Any, _: str) -> Told:
    """Read the Regions of the partition, whether enabled for the account or not."""
    entries = ec2.describe_regions(AllRegions=True)["Regions"]
    return {str(entry["RegionName"]): {"partition": str(ec2.meta.partition)} for entry in entries}


def put_regions(text: str, told: Told, asked: str, today: str) -> Answer:
    """Add Regions that the package does not know; those of other partitions stay."""
    document = json.loads(text)
    before = document["regions"]
    added = {name: facts["partition"] for name, facts in told.items() if name not in regions.RELEASED}
    document |= {"asked": f"{asked}, {today}", "regions": dict(sorted({**before, **added}.items()))}
    return Answer(f"{json.dumps(document, indent=2)}\n", len(told), len(added.keys() - before.keys()))


def _put(text: str, key: str, names: list[str], asked: str) -> str:
    """Write a list into a file that a person also maintains, without changing the rest."""
    listed = json.dumps(names, indent=1).replace("\n", "\n ")
    text = re.sub(rf'"{key}": \[[^\]]*\]', lambda _: f'"{key}": {listed}', text, count=1)
    return re.sub(r'"asked": "[^"]*"', lambda _: f'"asked": {json.dumps(asked)}', text, count=1)


KINDS: Mapping[str, Kind] = {
    "versions": Kind(
        "kubernetes.json", "eks", "eks:DescribeClusterVersions", "Kubernetes versions", versions, put_versions
    ),
    "addons": Kind("addons.json", "eks", "eks:DescribeAddonVersions", "AWS add-ons", addon_names, put_addons),
    "addon-versions": Kind(
        "addon_versions.json",
        "eks",
        "eks:DescribeAddonVersions",
        "add-on versions",
        versions_of_addons,
        put_addon_versions,
    ),
    "endpoints": Kind(
        "endpoints.json",
        "ec2",
        "ec2:DescribeVpcEndpointServices",
        "endpoint services",
        endpoint_services,
        put_endpoints,
    ),
    "images": Kind("node_images.json", "ssm", "ssm:GetParameters", "image parameters", image_parameters, put_images),
    "auto-mode": Kind("auto_mode.json", "iam", "iam:GetPolicy", "Auto Mode policies", auto_mode_policies, put_policies),
    "regions": Kind("regions_told.json", "ec2", "ec2:DescribeRegions", "Regions", region_names, put_regions),
}
"""The data that a refresh can read, besides instance types."""
