"""The table of https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions."""

from ipaddress import IPv4Network

import pytest

from hardened_eks.data.vpc_ranges import beside_problem


@pytest.mark.parametrize(
    ("first", "added", "words"),
    [
        ("10.0.0.0/16", "172.16.0.0/16", "172.16.0.0/12"),
        ("10.0.0.0/16", "192.168.0.0/17", "192.168.0.0/16"),
        ("172.16.0.0/16", "10.1.0.0/16", "10.0.0.0/8"),
        ("192.168.0.0/16", "10.1.0.0/16", "10.0.0.0/8"),
        ("100.64.0.0/16", "10.1.0.0/16", "10.0.0.0/8"),
        ("52.0.0.0/16", "172.20.0.0/16", "172.16.0.0/12"),
        ("10.0.0.0/16", "198.19.0.0/16", "198.19.0.0/16"),
        ("198.19.0.0/17", "10.1.0.0/16", "10.0.0.0/8"),
        ("10.1.0.0/16", "10.0.0.0/17", "10.0.0.0/15"),
        ("10.0.0.0/17", "10.0.128.0/17", "10.0.0.0/15"),
        ("172.16.0.0/16", "172.31.0.0/17", "172.31.0.0/16"),
        ("10.0.0.0/16", "10.1.0.0/16", None),
        ("10.2.0.0/16", "10.0.0.0/16", None),
        ("10.0.0.0/16", "100.64.0.0/16", None),
        ("172.16.0.0/16", "172.20.0.0/16", None),
        ("192.168.0.0/17", "192.168.128.0/17", None),
        ("192.168.0.0/16", "52.0.0.0/16", None),
        ("100.64.0.0/16", "100.65.0.0/16", None),
        ("198.19.0.0/17", "198.19.128.0/17", None),
    ],
)
def test_ranges_beside_the_first(first: str, added: str, words: str | None) -> None:
    problem = beside_problem(IPv4Network(first), IPv4Network(added))
    assert (problem is None) is (words is None)
    assert words is None or words in str(problem)
