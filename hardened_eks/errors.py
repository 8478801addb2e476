"""Errors on bad input, which list every mistake of a call or of the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from re import Match

T = TypeVar("T")

# Python's representation of a construct, and of a number that is known only at deployment (hardened_eks/_tokens.py).
_OBJECT = regex(r"<(?:[\w.]*\.)?(?P<class>\w+) object at 0x[0-9a-f]+>")
_NUMBER = regex(r"-1\.888\d+e\+289")
_COMPUTED = regex(r"-?\d(?:\.\d+)?e\+(?:28[89]|29\d)")
"""Results of arithmetic with such a number: doubled, negated, one more."""


def _by_class(found: Match[str]) -> str:
    name = found["class"]
    return "an object" if name == "object" else f"{'an' if name[0] in 'AEIO' else 'a'} {name} object"


def _readable(problem: str) -> str:
    """Replace values whose representation is not helpful by their kind."""
    problem = _OBJECT.sub(_by_class, problem)
    problem = _NUMBER.sub("a number known only at deployment", problem)
    return _COMPUTED.sub("a number computed from one known only at deployment", problem)


class ConfigurationError(ValueError):
    """An error that lists all mistakes in the arguments of a call.

    Each problem names what is wrong, the given value, the allowed values and what to do.
    """

    subject: str
    """The object that was being created, for example ``Cluster 'Payments/Cluster'``."""
    problems: tuple[str, ...]
    """The mistakes, one string for each."""

    def __init__(self, subject: str, problems: Iterable[str]) -> None:
        """Create the error.

        Args:
            subject: the object that was being created.
            problems: the mistakes, one string for each.
        """
        self.subject = subject
        self.problems = tuple(map(_readable, problems))
        super().__init__(f"{subject}: " + "; ".join(self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.subject, self.problems)


class Problems:
    """A collection of the mistakes of one call, which are reported together."""

    def __init__(self, subject: str) -> None:
        """Create an empty collection for `subject`, for example ``Cluster 'Payments/Cluster'``."""
        self._subject = subject
        self._found: list[str] = []

    def add(self, problem: str) -> None:
        """Add one problem: lower case, no full stop, with the value and the way out."""
        self._found.append(problem)

    def require(self, condition: object, problem: str) -> None:
        """Add `problem` unless `condition` holds."""
        if not condition:
            self.add(problem)

    def extend(self, problems: Iterable[str]) -> None:
        """Add several problems."""
        self._found.extend(problems)

    @property
    def found(self) -> tuple[str, ...]:
        """The problems that were added so far."""
        return tuple(self._found)

    def raise_any(self) -> None:
        """Raise `ConfigurationError` with all problems, if there are any."""
        if self._found:
            raise ConfigurationError(self._subject, self._found)


def repeated(values: Sequence[T]) -> list[T]:
    """Return each value that occurs more than once, in the order of the first occurrences. It need not be hashable."""
    return [value for index, value in enumerate(values) if value in values[index + 1 :] and value not in values[:index]]


@dataclass(frozen=True, slots=True)
class InputProblem:
    """A reason why an input cannot be used."""

    path: str
    """Path of the file, as the user passed it."""
    message: str
    """What is wrong and what to do: lower case, no full stop."""
    line: int | None = None
    """Number of the line, from 1; None for the whole file."""

    @classmethod
    def unreadable(cls, path: str, error: Exception) -> InputProblem:
        """Return the problem with a file that cannot be read.

        Args:
            path: path of the file, as the user passed it.
            error: the reason. Python versions word a NUL character in the name of the file differently.
        """
        if isinstance(error, ValueError) and "null" in str(error):
            return cls(path, "cannot be read: its name contains a NUL character")
        return cls(path, f"cannot be read: {getattr(error, 'strerror', None) or error}")

    def __str__(self) -> str:
        """Return ``path:line: message``, the format of compilers."""
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


class UnusableInputError(ValueError):
    """An error that lists all reasons why files cannot be evaluated."""

    problems: tuple[InputProblem, ...]
    """The reasons, each with its file and line."""

    def __init__(self, problems: Iterable[InputProblem]) -> None:
        """Create the error.

        Args:
            problems: the reasons, each with its file and line.
        """
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,)
