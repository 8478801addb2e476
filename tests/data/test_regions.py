import json
from importlib.resources import files

import botocore.session
import pytest

from hardened_eks.data import regions
from tools.regions import FILE, document, text

STORED = json.loads(FILE.read_text(encoding="utf-8"))


def test_every_region_of_every_partition_is_plausible() -> None:
    session = botocore.session.get_session()
    names = {
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("ec2", partition_name=partition)
    }
    assert {"eu-west-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1"} <= names
    assert {name for name in names if not regions.plausible(name)} == set()
    assert set(regions.PARTITIONS) == names


@pytest.mark.parametrize(
    "name", ["eu-wst-1", "europe", "eu-west-1a", "eu-west", "EU-WEST-1", "euwest-1", "eu-west-0", ""]
)
def test_what_is_none(name: str) -> None:
    assert not regions.plausible(name)


def test_the_file_is_what_the_packages_say() -> None:
    fresh = document(STORED["read"])
    assert {**STORED, "source": ""} == {**fresh, "source": ""}, "stale: python -m tools.regions"
    assert FILE.read_text(encoding="utf-8") == text(STORED)


def test_what_is_known_of_each_region() -> None:
    assert len(regions.PARTITIONS) == 46
    assert len(STORED["unknown"]) == 9
    assert {"me-south-1", "us-iso-east-1", "eusc-de-east-1"} <= set(STORED["unknown"])
    for lacking in STORED["without"].values():
        assert set(lacking) <= set(regions.PARTITIONS) - set(STORED["unknown"])
    assert len(regions.without("AWS::ECR::SigningConfiguration")) == 16
    assert "us-east-1" not in {region for lacking in STORED["without"].values() for region in lacking}


def test_every_region_read_by_hand_exists() -> None:
    columns = json.loads(files("hardened_eks.data").joinpath("regions_read.json").read_text("utf-8"))
    tables = {name: column for name, column in columns.items() if isinstance(column, dict)}
    assert set(tables) == {"zones", "refused_zones", "without_privatelink", "patch_buckets"}
    for column in tables.values():
        assert column["source"]
        assert set(column["values"]) <= set(regions.PARTITIONS)


@pytest.mark.parametrize(
    ("region", "buckets"),
    [
        ("eu-west-1", ("aws-patch-manager-eu-west-1-5522fb710", "patch-baseline-snapshot-eu-west-1")),
        ("me-south-1", ("aws-patch-manager-me-south-1-a53fc9dce", "patch-baseline-snapshot-me-south-1-uduvl7q8")),
        ("cn-north-1", None),
    ],
)
def test_patch_buckets(region: str, buckets: tuple[str, str] | None) -> None:
    assert regions.patch_buckets(region) == buckets


def test_two_zones_in_one_region_only() -> None:
    assert [region for region, zones in regions.ZONES.items() if zones < 3] == ["us-west-1"]
