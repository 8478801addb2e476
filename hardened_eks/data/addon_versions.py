"""Versions of EKS add-ons and the Kubernetes versions that each is for; pure, from ``addon_versions.json``.

``hardened-eks data refresh --only addon-versions`` fills the file with EKS's own answer, which changes every week.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOBODY = "nobody yet"
"""What the file says of who asked, as it comes with the package."""
_DEFAULT = "*"


@dataclass(frozen=True, slots=True)
class AddonVersions:
    """What EKS said of add-ons."""

    asked: str
    """The call that gave the answer, with its place and day."""
    addons: Mapping[str, Mapping[str, str]]
    """Add-on -> its versions, newest first -> Kubernetes versions; the mark ``*`` says that it is the default there."""

    def fits(self, addon: str, version: str, kubernetes: str) -> bool | None:
        """Return whether a version of an add-on is for a Kubernetes version; None where it is not known.

        Args:
            addon: name of the add-on.
            version: for example ``v1.12.4-eksbuild.1``.
            kubernetes: for example ``1.37``.
        """
        known = self.addons.get(addon, {})
        if not any(kubernetes in _kubernetes(one) for one in known.values()) or version not in known:
            return None
        return kubernetes in _kubernetes(known[version])

    def default(self, addon: str, kubernetes: str) -> str | None:
        """Return the version that EKS installs on a Kubernetes version; None where it is not known."""
        marked = f"{kubernetes}{_DEFAULT}"
        return next((one for one, fits in self.addons.get(addon, {}).items() if marked in fits.split()), None)


def _kubernetes(text: str) -> Iterator[str]:
    return (one.removesuffix(_DEFAULT) for one in text.split())


@cache
def shipped() -> AddonVersions:
    """Return what the package's own file says."""
    text = files("hardened_eks.data").joinpath("addon_versions.json").read_text(encoding="utf-8")
    return of_document(json.loads(text))


def of_document(document: Any) -> AddonVersions:
    """Return what a file of this kind says.

    Raises:
        ValueError: it is not of this kind.
    """
    addons = document.get("addons") if isinstance(document, dict) else None
    good = isinstance(addons, dict) and all(
        isinstance(versions, dict) and all(isinstance(fits, str) for fits in versions.values())
        for versions in addons.values()
    )
    if not good:
        raise ValueError("not a file that `hardened-eks data refresh --only addon-versions` writes")
    return AddonVersions(str(document.get("asked", NOBODY)), document["addons"])


def compact(entries: list[Mapping[str, Any]]) -> dict[str, str]:
    """Return the versions of one add-on as the file has them, from ``addonVersions`` of EKS's answer."""
    found: dict[str, str] = {}
    for entry in entries:
        fits = {
            str(one["clusterVersion"]): _DEFAULT if one.get("defaultVersion") else ""
            for one in entry.get("compatibilities", ())
        }
        ordered = sorted(fits, key=lambda version: [int(part) for part in version.split(".")])
        found[str(entry["addonVersion"])] = " ".join(f"{version}{fits[version]}" for version in ordered)
    return found
