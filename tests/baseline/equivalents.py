"""Mutants that decide no request otherwise, and why."""

EQUIVALENT: dict[tuple[str, str], str] = {}
"""(policy, mutant) -> reason."""
