"""The numbers that pages state are those of the code."""

import inspect
import json
import re
from pathlib import Path

from hardened_eks.data import regions
from hardened_eks.judging.choices import MOST
from hardened_eks.keys import Keys
from hardened_eks.reports import FORMATS
from tests.emulator.changes import CHANGES
from tests.emulator.setting_changes import SETTING_CHANGES

DOCS = Path(__file__).parents[2] / "docs"
WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ONLY_ACCOUNTS = {"asff", "ocsf"}


def page(name: str) -> str:
    return " ".join((DOCS / name).read_text(encoding="utf-8").split())


def without(type_: str) -> int:
    listed = json.loads((DOCS.parent / "hardened_eks/data/regions.json").read_text(encoding="utf-8"))
    return len(listed["without"][type_])


def test_the_checks() -> None:
    text = page("explanation/checks.md")
    assert f"available in {WORDS[len(FORMATS)]} formats; {WORDS[len(_ONLY_ACCOUNTS)]} of them" in text
    assert set(FORMATS) > _ONLY_ACCOUNTS
    assert f"at most {MOST} combinations" in text
    assert f"about {len(CHANGES) + len(SETTING_CHANGES)} manual changes" in text


def test_the_keys() -> None:
    text = (DOCS / "explanation/network.md").read_text(encoding="utf-8")
    names = [name for name in inspect.signature(Keys.__init__).parameters if name not in {"self", "scope", "id"}]
    assert f"creates up to {WORDS[len(names)]} keys" in text
    table = text.partition("| key | who can use it")[2].partition("\n\n")[0]
    assert re.findall(r"^\| (\w+) \|", table, flags=re.M) == names


def test_the_regions() -> None:
    text = page("explanation/network.md").lower()
    assert f"in the {WORDS[len(regions.REFUSED_ZONES)]} regions that have such a zone" in text
    assert f"{WORDS[without('AWS::EC2::VPCEncryptionControl')]} regions do not support encryption controls" in text
    assert f"in {without('AWS::ECR::SigningConfiguration')} Regions" in page("how-to/registry.md")


def test_kubectl_of_the_examples_is_at_most_one_minor_version_from_the_cluster() -> None:
    root = DOCS.parent
    compared = 0
    for file in (*root.glob("docs/examples/*.py"), *root.glob("examples/**/*.py")):
        text = file.read_text(encoding="utf-8")
        for layer in set(re.findall(r"\bKubectlV(\d+)Layer\(", text)):
            for version in re.findall(r'version="1\.(\d+)"', text):
                compared += 1
                assert abs(int(layer) - int(version)) <= 1, f"{file.name}: kubectl 1.{layer} and Kubernetes 1.{version}"
    assert compared > 2
