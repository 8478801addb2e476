"""Write what AWS returned into the data files of the package."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from hardened_eks.data import addons, auto_mode, endpoints, kubernetes, node_images, regions

SUPPORT = ("released", "end_of_standard_support", "end_of_extended_support")
"""The dates of a Kubernetes version."""
Told = Mapping[str, Mapping[str, str | None]]
"""The names that a service returns in a Region, with their details."""


class Answer(NamedTuple):
    """The response of a service, merged into the content of a data file."""

    text: str
    """The file."""
    total: int
    """The number of entries after the refresh."""
    new: int
    """The number of new entries."""


def put_versions(text: str, told: Told, asked: str, today: str) -> Answer:
    """Write the versions; one that EKS no longer returns keeps its known dates."""
    document = json.loads(text)
    known: dict[str, Mapping[str, str | None]] = {**document["versions"]}
    new = len(told.keys() - known.keys())
    for name, days in told.items():
        before = known.get(name, {})
        known[name] = {key: days.get(key) or before.get(key) for key in SUPPORT}
    head = {
        "source": kubernetes.SOURCE,
        "asked": asked,
        "read": today,
        "refresh": "hardened-eks data refresh --only versions",
    }
    ordered = sorted(known, key=lambda name: [int(part) for part in name.split(".")])
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(known[name])}" for name in ordered)
    return Answer(f'{json.dumps(head, indent=2)[:-2]},\n  "versions": {{\n{lines}\n  }}\n}}\n', len(told), new)


def put_addons(text: str, told: Told, asked: str, today: str) -> Answer:
    """Write the add-ons; only the names of new ones are known, and a person adds their requirements."""
    named = sorted({*addons.NAMED, *told} - addons.ADDONS.keys())
    new = len(set(named) - set(addons.NAMED))
    return Answer(_put(text, "named", named, f"{asked}, {today}"), len(told), new)


def put_addon_versions(text: str, told: Told, asked: str, today: str) -> Answer:
    """Replace the versions in the file, because EKS also removes old ones."""
    document = json.loads(text)
    new = len(told.keys() - document["addons"].keys())
    head = {"source": document["source"], "asked": f"{asked}, {today}"}
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(told[name])}" for name in sorted(told))
    whole = f'{json.dumps(head, indent=2)[:-2]},\n  "addons": {{\n{lines}\n  }}\n}}\n'
    return Answer(whole, len(told), new)


def put_endpoints(text: str, told: Told, asked: str, today: str) -> Answer:
    """Write the endpoint services; those of other Regions stay."""
    interface = sorted({*endpoints.INTERFACE, *told})
    new = len(told.keys() - set(endpoints.INTERFACE))
    return Answer(_put(text, "interface", interface, f"{asked}, {today}"), len(told), new)


def put_images(text: str, told: Told, asked: str, today: str) -> Answer:
    """List the expected image parameters that are missing."""
    lacks = [name for name in node_images.parameters(kubernetes.NEWEST) if name not in told]
    asked = f"{asked}, Kubernetes {kubernetes.NEWEST}, {today}"
    return Answer(_put(text, "lacks", lacks, asked), len(told), len(node_images.LACKS & told.keys()))


def put_policies(text: str, told: Told, asked: str, today: str) -> Answer:
    """Write the policy versions; a person reviews each changed version."""
    versions = {name: str(facts["version"]) for name, facts in told.items()}
    document = {**json.loads(text), "asked": f"{asked}, {today}", "versions": versions}
    new = sum(auto_mode.VERSIONS.get(name) != version for name, version in versions.items())
    return Answer(f"{json.dumps(document, indent=2)}\n", len(versions), new)


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
