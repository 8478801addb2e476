"""Write the pictures of the README from its first example. `make pictures` calls this."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from hardened_eks.diagram import Theme, draw, gather
from hardened_eks.sources import load

DOCS = Path(__file__).parent
EXAMPLE = DOCS / "examples" / "first_cluster.py"
SETTINGS = DOCS / "examples" / "cdk.json"


def pictures(assembly: Path) -> dict[str, str]:
    """Return the pictures by their path below docs/."""
    facts = gather(load([str(assembly)]).assembly)
    themes = (Theme.LIGHT, Theme.DARK)
    return {f"images/first-cluster-{theme}.svg": draw(facts, theme) for theme in themes}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        context = json.dumps(json.loads(SETTINGS.read_text(encoding="utf-8"))["context"])
        environment = {**os.environ, "CDK_OUTDIR": folder, "CDK_CONTEXT_JSON": context}
        subprocess.run([sys.executable, str(EXAMPLE)], check=True, cwd=folder, env=environment)
        for name, text in pictures(Path(folder)).items():
            path = DOCS / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
