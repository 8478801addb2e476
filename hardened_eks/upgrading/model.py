"""Upgrade plans as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class Level(StrEnum):
    """The effect of a finding on the upgrade."""

    BLOCK = "block"
    """It must be resolved first."""
    NOTE = "note"
    """It is for information."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem or note about the upgrade."""

    level: Level
    about: str
    """The subject: an object, a node group, an add-on or an insight."""
    message: str
    """The problem, and how to resolve it."""
    file: str = ""
    """The file; empty if there is none."""
    line: int | None = None

    @property
    def place(self) -> str:
        """The file and line; empty if there is no file."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the upgrade, with its own deployment."""

    title: str
    details: tuple[str, ...]
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The upgrade plan of one cluster to a version."""

    cluster: str
    place: str
    start: str
    target: str
    day: date
    support: tuple[str, ...]
    """The support dates of each version on the way."""
    findings: tuple[Finding, ...]
    steps: tuple[Step, ...]
    asked: str
    """The source of the add-on versions."""

    @property
    def blocked(self) -> bool:
        """Whether something must be resolved first."""
        return any(one.level is Level.BLOCK for one in self.findings)
