"""Diagrams of templates: the reference cluster, and many clusters."""

import os
import subprocess
from pathlib import Path

from benchmarks.cases._case import BIN, Case
from benchmarks.cases._synth import FAIR, OURS

CLUSTERS = 16


def diagram(folder: Path) -> tuple[Case, ...]:
    """Synthesize the apps into `folder` and return the cases that draw them."""
    one, many = folder / "drawn-1.out", folder / f"drawn-{CLUSTERS}.out"
    for outdir, clusters in ((one, 1), (many, CLUSTERS)):
        env = {**os.environ, **OURS.env, "CDK_OUTDIR": str(outdir), "CLUSTERS": str(clusters)}
        subprocess.run(OURS.command, check=True, stdout=subprocess.DEVNULL, env=env)
    ours = str(BIN / "hardened-eks")
    return (
        Case("diagram-help", "hardened-eks diagram --help", (ours, "diagram", "--help"), FAIR),
        Case("diagram", "hardened-eks diagram, the reference cluster", (ours, "diagram", str(one)), FAIR),
        Case("diagram-many", f"hardened-eks diagram, {CLUSTERS} clusters", (ours, "diagram", str(many)), FAIR),
    )
