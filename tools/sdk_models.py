"""Write `hardened_eks/data/sdk` from the installed botocore: models for audits and upgrades, without documentation.

python -m tools.sdk_models       after a new botocore, and after a change of these calls
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.loaders import Loader

from hardened_eks.sources.account.calls import ALLOWED
from hardened_eks.sources.account.upgrades import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FOLDER = Path(__file__).parents[1] / "hardened_eks" / "data" / "sdk"
_WORDS = frozenset({"documentation", "documentationUrl", "examples"})
_WHOLE = frozenset({"sts"})
"""Services that the SDK itself calls for credentials, so their models stay whole."""


def operations() -> dict[str, frozenset[str]]:
    """Return the calls of audits and upgrades: service -> the operations."""
    calls = ALLOWED | set(ACTIONS)
    services = {call.partition(":")[0] for call in calls} - _WHOLE
    return {
        service: frozenset(call.partition(":")[2] for call in calls if call.startswith(f"{service}:"))
        for service in sorted(services)
    }


def trimmed(model: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return a model with these operations alone, the shapes that they use, and no word about them."""
    kept = {name: _wordless(model["operations"][name]) for name in sorted(names)}
    roots = [
        one["shape"]
        for operation in kept.values()
        for one in (operation.get("input"), operation.get("output"), *operation.get("errors", ()))
        if one
    ]
    shapes = {name: _shape(model["shapes"][name]) for name in sorted(_used(model["shapes"], roots))}
    others = {key: value for key, value in model.items() if key not in {*_WORDS, "operations", "shapes"}}
    return {**others, "operations": kept, "shapes": shapes}


def _used(shapes: Mapping[str, Any], roots: list[str]) -> set[str]:
    found: set[str] = set()
    while roots:
        name = roots.pop()
        if name not in found:
            found.add(name)
            roots += [one["shape"] for one in _parts(shapes[name])]
    return found


def _parts(shape: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*shape.get("members", {}).values(), *(shape[key] for key in ("member", "key", "value") if key in shape)]


def _shape(shape: Mapping[str, Any]) -> dict[str, Any]:
    """Return a shape without words; a member may be named like one."""
    found = _wordless(shape)
    for key in ("member", "key", "value"):
        found |= {key: _wordless(shape[key])} if key in shape else {}
    if "members" in shape:
        found["members"] = {name: _wordless(one) for name, one in shape["members"].items()}
    return found


def _wordless(entry: Mapping[str, Any]) -> dict[str, Any]:
    errors = {"errors": [_wordless(one) for one in entry["errors"]]} if "errors" in entry else {}
    ends = {key: _wordless(entry[key]) for key in ("input", "output") if key in entry}
    return {key: value for key, value in entry.items() if key not in _WORDS} | errors | ends


def text(model: Mapping[str, Any]) -> str:
    """Return a model as its file has it: a line for each operation and shape."""
    parts = [f"{_json(key)}: {_json(value)}" for key, value in model.items() if key not in {"operations", "shapes"}]
    for key in ("operations", "shapes"):
        lines = ",\n".join(f"{_json(name)}: {_json(one)}" for name, one in model[key].items())
        parts.append(f"{_json(key)}: {{\n{lines}\n}}")
    return "{" + ",\n".join(parts) + "}\n"


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def read(service: str) -> dict[str, Any]:
    """Return the trimmed model of a service, from the botocore that is installed."""
    loader = Loader(include_default_search_paths=False, extra_search_paths=[Loader.BUILTIN_DATA_PATH])
    return trimmed(loader.load_service_model(service, "service-2"), operations()[service])


def main() -> None:
    """Write the files."""
    found = {service: read(service) for service in operations()}
    for file in FOLDER.glob("*.json"):
        if file.stem not in found:
            file.unlink()
    for service, model in found.items():
        (FOLDER / f"{service}.json").write_text(text(model), encoding="utf-8")


if __name__ == "__main__":
    main()
