"""What is wrong with an input file, with its path and line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class InputProblem:
    """One reason why an input cannot be used."""

    path: str
    """The file, as the user named it."""
    message: str
    """What is wrong and what to do: lower case, no full stop."""
    line: int | None = None
    """1-based; None where the whole file is meant."""

    def __str__(self) -> str:
        """Write it as compilers do: ``path:line: message``."""
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


class UnusableInputError(ValueError):
    """Files that cannot be judged: all reasons at once."""

    def __init__(self, problems: Iterable[InputProblem]) -> None:
        """Collect `problems`."""
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
