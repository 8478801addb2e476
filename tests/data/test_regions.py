import botocore.session
import pytest

from hardened_eks.data.regions import WITHOUT_ENCRYPTION_CONTROL, plausible


def test_every_region_of_every_partition_is_plausible() -> None:
    session = botocore.session.get_session()
    names = {
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("ec2", partition_name=partition)
    }
    assert {"eu-west-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1"} <= names
    assert {name for name in names if not plausible(name)} == set()
    assert all(map(plausible, WITHOUT_ENCRYPTION_CONTROL))


@pytest.mark.parametrize(
    "name", ["eu-wst-1", "europe", "eu-west-1a", "eu-west", "EU-WEST-1", "euwest-1", "eu-west-0", ""]
)
def test_what_is_none(name: str) -> None:
    assert not plausible(name)
