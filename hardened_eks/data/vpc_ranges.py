"""The secondary ranges that EC2 accepts for a VPC.

Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions, read on
2026-11-29. Its rows depend on the first range of the VPC.
"""

from __future__ import annotations

from ipaddress import IPv4Network

_TEN, _MIDDLE, _HOME = (IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_PRIVATE = (_TEN, _MIDDLE, _HOME)
_BENCHMARK = IPv4Network("198.19.0.0/16")
_FIRST_TWO, _FIRST = IPv4Network("10.0.0.0/15"), IPv4Network("10.0.0.0/16")
_DEFAULT_VPC = IPv4Network("172.31.0.0/16")


def beside_problem(first: IPv4Network, added: IPv4Network) -> str | None:
    """Return why EC2 does not add a range to a VPC, or None if it does.

    Args:
        first: the first range of the VPC.
        added: the secondary range.
    """
    home, other = _private(first), _private(added)
    if other is not None and other != home:
        return f"EC2 rejects ranges of {other} there"
    if added.overlaps(_BENCHMARK) and not first.overlaps(_BENCHMARK):
        return f"EC2 rejects ranges of {_BENCHMARK} there"
    if first.overlaps(_FIRST_TWO) and added.overlaps(_FIRST):
        return f"EC2 rejects ranges of {_FIRST} in addition to a range of {_FIRST_TWO}"
    if home == _MIDDLE and added.overlaps(_DEFAULT_VPC):
        return f"EC2 rejects ranges of {_DEFAULT_VPC} in addition to a range of {_MIDDLE}"
    return None


def _private(block: IPv4Network) -> IPv4Network | None:
    return next((private for private in _PRIVATE if block.overlaps(private)), None)
