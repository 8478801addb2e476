"""How packs are written."""

import pytest
import yaml

from hardened_eks.conformance._text import as_yaml

TEMPLATE = {
    "Parameters": {"Role": {"Type": "String"}},
    "Resources": {
        "Rule": {
            "Policy": "rule one\n  %x\n",
            "Long": "words " * 700 + "end",
            "Odd": ["", "1.30", "yes", "a: b", "ä\t#"],
        },
        "A": {"Empty": {}, "Number": 1, "Truth": True, "None": None},
    },
}


def test_it_is_the_same_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as slow:
        slow.delattr(yaml, "CSafeDumper")
        written = as_yaml(TEMPLATE)
    monkeypatch.delattr(yaml.emitter.Emitter, "emit")  # PyYAML's own takes five times as long
    assert as_yaml(TEMPLATE) == written
    assert "Policy: |\n" in written and "Long: words words" in written
    assert yaml.safe_load(written) == TEMPLATE
    assert list(yaml.safe_load(written)) == list(TEMPLATE)
