"""What a plan says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class Level(StrEnum):
    """What a finding means for the upgrade."""

    BLOCK = "block"
    """Resolve it first."""
    NOTE = "note"
    """Know it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that speaks against the upgrade, or that one should know."""

    level: Level
    about: str
    """What it is about: an object, a node group, an add-on, an insight."""
    message: str
    """What is the matter, and what to do."""
    file: str = ""
    """Empty where there is none."""
    line: int | None = None

    @property
    def place(self) -> str:
        """File and line; empty where there is no file."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One deployment."""

    title: str
    details: tuple[str, ...]
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The way of one cluster to a version."""

    cluster: str
    place: str
    start: str
    target: str
    day: date
    support: tuple[str, ...]
    """What is known of the support of each version on the way."""
    findings: tuple[Finding, ...]
    steps: tuple[Step, ...]
    asked: str
    """Who said which add-on versions there are."""

    @property
    def blocked(self) -> bool:
        """Whether something has to be resolved first."""
        return any(one.level is Level.BLOCK for one in self.findings)
