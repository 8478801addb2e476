"""A stand-in for `kubectl apply --server-side -k FOLDER`: validates each object by the schema of Kubernetes, strictly.

No Kubernetes API runs here. It reads what the kustomization names and refuses every other command.
"""

from __future__ import annotations

import sys
from pathlib import Path

import kubernetes_validate
import yaml

VERSION = "1.37"


def main(arguments: list[str]) -> None:
    if arguments[:-1] != ["apply", "--server-side", "-k"]:
        sys.exit(f"error: this stand-in knows `kubectl apply --server-side -k FOLDER`, not {arguments}")
    folder = Path(arguments[-1])
    kustomization = yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8"))
    for name in kustomization["resources"]:
        for item in yaml.safe_load_all((folder / name).read_text(encoding="utf-8")):
            kubernetes_validate.validate(item, VERSION, strict=True)
            print(f"{item['kind'].lower()}/{item['metadata']['name']} serverside-applied")


if __name__ == "__main__":
    main(sys.argv[1:])
