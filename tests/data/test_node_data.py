"""Names of images and Auto Mode policies: one home each, which constructs and controls read."""

from datetime import date

import pytest

from hardened_eks.compute import OperatingSystem, _image
from hardened_eks.compute import auto_mode as construct
from hardened_eks.data import auto_mode, node_images
from hardened_eks.evidence.views.auto_scaling import _BOTTLEROCKET, _OPTIMIZED


@pytest.mark.parametrize("data", [auto_mode, node_images])
def test_it_says_from_where_and_when(data: object) -> None:
    document = data._DOCUMENT  # type: ignore[attr-defined]
    assert document["source"].startswith("https://docs.aws.amazon.com/")
    assert date.fromisoformat(document["read"]) >= date(2026, 11, 29)
    assert document["refresh"].startswith("hardened-eks data refresh --only ")


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
@pytest.mark.parametrize("nvidia", [True, False])
@pytest.mark.parametrize("fips", [True, False])
@pytest.mark.parametrize("system", list(OperatingSystem))
def test_every_image_of_a_node_is_among_them(
    system: OperatingSystem, fips: bool, nvidia: bool, architecture: str
) -> None:
    if fips and system is OperatingSystem.AL2023:
        return  # refused
    name = _image.node_parameter(system, architecture, version="1.36", release=None, fips=fips, nvidia=nvidia)
    assert name.removeprefix("resolve:ssm:") in set(node_images.parameters("1.36"))
    pattern = _BOTTLEROCKET if system is OperatingSystem.BOTTLEROCKET else _OPTIMIZED
    assert pattern.search(name), "the controls know it as an image of nodes"


def test_the_construct_attaches_these_policies() -> None:
    assert {"AmazonEKSClusterPolicy", *construct.CLUSTER_POLICIES} == set(auto_mode.CLUSTER)
    assert set(construct._NODE) == set(auto_mode.NODE)
    assert len(auto_mode.CLUSTER) == 5
