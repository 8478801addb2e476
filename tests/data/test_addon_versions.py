"""Versions of add-ons: what fits, what is the default, and that nothing is guessed."""

import json
from importlib.resources import files
from typing import Any

import pytest

from hardened_eks.data import addon_versions
from hardened_eks.data.addon_versions import AddonVersions, compact, of_document

KNOWN = AddonVersions("EKS", {"coredns": {"v2": "1.36 1.37*", "v1": "1.35* 1.36*"}})


@pytest.mark.parametrize(
    ("addon", "version", "kubernetes", "fits"),
    [("coredns", "v2", "1.37", True), ("coredns", "v1", "1.37", False), ("coredns", "v1", "1.36", True),
     ("coredns", "v0", "1.37", None), ("coredns", "v1", "1.38", None), ("other", "v1", "1.36", None)],
)  # fmt: skip
def test_fits(addon: str, version: str, kubernetes: str, *, fits: bool | None) -> None:
    assert KNOWN.fits(addon, version, kubernetes) is fits


def test_default() -> None:
    assert [KNOWN.default("coredns", version) for version in ("1.35", "1.36", "1.37", "1.38")] == [
        "v1",
        "v1",
        "v2",
        None,
    ]
    assert KNOWN.default("other", "1.36") is None


def test_eks_answer_is_kept_short() -> None:
    entries: list[Any] = [{
        "addonVersion": "v1",
        "compatibilities": [{"clusterVersion": "1.37"}, {"clusterVersion": "1.9", "defaultVersion": True}],
    }]  # fmt: skip
    assert compact(entries) == {"v1": "1.9* 1.37"}


def test_the_package_says_who_asked() -> None:
    document = json.loads(files("hardened_eks.data").joinpath("addon_versions.json").read_text("utf-8"))
    assert addon_versions.shipped() == of_document(document)
    assert addon_versions.shipped().asked


@pytest.mark.parametrize("document", [[], {}, {"addons": []}, {"addons": {"a": "b"}}, {"addons": {"a": {"v": 1}}}])
def test_another_file_is_refused(document: Any) -> None:
    with pytest.raises(ValueError, match="not a file that"):
        of_document(document)
