"""The result of reading: evidence, waivers, and notes on unseen input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from hardened_eks.errors import InputProblem
    from hardened_eks.evidence import Assembly, Waiver


@dataclass(frozen=True, slots=True)
class Loaded:
    """The result of reading."""

    assembly: Assembly
    waivers: tuple[Waiver, ...] = ()
    """Waivers that were created in code with `hardened_eks.waive`."""
    notes: tuple[str, ...] = ()
    """Notes on unseen input: macros, nested templates that are not among the files, and `unread` input."""
    hides_eks: bool = False
    """Whether unseen input creates, or may create, whole clusters, so that nothing passes."""
    unread: tuple[InputProblem, ...] = ()
    """Reasons why some input could not be read; the assembly contains the rest."""
