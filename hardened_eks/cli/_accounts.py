"""Whom an audit asks: which Regions of which accounts, with whose credentials."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hardened_eks.sources import InputProblem, UnusableInputError
from hardened_eks.sources.account.calls import policy
from hardened_eks.sources.account.session import Session
from hardened_eks.sources.account.targets import Target, read_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hardened_eks.sources.account.session import Identity
    from hardened_eks.sources.saved import Environment


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options ask for."""

    clusters: tuple[str, ...]
    regions: tuple[str, ...]
    all_regions: bool = False
    profile: str | None = None
    role: str | None = None

    def mistakes(self) -> Iterator[InputProblem]:
        """Yield what is wrong with them, before anybody is asked."""
        if self.regions and self.all_regions:
            yield InputProblem("--all-regions", "give this or --region, not both")


def policy_text(wanted: Wanted) -> str:
    """Return the IAM policy that the options need."""
    return json.dumps(policy(all_regions=wanted.all_regions, role=wanted.role or ""), indent=2)


def look(wanted: Wanted, show: Callable[[int, int, int, int], None]) -> list[Environment]:
    """Return what the accounts show.

    Raises:
        UnusableInputError: they cannot be asked, or a cluster that is named is nowhere.
    """
    session = Session(wanted.profile, region=wanted.regions[0] if wanted.regions else "")
    targets = _targets(session, [session.identity(wanted.role)], wanted)
    found = list(read_all(targets, clusters=wanted.clusters, show=show))
    missing = set(wanted.clusters) - {name for one in found for name in one.clusters}
    denied = {name for name in missing if any(f" of {name} in " in text for one in found for text in one.not_seen)}
    where = ", ".join(target.region for target in targets)
    if missing - denied:
        raise UnusableInputError(
            InputProblem("--cluster", f"there is no cluster {name!r} in {where}") for name in sorted(missing - denied)
        )
    return found


def _targets(session: Session, identities: Sequence[Identity], wanted: Wanted) -> list[Target]:
    if wanted.all_regions:
        return [Target(one, region) for one in identities for region in session.regions(one)]
    regions = wanted.regions or ((session.default_region,) if session.default_region else ())
    if not regions:
        message = "no Region is set: pass --region or --all-regions, or set AWS_REGION"
        raise UnusableInputError([InputProblem("--region", message)])
    wrong = session.wrong_regions(regions, identities[0].partition)
    if wrong:
        raise UnusableInputError(wrong)
    return [Target(one, region) for one in identities for region in dict.fromkeys(regions)]
