"""Groups of benchmark cases. Each case is a command that a user would run."""

from benchmarks.cases._audit import audit
from benchmarks.cases._case import Case
from benchmarks.cases._check import check
from benchmarks.cases._diagram import diagram
from benchmarks.cases._manifests import manifests
from benchmarks.cases._synth import FLOOR, OURS, everything, growth, synth
from benchmarks.cases._user import fast, user

__all__ = [
    "FLOOR",
    "OURS",
    "Case",
    "audit",
    "check",
    "diagram",
    "everything",
    "fast",
    "growth",
    "manifests",
    "synth",
    "user",
]
