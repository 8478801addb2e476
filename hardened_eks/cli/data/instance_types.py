"""Read the instance types from EC2, in the format of `hardened_eks.data.instances`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from hardened_eks.data import instances

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


class Refreshed(NamedTuple):
    """The changes of a refresh, compared with the previous data."""

    total: int
    new: int
    gone: int


def ask(*, region: str, profile: str | None = None) -> list[Mapping[str, Any]]:
    """Read the instance types from EC2.

    Args:
        region: the Region to read; new types appear first in us-east-1.
        profile: the profile in the AWS configuration. Default: the default profile of the SDK.

    Returns:
        The entries of describe-instance-types.

    Raises:
        botocore.exceptions.ClientError: EC2 denied the call; ``ec2:DescribeInstanceTypes`` is needed.
        botocore.exceptions.BotoCoreError: EC2 cannot be called: no credentials, an unknown profile, no network.
    """
    from hardened_eks.cli.data.asking import client

    pages = client("ec2", region, profile).get_paginator("describe_instance_types").paginate()
    return [entry for page in pages for entry in page["InstanceTypes"]]


def rewrite(file: Path, types: Iterable[Mapping[str, Any]], *, regions: str, today: str) -> Refreshed:
    """Rewrite the data file from the response of EC2.

    Args:
        file: ``hardened_eks/data/instance_types.json`` or a copy.
        types: the response, or those of several Regions together; the details of the first Region count.
        regions: the Regions of the response, which the file names.
        today: the ISO date, which the file names.

    Returns:
        The number of types, and the changes from the previous data.

    Raises:
        OSError: the file cannot be written.
    """
    entries: dict[str, Mapping[str, Any]] = {}
    for entry in types:
        entries.setdefault(str(entry["InstanceType"]), entry)
    before, now = set(instances.names()), entries.keys()
    document = compact(entries.values(), source=f"ec2:DescribeInstanceTypes in {regions}", read=today)
    file.write_text(render(document), encoding="utf-8")
    return Refreshed(total=len(now), new=len(now - before), gone=len(before - now))


def compact(types: Iterable[Mapping[str, Any]], *, source: str, read: str) -> dict[str, Any]:
    """Convert responses of describe-instance-types into families with sizes."""
    families: dict[str, dict[str, Any]] = {}
    for entry in sorted(types, key=lambda e: str(e["InstanceType"])):
        name, size = str(entry["InstanceType"]).split(".", 1)
        facts = _facts(entry)
        family = families.setdefault(name, {**facts, "sizes": {}})
        own = {key: value for key, value in facts.items() if family[key] != value}
        sizing = [entry["VCpuInfo"]["DefaultVCpus"], entry["MemoryInfo"]["SizeInMiB"]]
        family["sizes"][size] = [*sizing, own] if own else sizing
    return {"source": source, "read": read, "families": families}


def render(document: Mapping[str, Any]) -> str:
    """Write one family per line, so that the diff of a refresh is readable."""
    lines = [f"  {json.dumps(name)}: {json.dumps(family)}" for name, family in document["families"].items()]
    head = f' "source": {json.dumps(document["source"])},\n "read": {json.dumps(document["read"])},\n "families": {{\n'
    return "{\n" + head + ",\n".join(lines) + "\n }\n}\n"


def _facts(entry: Mapping[str, Any]) -> dict[str, Any]:
    gpus = entry.get("GpuInfo", {}).get("Gpus", [])
    return {
        "hypervisor": entry.get("Hypervisor") or "none",
        "metal": bool(entry["BareMetal"]),
        "architectures": [a for a in entry["ProcessorInfo"]["SupportedArchitectures"] if a != "i386"],
        "encrypted": bool(entry["NetworkInfo"].get("EncryptionInTransitSupported")),
        "gpu": str(gpus[0].get("Manufacturer", "")) if gpus else "",
        "efa": _efa(entry["NetworkInfo"]),
    }


def _efa(network: Mapping[str, Any]) -> list[int]:
    """Return the first network card that supports an Elastic Fabric Adapter, and the maximum number of adapters."""
    if not network.get("EfaSupported"):
        return []
    cards = network.get("NetworkCards", ())
    able = [index for index, card in enumerate(cards) if "efa" in card.get("InterfaceTypes", ("efa",))]
    return [min(able, default=0), int(network.get("EfaInfo", {}).get("MaximumEfaInterfaces", 1))]
