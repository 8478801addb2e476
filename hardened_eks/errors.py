"""How this library refuses bad input: every mistake of a call, or of the files, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

# What Python prints of a construct and of a number that the CDK fills in at deployment (hardened_eks/_tokens.py).
_OBJECT = regex(r"<(?:[\w.]*\.)?(?P<class>\w+) object at 0x[0-9a-f]+>")
_NUMBER = regex(r"-1\.888\d+e\+289")
_COMPUTED = regex(r"-?\d(?:\.\d+)?e\+(?:28[89]|29\d)")
"""What arithmetic makes of such a number: doubled, negated, one more."""


def _readable(problem: str) -> str:
    """Return the kind of a value whose own text is not helpful."""
    problem = _OBJECT.sub(r"a \g<class> object", problem)
    problem = _NUMBER.sub("a number known only at deployment", problem)
    return _COMPUTED.sub("a number computed from one known only at deployment", problem)


class ConfigurationError(ValueError):
    """Arguments that cannot become a hardened cluster.

    Each problem names what is wrong, the value that was given, what is allowed and what to do.
    """

    subject: str
    """What was being created, for example ``Cluster 'Payments/Cluster'``."""
    problems: tuple[str, ...]
    """The mistakes, one string for each."""

    def __init__(self, subject: str, problems: Iterable[str]) -> None:
        """Say that `subject` (what was being created) has these `problems`."""
        self.subject = subject
        self.problems = tuple(map(_readable, problems))
        super().__init__(f"{subject}: " + "; ".join(self.problems))


class Problems:
    """Collects the mistakes of one call, so that the user sees them all together."""

    def __init__(self, subject: str) -> None:
        """Collect for `subject`, for example ``Cluster 'Payments/Cluster'``."""
        self._subject = subject
        self._found: list[str] = []

    def add(self, problem: str) -> None:
        """Note one problem: lower case, no full stop, with the value and the way out."""
        self._found.append(problem)

    def require(self, condition: object, problem: str) -> None:
        """Note `problem` unless `condition` holds."""
        if not condition:
            self.add(problem)

    def extend(self, problems: Iterable[str]) -> None:
        """Note several problems."""
        self._found.extend(problems)

    @property
    def found(self) -> tuple[str, ...]:
        """What was noted so far."""
        return tuple(self._found)

    def raise_any(self) -> None:
        """Raise `ConfigurationError` with all that was noted; nothing noted, nothing raised."""
        if self._found:
            raise ConfigurationError(self._subject, self._found)


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
    """Files that cannot be evaluated: all reasons at once."""

    def __init__(self, problems: Iterable[InputProblem]) -> None:
        """Collect `problems`."""
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
