"""Kubernetes versions that Amazon EKS offers, and until when; pure, with its source in ``kubernetes.json``."""

from __future__ import annotations

import json
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from hardened_eks import _clock
from hardened_eks._patterns import regex
from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

_MINOR = regex(r"1\.(\d+)")
_RELEASE = regex(r"(1\.\d+)\.\d+-20\d{6}")
ENDS_SOON = timedelta(days=90)
"""How long before the end of standard support an upgrade should be on its way."""
KNOWN_FOR = timedelta(days=180)
"""How long the list of versions is taken for complete: Amazon EKS adds about three a year."""


class Support(StrEnum):
    """Where a version is in its life on Amazon EKS."""

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
    """The day EKS offered it. None: not recorded."""
    end_of_standard_support: date | None
    """The last day of standard support. None: supported, the date is not recorded."""
    end_of_extended_support: date | None
    """The last day of extended support. None: not recorded."""

    def support(self, today: date | None = None) -> Support:
        """Return where the version is on a day.

        Args:
            today: the day asked about. Default: the current date.
        """
        day = today or _clock.today()
        if self.end_of_extended_support is not None and day > self.end_of_extended_support:
            return Support.ENDED
        if self.end_of_standard_support is None:
            return Support.STANDARD
        if day > self.end_of_standard_support:
            return Support.EXTENDED
        return Support.ENDS_SOON if day + ENDS_SOON > self.end_of_standard_support else Support.STANDARD


@cache
def _document() -> Mapping[str, object]:
    text = files("hardened_eks.data").joinpath("kubernetes.json").read_text(encoding="utf-8")
    document: Mapping[str, object] = json.loads(text)
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
"""Where the dates were read."""

READ = date.fromisoformat(str(_document()["read"]))
"""The day the dates were read."""


def support(version: str, today: date | None = None) -> Support:
    """Return where a version is on a day.

    Args:
        version: for example ``1.36``.
        today: the day asked about. Default: the current date.
    """
    found = VERSIONS.get(version)
    return Support.UNKNOWN if found is None else found.support(today)


def supported(today: date | None = None) -> tuple[str, ...]:
    """Name the versions in standard support on a day, oldest first.

    Args:
        today: the day asked about. Default: the current date.
    """
    return tuple(
        name for name, version in VERSIONS.items() if version.support(today) in {Support.STANDARD, Support.ENDS_SOON}
    )


def lasting(today: date | None = None) -> tuple[str, ...]:
    """Name the versions that a cluster should run on a day, oldest first: what CP-08 and CP-09 pass.

    Those in standard support but for the oldest, which is the next to leave it; the newest known in any case.

    Args:
        today: the day asked about. Default: the current date.
    """
    return supported(today)[1:] or (NEWEST,)


NEWEST = list(VERSIONS)[-1]
"""The newest known version."""


def minor(version: str) -> int:
    """Return the minor number of a version: 37 of ``1.37``."""
    return int(version.split(".")[1])


def is_newer(version: object) -> bool:
    """Return whether a version, such as ``1.38``, is newer than every version that this release knows."""
    match = _MINOR.fullmatch(str(version))
    newest = _MINOR.fullmatch(NEWEST)
    return match is not None and newest is not None and int(match[1]) > int(newest[1])


def out_of_date(today: date | None = None) -> str | None:
    """Return the warning that this release is older than the versions it is asked about; None while it is not.

    It never decides a verdict: a version whose support is known to have ended fails on any day, and the newest version
    that is known passes on any day.

    Args:
        today: the day asked about. Default: the current date.
    """
    if (today or _clock.today()) <= READ + KNOWN_FOR:
        return None
    return f"this release knows Kubernetes versions up to {NEWEST}, read on {READ.isoformat()}; upgrade hardened-eks"


def version_of_release(release: str) -> str | None:
    """Return the Kubernetes version of an AL2023 image: ``1.36`` of ``1.36.0-20261101``. Bottlerocket's do not say.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/eks-linux-ami-versions.html
    """
    match = _RELEASE.fullmatch(release)
    return match[1] if match else None
