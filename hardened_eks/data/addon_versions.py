"""Versions of EKS add-ons and the Kubernetes versions they support, from ``addon_versions.json``.

``hardened-eks data refresh --only addon-versions`` fills the file with the response of EKS, which changes every week.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hardened_eks._records import dataclass
from hardened_eks.data import _files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOBODY = "nobody yet"
"""The marker in the shipped file for versions that were not read yet."""
_DEFAULT = "*"


@dataclass(frozen=True, slots=True)
class AddonVersions:
    """The add-on versions from EKS."""

    asked: str
    """The call that returned the data, with its place and date."""
    addons: Mapping[str, Mapping[str, str]]
    """Add-on -> its versions, newest first -> Kubernetes versions, with the mark ``*`` for which it is the default."""

    def fits(self, addon: str, version: str, kubernetes: str) -> bool | None:
        """Return whether a version of an add-on supports a Kubernetes version, or None if that is not known.

        Args:
            addon: the name of the add-on.
            version: for example ``v1.12.4-eksbuild.1``.
            kubernetes: for example ``1.37``.
        """
        known = self.addons.get(addon, {})
        if not any(kubernetes in _kubernetes(one) for one in known.values()) or version not in known:
            return None
        return kubernetes in _kubernetes(known[version])

    def default(self, addon: str, kubernetes: str) -> str | None:
        """Return the default version for a Kubernetes version, or None if it is not known."""
        marked = f"{kubernetes}{_DEFAULT}"
        return next((one for one, fits in self.addons.get(addon, {}).items() if marked in fits.split()), None)


def _kubernetes(text: str) -> Iterator[str]:
    return (one.removesuffix(_DEFAULT) for one in text.split())


@cache
def shipped() -> AddonVersions:
    """Return the versions in the file of the package."""
    return of_document(_files.document("addon_versions.json"))


def of_document(document: Any) -> AddonVersions:
    """Return the versions in a file of this format.

    Raises:
        ValueError: the file does not have this format.
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
    """Return the versions of one add-on in the file format, from ``addonVersions`` in the response of EKS."""
    found: dict[str, str] = {}
    for entry in entries:
        fits = {
            str(one["clusterVersion"]): _DEFAULT if one.get("defaultVersion") else ""
            for one in entry.get("compatibilities", ())
        }
        ordered = sorted(fits, key=lambda version: [int(part) for part in version.split(".")])
        found[str(entry["addonVersion"])] = " ".join(f"{version}{fits[version]}" for version in ordered)
    return found
