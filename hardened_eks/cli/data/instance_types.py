"""Ask EC2 which instance types there are, in the shape of `hardened_eks.data.instances`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from hardened_eks.data import instances

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


class Refreshed(NamedTuple):
    """What a refresh changed, compared with the data before."""

    total: int
    new: int
    gone: int


def ask(*, region: str, profile: str | None = None) -> list[Mapping[str, Any]]:
    """Ask EC2.

    Args:
        region: where to ask; new types come to us-east-1 first.
        profile: of the AWS configuration. Default: the SDK's default profile.

    Returns:
        The entries of describe-instance-types.

    Raises:
        botocore.exceptions.ClientError: EC2 refuses; ``ec2:DescribeInstanceTypes`` is needed.
        botocore.exceptions.BotoCoreError: EC2 cannot be asked: no credentials, no such profile, no network.
    """
    from hardened_eks.cli.data.asking import client

    pages = client("ec2", region, profile).get_paginator("describe_instance_types").paginate()
    return [entry for page in pages for entry in page["InstanceTypes"]]


def rewrite(file: Path, types: Iterable[Mapping[str, Any]], *, regions: str, today: str) -> Refreshed:
    """Rewrite the data file from EC2's own answer.

    Args:
        file: ``hardened_eks/data/instance_types.json`` or a copy.
        types: the answer, or those of several Regions together: the details of the first Region count.
        regions: whose answer it is, kept in the file.
        today: ISO date, kept in the file.

    Returns:
        How many types there are now, and how that differs from what is known.

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
    """Turn answers of describe-instance-types into families with sizes."""
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
    """Write one family a line, so that a refresh reads well as a change."""
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
    """Return the first network card that takes an Elastic Fabric Adapter and how many adapters there may be."""
    if not network.get("EfaSupported"):
        return []
    cards = network.get("NetworkCards", ())
    able = [index for index, card in enumerate(cards) if "efa" in card.get("InterfaceTypes", ("efa",))]
    return [min(able, default=0), int(network.get("EfaInfo", {}).get("MaximumEfaInterfaces", 1))]
