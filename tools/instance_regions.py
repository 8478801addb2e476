"""Write `hardened_eks/data/instance_regions.json` from EC2's price list by Region, which cfn-lint contains.

    python -m tools.instance_regions            # write the file
    python -m tools.instance_regions --check    # exit with 1 if the file is stale

The price list names every type that was ever sold in a Region, and new types are added late. The data is only a hint.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import cfnlint

from hardened_eks import _clock

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).parents[1] / "hardened_eks" / "data" / "instance_regions.json"
LISTS = Path("schemas", "extensions", "aws_ec2_instance", "instancetype_enum.json")
NO_REGIONS = ("all", "description")


def by_region() -> dict[str, set[str]]:
    """Return the instance types of each Region."""
    lists = json.loads((Path(cfnlint.__file__).parent / "data" / LISTS).read_text("utf-8"))
    return {name: set(one["enum"]) for name, one in lists.items() if name not in NO_REGIONS and one["enum"]}


def lacking(types: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """Return the types that each Region lacks and others have: a family, or single sizes of a family that it has."""
    everywhere = set().union(*types.values())
    families: dict[str, set[str]] = defaultdict(set)
    for name in everywhere:
        families[name.partition(".")[0]].add(name)
    found = {}
    for region, here in sorted(types.items()):
        lacks = {family if here.isdisjoint(names) else name
                 for family, names in families.items() for name in names - here}  # fmt: skip
        found[region] = sorted(lacks)
    return found


def text(read: str) -> str:
    """Return the file's content, one Region per line."""
    types = by_region()
    source = f"Price list by region, as carried by cfn-lint {version('cfn-lint')} ({LISTS.as_posix()})"
    head = json.dumps({"source": source, "read": read, "types": len(set().union(*types.values()))}, indent=1)
    lines = ",\n".join(f"  {json.dumps(region)}: {json.dumps(lacks)}" for region, lacks in lacking(types).items())
    return f'{head[:-2]},\n "lacks": {{\n{lines}\n }}\n}}\n'


def main() -> None:
    """Write the file, or with ``--check`` compare it."""
    now = FILE.read_text("utf-8") if FILE.exists() else ""
    if "--check" in sys.argv:
        sys.exit(0 if now and now == text(json.loads(now)["read"]) else f"{FILE.name} is stale: run {__spec__.name}")
    FILE.write_text(text(_clock.today().isoformat()), encoding="utf-8")


if __name__ == "__main__":
    main()
