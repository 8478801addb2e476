"""The guide names rules of AWS Config that report resources of this library, and only rules that the packs contain."""

import re
from pathlib import Path

import pytest

from hardened_eks.conformance import packs

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "answer-an-auditor.md"
SECTION = PAGE.read_text(encoding="utf-8").partition("### Findings to expect")[2].partition("\n## ")[0]
RULES = re.findall(r"`([A-Z0-9]+_[A-Z0-9_]+)`", SECTION.replace("`NON_COMPLIANT`", "").replace("TOPIC_ARN", ""))


@pytest.mark.parametrize("rule", RULES)
def test_the_packs_contain_the_rule(rule: str) -> None:
    assert rule in {identifier for pack in packs(region="eu-central-1").packs for identifier in pack.identifiers}
