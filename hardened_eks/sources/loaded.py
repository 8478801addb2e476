"""What was read: evidence, waivers, and what is not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from hardened_eks.evidence import Assembly, Waiver
    from hardened_eks.sources.problems import InputProblem


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read."""

    assembly: Assembly
    waivers: tuple[Waiver, ...] = ()
    """Those created in code with `hardened_eks.waive`."""
    notes: tuple[str, ...] = ()
    """What could not be seen: macros, nested templates that are not among the files, and `unread` input."""
    hides_eks: bool = False
    """Whether something among the notes makes, or may make, whole clusters: nothing passes then."""
    unread: tuple[InputProblem, ...] = ()
    """Reasons why some of the input could not be read; the assembly holds the rest."""
