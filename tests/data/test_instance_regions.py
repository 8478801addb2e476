"""What the price list of a region lacks."""

import json

import pytest

from hardened_eks.data import instances
from hardened_eks.data.regions import PARTITIONS
from tools import instance_regions


@pytest.mark.parametrize(
    ("name", "region", "lacked"),
    [
        ("m7g.large", "eu-west-1", False),
        ("p5.48xlarge", "ap-southeast-7", True),
        ("p5.96xlarge", "ap-southeast-7", True),
        ("m7g.large", "us-iso-east-1", False),
        ("m99.large", "eu-west-1", False),
        ("m7g.large", "", False),
    ],
)
def test_what_is_lacked(name: str, region: str, lacked: bool) -> None:
    assert instances.lacked(name, region) is lacked


def test_the_file_is_what_the_tool_writes() -> None:
    stored = instance_regions.FILE.read_text("utf-8")
    assert stored == instance_regions.text(json.loads(stored)["read"]), "stale: python -m tools.instance_regions"


def test_regions_are_regions_and_the_first_has_most() -> None:
    types = instance_regions.by_region()
    assert types.keys() <= PARTITIONS.keys()
    assert max(types, key=lambda region: len(types[region])) == "us-east-1"


def test_a_family_stands_for_its_sizes_where_a_region_has_none() -> None:
    types = {"one": {"a.large", "a.small", "b.large", "b.small"}, "two": {"a.large"}, "three": {"c.large"}}
    assert instance_regions.lacking(types) == {"one": ["c"], "two": ["a.small", "b", "c"], "three": ["a", "b"]}
