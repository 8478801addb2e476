"""The file between the catalogue and the constructs that deploy packs is of today."""

from hardened_eks.controls.frameworks import requirements
from hardened_eks.data.config_packs import asked, frameworks
from tools import config_packs


def test_the_file_is_current() -> None:
    assert config_packs.FILE.read_text("utf-8") == config_packs.text(), "run `python -m tools.config_packs`"


def test_it_has_every_requirement_with_a_rule() -> None:
    named = {
        one.key for one in requirements().values() if one.references.get("config") and one.tier in config_packs.TIERS
    }
    assert named <= set(asked())
    assert {"hipaa", "pci-dss-4.0.1", "soc2"} <= set(frameworks())
    assert "config" not in frameworks()
