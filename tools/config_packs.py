"""Write `hardened_eks/data/config_packs.json` from the requirements and the catalog.

    python -m tools.config_packs            # write the file
    python -m tools.config_packs --check    # exit with 1 if the file is stale

The packs that constructs deploy name controls, but constructs must not import controls. This file decouples them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from hardened_eks.conformance import CUSTOM, TIERS
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.frameworks import CONFIG, OWN, requirements

FILE = Path(__file__).parents[1] / "hardened_eks" / "data" / "config_packs.json"


def document() -> dict[str, Any]:
    """Return the file's content."""
    custom = {rule.requirement for rule in CUSTOM}
    found = {
        one.key: {
            "tier": one.tier,
            "controls": [control.id for control in CATALOGUE if one.key in control.requirements],
            "frameworks": sorted(set(one.references) - {CONFIG, OWN}),
            "rules": sorted(one.references.get(CONFIG, ())),
        }
        for one in requirements().values()
        if one.tier in TIERS and (one.references.get(CONFIG) or one.key in custom)
    }
    return {"source": "hardened_eks/controls/frameworks/requirements.json and the catalog", "requirements": found}


def text() -> str:
    """Return the content as JSON, one requirement per line."""
    content = document()
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(entry)}" for key, entry in content["requirements"].items())
    return f'{{\n "source": {json.dumps(content["source"])},\n "requirements": {{\n{lines}\n }}\n}}\n'


def main(arguments: list[str]) -> int:
    """Write the file, or with ``--check`` report whether it is stale."""
    if "--check" in arguments:
        stale = FILE.read_text("utf-8") != text()
        print("stale: run python -m tools.config_packs" if stale else "current")
        return int(stale)
    FILE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
