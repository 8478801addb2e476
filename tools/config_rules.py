"""Write hardened_eks/data/config_rules.json: the AWS Config managed rules, from the list in the package moto.

Usage: pip download --no-deps moto==VERSION && python -m tools.config_rules moto-VERSION-py3-none-any.whl DAY

DAY is the date on which the list was created, YYYY-MM-DD. moto reads AWS's documentation page by page, because AWS
does not publish a list.
"""

import gzip
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import botocore.session

from hardened_eks.controls.frameworks import CONFIG, requirements

TARGET = Path(__file__).parents[1] / "hardened_eks" / "data" / "config_rules.json"
MEMBER = "moto/config/resources/aws_managed_rules.json.gz"
PAGE = "https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html"
TRIGGERS = {"Configuration changes": "change", "Periodic": "periodic", "Configuration changes and Periodic": "both"}


def region_names() -> dict[str, str]:
    """Return a map from the name of each Region in AWS's documentation to its ID."""
    partitions = botocore.session.get_session().get_data("endpoints")["partitions"]
    return {found["description"]: id_ for one in partitions for id_, found in one["regions"].items()}


def regions(prose: str, names: dict[str, str]) -> dict[str, list[str]]:
    """Return the Regions of a rule from a sentence such as ``All supported AWS regions except A (B), C (D) Region``.

    Raises:
        ValueError: the sentence or the name of a Region is unknown.
    """
    match = re.fullmatch(
        r"(All supported AWS regions)(?: except (.*?))?|Only available in (.*?)", prose.removesuffix(" Region")
    )
    if match is None:
        raise ValueError(f"not understood: {prose!r}")
    listed = match[2] or match[3] or ""
    found = [name.strip() for name in re.findall(r"[^,()]+\([^)]*\)", listed)]
    if ", ".join(found) != listed or not set(found) <= set(names):
        raise ValueError(f"regions not understood: {prose!r}")
    ids = sorted(names[name] for name in found)
    return {"only": ids} if match[3] else {"without": ids} if ids else {}


def rule(entry: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Return the data to keep for a rule."""
    parameters = {
        one["Name"]: {"required": not one.get("Optional", True)}
        | ({"default": one["Default"]} if "Default" in one else {})
        for one in entry["Parameters"]
    }
    made: dict[str, Any] = {"trigger": TRIGGERS[entry["Trigger type"]], **regions(entry["AWS Region"], names)}
    return made | ({"parameters": parameters} if parameters else {})


def main() -> None:
    """Write the file."""
    wheel, day = sys.argv[1:]
    with zipfile.ZipFile(wheel) as archive:
        listed = json.loads(gzip.decompress(archive.read(MEMBER)))["ManagedRules"]
    version = Path(wheel).name.split("-")[1]
    wanted = sorted({id_ for one in requirements().values() for id_ in one.references.get(CONFIG, ())} & set(listed))
    names = region_names()
    rules = {id_: rule(listed[id_], names) for id_ in wanted}
    head = {
        "source": f"{PAGE} as carried by the Python package moto {version} ({MEMBER})",
        "read": day,
    }
    lines = [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    lines += [f' "identifiers": {json.dumps(sorted(listed))},', ' "rules": {']
    lines += [",\n".join(f"  {json.dumps(id_)}: {json.dumps(one)}" for id_, one in rules.items()), " }"]
    TARGET.write_text("{\n" + "\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(listed)} identifiers, {len(rules)} rules of the catalog")


if __name__ == "__main__":
    main()
