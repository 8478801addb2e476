"""Names of packages that are imported when they are first used."""

import importlib
import subprocess
import sys

import pytest

PACKAGES = ["access", "addons", "alerts", "compute", "registry"]


@pytest.mark.parametrize("name", PACKAGES)
def test_every_name_has_a_home_and_is_found_there(name: str) -> None:
    package = importlib.import_module(f"hardened_eks.{name}")
    assert set(package._HOMES) == set(package.__all__)
    for public, home in package._HOMES.items():
        found = getattr(package, public)
        assert found is getattr(importlib.import_module(f".{home}", package.__name__), public)
        assert vars(package)[public] is found  # asked for once


def test_an_unknown_name_is_named() -> None:
    from hardened_eks import compute

    with pytest.raises(AttributeError, match=r"module 'hardened_eks\.compute' has no attribute 'NodeGruop'"):
        compute.NodeGruop  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(ImportError, match="NodeGruop"):
        from hardened_eks.compute import NodeGruop  # type: ignore[attr-defined]  # noqa: F401


def test_what_is_not_used_is_not_imported() -> None:
    script = (
        "import sys; from hardened_eks.alerts import Topic; import hardened_eks.compute; "
        "print(*(name for name in sys.modules if name.startswith('hardened_eks.')))"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert "hardened_eks.alerts._topic" in loaded
    assert not {"hardened_eks.alerts._slack", "hardened_eks.compute.karpenter"} & set(loaded)
