"""Which ranges are the internet."""

import pytest

from hardened_eks.evidence.views.ranges import is_internet, is_private


@pytest.mark.parametrize(
    "cidr",
    [
        *("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "52.0.0.0/8", "52.16.0.0/12", "52.94.76.5/8", "0.0.0.0/5"),
        *("::/0", "::/1", "2000::/3", "2600::/12", "2a00::/12", "2001::/16", "64:ff9b::/96", "64:ff9b::/32"),
        *("000.0.0.0/0", " 0.0.0.0/0 ", "052.0.0.0/08", "0.0.0.0/00"),
        *("9.0.0.0/7", "172.0.0.0/8", "192.0.0.0/8", "fc00::/6"),
    ],
)
def test_these_are_the_internet(cidr: str) -> None:
    assert is_internet(cidr)


@pytest.mark.parametrize(
    "cidr",
    [
        *("10.0.0.0/8", "10.0.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"),
        *("203.0.113.0/24", "52.94.0.0/22", "52.8.0.0/13", "255.255.255.255/32", "127.0.0.1/32"),
        *("fd00::/8", "fe80::/10", "::1/128", "2600:1f00::/24", "2001:db8::/32"),
        *("010.0.0.0/8", "10.000.000.0/8", "fe80::0001/10", "nowhere", "", "${Range}", "10.0.0.0/33"),
    ],
)
def test_these_are_not(cidr: str) -> None:
    assert not is_internet(cidr)


def test_private_addresses() -> None:
    assert [is_private(a) for a in ("10.0.0.53", "fd00::53", "8.8.8.8", "2001:db8::1", "x")] == [
        True, True, False, False, False,
    ]  # fmt: skip
