"""Ask AWS for what the package keeps as data, and put the answers into its files."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from hardened_eks.data import addons, auto_mode, endpoints, kubernetes, node_images

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

_OF_EKS = {None, "eks"}
_OF_AWS = "aws"
_MOST_NAMES = 10  # of one call to ssm:GetParameters
_SUPPORT = ("released", "end_of_standard_support", "end_of_extended_support")


class Answer(NamedTuple):
    """What a service said, put into a file's text."""

    text: str
    """The file."""
    total: int
    """How many entries there are now."""
    new: int
    """How many of them are new."""


class Kind(NamedTuple):
    """One file that a refresh writes."""

    file: str
    """Its name in the package's data folder."""
    service: str
    """``eks``, ``ec2``, ``ssm`` or ``iam``."""
    permission: str
    """What the identity needs."""
    what: str
    """What it holds, for a message."""
    ask: Callable[[Any, str, str, str], Answer]
    """Takes a client, the file's text now, the region and the ISO date; returns the answer."""


def client(service: str, region: str, profile: str | None) -> Any:
    """Return a client that gives up within a minute.

    Raises:
        botocore.exceptions.BotoCoreError: there is no such profile or region.
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


def versions(eks: Any, text: str, region: str, today: str) -> Answer:
    """Ask for the Kubernetes versions; one that EKS no longer names keeps the dates on record."""
    entries = _pages(eks, "describe_cluster_versions", "clusterVersions", includeAll=True)
    told = {str(e["clusterVersion"]): e for e in entries if e.get("clusterType") in _OF_EKS}
    document = json.loads(text)
    known: dict[str, Mapping[str, str | None]] = {**document["versions"]}
    new = len(told.keys() - known.keys())
    if not told:
        return Answer(text, 0, 0)
    for name, entry in told.items():
        days = (entry.get(key) for key in ("releaseDate", "endOfStandardSupportDate", "endOfExtendedSupportDate"))
        before = known.get(name, {})
        known[name] = {key: _day(day) or before.get(key) for key, day in zip(_SUPPORT, days, strict=True)}
    head = {
        "source": kubernetes.SOURCE,
        "asked": f"eks:DescribeClusterVersions in {region}",
        "read": today,
        "refresh": "hardened-eks data refresh --only versions",
    }
    ordered = sorted(known, key=lambda name: [int(part) for part in name.split(".")])
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(known[name])}" for name in ordered)
    return Answer(f'{json.dumps(head, indent=2)[:-2]},\n  "versions": {{\n{lines}\n  }}\n}}\n', len(told), new)


def _day(moment: date | None) -> str | None:
    return None if moment is None else moment.isoformat()[:10]


def addon_names(eks: Any, text: str, region: str, today: str) -> Answer:
    """Ask for the add-ons of AWS; of new ones only the name is known, what they need is read by a person."""
    entries = _pages(eks, "describe_addon_versions", "addons")
    told = {str(entry["addonName"]) for entry in entries if entry.get("owner", _OF_AWS) == _OF_AWS}
    named = sorted({*addons.NAMED, *told} - addons.ADDONS.keys()) if told else []
    new = len(set(named) - set(addons.NAMED))
    return Answer(_put(text, "named", named, f"eks:DescribeAddonVersions in {region}, {today}"), len(told), new)


def endpoint_services(ec2: Any, text: str, region: str, today: str) -> Answer:
    """Ask for the endpoint services of AWS in a region; those of other regions stay."""
    entries = _pages(ec2, "describe_vpc_endpoint_services", "ServiceDetails")
    told = set(_short_names(entries, region))
    interface = sorted({*endpoints.INTERFACE, *told})
    new = len(told - set(endpoints.INTERFACE))
    return Answer(
        _put(text, "interface", interface, f"ec2:DescribeVpcEndpointServices in {region}, {today}"), len(told), new
    )


def _short_names(entries: Iterable[Mapping[str, Any]], region: str) -> Iterable[str]:
    for entry in entries:
        _, found, short = str(entry["ServiceName"]).partition(f".amazonaws.{region}.")
        interface = any(kind.get("ServiceType") == "Interface" for kind in entry.get("ServiceType", ()))
        if found and interface and entry.get("Owner", "amazon") == "amazon":
            yield short


def image_parameters(ssm: Any, text: str, region: str, today: str) -> Answer:
    """Ask for the parameters of images of the newest Kubernetes version, and name those that are missing."""
    names = list(node_images.parameters(kubernetes.NEWEST))
    found: set[str] = set()
    for first in range(0, len(names), _MOST_NAMES):
        answer = ssm.get_parameters(Names=names[first : first + _MOST_NAMES])
        found |= {str(one["Name"]) for one in answer["Parameters"]}
    lacks = [name for name in names if name not in found]
    asked = f"ssm:GetParameters in {region}, Kubernetes {kubernetes.NEWEST}, {today}"
    return Answer(_put(text, "lacks", lacks, asked), len(found), len(node_images.LACKS & found))


def auto_mode_policies(iam: Any, text: str, region: str, today: str) -> Answer:
    """Ask for the version of each policy of Auto Mode: another one than before is for a person to read."""
    arn = f"arn:{iam.meta.partition}:iam::aws:policy"
    versions = {
        name: str(iam.get_policy(PolicyArn=f"{arn}/{name}")["Policy"]["DefaultVersionId"])
        for name in (*auto_mode.CLUSTER, *auto_mode.NODE)
    }
    document = {**json.loads(text), "asked": f"iam:GetPolicy, {today}", "versions": versions}
    new = sum(auto_mode.VERSIONS.get(name) != version for name, version in versions.items())
    return Answer(f"{json.dumps(document, indent=2)}\n", len(versions), new)


def _put(text: str, key: str, names: list[str], asked: str) -> str:
    """Put a list into a file that a person keeps as well, without touching the rest."""
    listed = json.dumps(names, indent=1).replace("\n", "\n ")
    text = re.sub(rf'"{key}": \[[^\]]*\]', lambda _: f'"{key}": {listed}', text, count=1)
    return re.sub(r'"asked": "[^"]*"', lambda _: f'"asked": {json.dumps(asked)}', text, count=1)


KINDS: Mapping[str, Kind] = {
    "versions": Kind("kubernetes.json", "eks", "eks:DescribeClusterVersions", "Kubernetes versions", versions),
    "addons": Kind("addons.json", "eks", "eks:DescribeAddonVersions", "add-ons of AWS", addon_names),
    "endpoints": Kind(
        "endpoints.json", "ec2", "ec2:DescribeVpcEndpointServices", "endpoint services", endpoint_services
    ),
    "images": Kind("node_images.json", "ssm", "ssm:GetParameters", "parameters of images", image_parameters),
    "auto-mode": Kind("auto_mode.json", "iam", "iam:GetPolicy", "policies of Auto Mode", auto_mode_policies),
}
"""What a refresh can ask for, besides instance types."""
