"""Kubernetes versions in Amazon EKS and their support dates, with the source in ``kubernetes.json``."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from hardened_eks import _clock
from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks.data import _files

if TYPE_CHECKING:
    from collections.abc import Mapping

_MINOR = regex(r"1\.(\d+)")
_RELEASE = regex(r"(1\.\d+)\.\d+-20\d{6}")
ENDS_SOON = timedelta(days=90)
"""The time before the end of standard support when an upgrade should have started."""
KNOWN_FOR = timedelta(days=180)
"""The time for which the list of versions counts as complete; Amazon EKS adds about three versions a year."""


class Support(StrEnum):
    """The support phase of a version on Amazon EKS."""

    UNKNOWN = "unknown"
    STANDARD = "standard"
    ENDS_SOON = "ends-soon"
    EXTENDED = "extended"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesVersion:
    """One minor version on Amazon EKS."""

    name: str
    """The name, for example ``1.36``."""
    released: date | None
    """The date on which EKS released it. None: not recorded."""
    end_of_standard_support: date | None
    """The last day of standard support. None: supported, but the date is not recorded."""
    end_of_extended_support: date | None
    """The last day of extended support. None: not recorded."""

    def support(self, today: date | None = None) -> Support:
        """Return the support phase of the version on a date.

        Args:
            today: the date. Default: the current date.
        """
        day = today or _clock.today()
        if self.end_of_extended_support is not None and day > self.end_of_extended_support:
            return Support.ENDED
        if self.end_of_standard_support is None:
            return Support.STANDARD
        if day > self.end_of_standard_support:
            return Support.EXTENDED
        return Support.ENDS_SOON if day + ENDS_SOON > self.end_of_standard_support else Support.STANDARD


def _document() -> Mapping[str, object]:
    document: Mapping[str, object] = _files.document("kubernetes.json")
    return document


def _versions() -> Mapping[str, KubernetesVersion]:
    entries = _document()["versions"]
    assert isinstance(entries, dict)
    return {
        name: KubernetesVersion(
            name=name, **{key: date.fromisoformat(text) if text else None for key, text in dates.items()}
        )
        for name, dates in entries.items()
    }


VERSIONS: Mapping[str, KubernetesVersion] = _versions()
"""Every known version by name, oldest first."""

SOURCE = str(_document()["source"])
"""The source of the dates."""

READ = date.fromisoformat(str(_document()["read"]))
"""The date on which the data was read."""


def support(version: str, today: date | None = None) -> Support:
    """Return the support phase of a version on a date.

    Args:
        version: for example ``1.36``.
        today: the date. Default: the current date.
    """
    found = VERSIONS.get(version)
    return Support.UNKNOWN if found is None else found.support(today)


def supported(today: date | None = None) -> tuple[str, ...]:
    """Return the versions in standard support on a date, oldest first.

    Args:
        today: the date. Default: the current date.
    """
    return tuple(
        name for name, version in VERSIONS.items() if version.support(today) in {Support.STANDARD, Support.ENDS_SOON}
    )


def lasting(today: date | None = None) -> tuple[str, ...]:
    """Return the versions that a cluster should run on a date, oldest first, which are those that CP-08 and CP-09 pass.

    These are the versions in standard support except the oldest, which is the next to leave it, and always the newest
    known one.

    Args:
        today: the date. Default: the current date.
    """
    return supported(today)[1:] or (NEWEST,)


NEWEST = list(VERSIONS)[-1]
"""The newest known version."""


def minor(version: str) -> int:
    """Return the minor number of a version: 37 for ``1.37``."""
    return int(version.split(".")[1])


def is_newer(version: object) -> bool:
    """Return whether a version, such as ``1.38``, is newer than every version that this release knows."""
    match = _MINOR.fullmatch(str(version))
    newest = _MINOR.fullmatch(NEWEST)
    return match is not None and newest is not None and int(match[1]) > int(newest[1])


def out_of_date(today: date | None = None) -> str | None:
    """Return a warning if the version data of this release is out of date, or None.

    It never determines a verdict: a version whose support is known to have ended fails on any date, and the newest
    known version passes on any date.

    Args:
        today: the date. Default: the current date.
    """
    if (today or _clock.today()) <= READ + KNOWN_FOR:
        return None
    return f"this release knows Kubernetes versions up to {NEWEST}, read on {READ.isoformat()}; upgrade hardened-eks"


def version_of_release(release: str) -> str | None:
    """Return the Kubernetes version of an AL2023 release: ``1.36`` for ``1.36.0-20261101``, but not for Bottlerocket.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/eks-linux-ami-versions.html
    """
    match = _RELEASE.fullmatch(release)
    return match[1] if match else None
