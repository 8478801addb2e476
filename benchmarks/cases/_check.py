"""Checkers on the same template: ours, cfn-lint, checkov, cfn-guard with the Control Tower rules."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.cases._case import BIN, FAIR, PEERS, Case
from benchmarks.cases._synth import OURS
from benchmarks.peers import GUARD, guard_binary

SIZES = (1, 100, 500, 1000, 2000)


def check(folder: Path) -> tuple[Case, ...]:
    """Write the templates into `folder` and return the cases that read them."""
    assembly = folder / "reference.out"
    subprocess.run(
        OURS.command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **OURS.env, "CDK_OUTDIR": str(assembly)}
    )
    template = next(assembly.glob("*.template.json"))
    ours = str(BIN / "hardened-eks")
    sizes = [(size, folder / f"{size}.template.json") for size in SIZES]
    for size, file in sizes:
        file.write_text(json.dumps(multiply(json.loads(template.read_text()), size), indent=1))
    return (
        Case("check", "hardened-eks check cdk.out", (ours, "check", str(assembly)), FAIR, (0, 1)),
        *(
            Case(f"check-{n}", f"hardened-eks check, {n} resources", (ours, "check", str(file)), FAIR, (0, 1))
            for n, file in sizes
        ),
        Case("help", "hardened-eks --help", (ours, "--help"), FAIR),
        Case("import", "import hardened_eks", (sys.executable, "-c", "import hardened_eks"), FAIR),
        Case("python", "python -c pass", (sys.executable, "-c", "pass"), FAIR),
        Case("cfn-lint", "cfn-lint, the same template", (str(BIN / "cfn-lint"), str(template)), FAIR, tuple(range(16))),
        *_peers(str(template)),
    )


def _peers(template: str) -> list[Case]:
    checkov = PEERS / "checkov/.venv/bin/checkov"
    found = []
    if checkov.exists():
        options = ("--framework", "cloudformation", "--compact", "--quiet", "--skip-download")
        found.append(
            Case("checkov", "checkov, the same template", (str(checkov), "-f", template, *options), FAIR, (0, 1))
        )
    if GUARD.exists():
        rules = str(GUARD / "rules/control-tower/cfn-guard")
        command = (str(guard_binary()), "validate", "-r", rules, "-d", template)
        found.append(
            Case("cfn-guard", "cfn-guard with the Control Tower rules, the same template", command, FAIR, (0, 19))
        )
    return found


def multiply(template: dict[str, Any], resources: int) -> dict[str, Any]:
    """Repeat a template's resources under new logical IDs until there are that many."""
    source = template["Resources"]
    built: dict[str, Any] = {}
    for number in range(-(-resources // len(source))):
        text = json.dumps(source)
        for logical_id in sorted(source, key=len, reverse=True):
            text = text.replace(f'"{logical_id}"', f'"{logical_id}x{number}"')
            text = text.replace(f"${{{logical_id}", f"${{{logical_id}x{number}")
        built.update(json.loads(text))
    return {**template, "Resources": dict(list(built.items())[:resources])}
