"""Draw the pictures for the README and for the small apps in examples/. `make pictures` runs this module."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from hardened_eks.diagram import Theme, draw, gather
from hardened_eks.sources import load

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "docs" / "examples" / "first_cluster.py"
BLUEPRINTS = tuple(sorted((ROOT / "examples").glob("*/app.py")))


def pictures(app: Path, assembly: Path) -> dict[Path, str]:
    """Return the light and dark diagrams of a synthesized app, by the path of each file."""
    facts = gather(load([str(assembly)]).assembly)
    place = ROOT / "docs" / "images" / "first-cluster" if app == EXAMPLE else app.with_name("diagram")
    return {place.with_name(f"{place.name}-{theme}.svg"): draw(facts, theme) for theme in (Theme.LIGHT, Theme.DARK)}


def _draw(app: Path) -> None:
    context = json.dumps(json.loads(app.with_name("cdk.json").read_text(encoding="utf-8"))["context"])
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CDK_OUTDIR": folder, "CDK_CONTEXT_JSON": context}
        subprocess.run([sys.executable, str(app)], check=True, cwd=folder, env=environment)
        for path, text in pictures(app, Path(folder)).items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")


def main() -> None:
    for app in (EXAMPLE, *BLUEPRINTS):
        _draw(app)


if __name__ == "__main__":
    main()
