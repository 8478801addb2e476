"""Single values of data files are those that a parser of the whole file finds."""

import json
from importlib.resources import files
from typing import Any

import pytest

from hardened_eks.data._values import value_of


def parsed(file: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(files("hardened_eks.data").joinpath(file).read_text("utf-8"))
    return document


@pytest.mark.parametrize(
    ("file", "section"),
    [("condition_keys.json", "services"), ("instance_types.json", "families"), ("instance_regions.json", "lacks")],
)
def test_each_value_is_that_of_the_file(file: str, section: str) -> None:
    document = parsed(file)
    for key, value in document.pop(section).items():
        assert value_of(file, key, indent=2) == value
    for key, value in document.items():
        assert value_of(file, key, indent=1) == value


@pytest.mark.parametrize("key", ["moon", "", "source", 'eks": [', "*"])
def test_a_key_that_is_not_there_has_no_value(key: str) -> None:
    assert value_of("condition_keys.json", key, indent=2) is None
