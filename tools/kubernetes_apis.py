"""Write hardened_eks/data/kubernetes_apis.json: the Kubernetes API versions that are removed, and their replacements.

Usage: python -m tools.kubernetes_apis

The schemas in the development dependency kubernetes-validate list the API versions that each release serves. Versions
that were removed before the oldest schema are copied by hand from the deprecation guide; the tool keeps them unchanged.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import kubernetes_validate

from hardened_eks.data.kubernetes import minor

TARGET = Path(__file__).parents[1] / "hardened_eks" / "data" / "kubernetes_apis.json"
_SCHEMAS = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
_FOLDER = re.compile(r"v(1\.\d+)\.\d+-local")
_STABLE = re.compile(r"v\d+")
_NO_OBJECTS = {"DeleteOptions", "WatchEvent", "Status", "APIGroup", "APIVersions", "APIResourceList", "Scale"}

Kind = tuple[str, str, str]
"""Group, version and kind."""


def served() -> dict[str, set[Kind]]:
    """Return the API versions that each release serves, oldest release first."""
    found: dict[str, set[Kind]] = {}
    for folder in _SCHEMAS.iterdir():
        match = _FOLDER.fullmatch(folder.name)
        if match:
            definitions = json.loads((folder / "_definitions.json").read_text(encoding="utf-8"))["$defs"]
            found[match[1]] = set(_kinds(definitions))
    return {version: found[version] for version in sorted(found, key=minor)}


def _kinds(definitions: dict[str, Any]) -> set[Kind]:
    named = (
        (one["group"], one["version"], one["kind"])
        for body in definitions.values()
        for one in body.get("x-kubernetes-group-version-kind", ())
    )
    return {one for one in named if not one[2].endswith("List") and one[2] not in _NO_OBJECTS}


def going(served: dict[str, set[Kind]]) -> dict[str, dict[str, str]]:
    """Return the API versions that a release no longer serves, and those that a stable version has replaced."""
    versions = list(served)
    found: dict[str, dict[str, str]] = {}
    for before, after in pairwise(versions):
        for kind in served[before] - served[after]:
            found.setdefault(_name(kind), {})["removed"] = after
            if instead := _stable(kind, served[after]):
                found[_name(kind)]["instead"] = instead
    for version in versions:
        for kind in served[version]:
            if not _STABLE.fullmatch(kind[1]) and (instead := _stable(kind, served[version])):
                found.setdefault(_name(kind), {}).setdefault("deprecated", version)
                found[_name(kind)].setdefault("instead", instead)
    return dict(sorted(found.items()))


def _name(kind: Kind) -> str:
    return f"{'/'.join(part for part in kind[:2] if part)} {kind[2]}"


def _stable(kind: Kind, offered: set[Kind]) -> str | None:
    found = sorted(one for one in offered if (one[0], one[2]) == (kind[0], kind[2]) and _STABLE.fullmatch(one[1]))
    return "/".join(part for part in found[-1][:2] if part) if found else None


def text(by_hand: dict[str, Any]) -> str:
    """Return the file's content.

    Args:
        by_hand: the part that was written by hand.
    """
    known = served()
    release = importlib.metadata.version("kubernetes-validate")
    head = {
        "source": f"schemas of the Python package kubernetes-validate {release}",
        "from": next(iter(known)),
        "to": list(known)[-1],
        "guide": "https://kubernetes.io/docs/reference/using-api/deprecation-guide/",
    }
    parts = {"read": by_hand, "apis": going(known)}
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    for name, entries in parts.items():
        inner = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in entries.items())
        lines.append(f" {json.dumps(name)}: {{\n{inner}\n }}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Write the file."""
    TARGET.write_text(text(json.loads(TARGET.read_text(encoding="utf-8"))["read"]), encoding="utf-8")
    print(f"wrote {TARGET}")


if __name__ == "__main__":
    main()
