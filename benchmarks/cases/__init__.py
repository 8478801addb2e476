"""What is measured: groups of cases, each a command that a user would run."""

from benchmarks.cases._audit import audit
from benchmarks.cases._case import Case
from benchmarks.cases._check import check
from benchmarks.cases._synth import FLOOR, OURS, growth, synth
from benchmarks.cases._user import fast, user

__all__ = ["FLOOR", "OURS", "Case", "audit", "check", "fast", "growth", "synth", "user"]
