"""Where CloudFormation can change AWS Organizations, and the IDs to which policies are attached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks._asked import region_of
from hardened_eks._patterns import regex
from hardened_eks._tokens import is_literal
from hardened_eks.data.regions import PARTITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs import Construct

_HOMES: Final = {"aws": "us-east-1", "aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-west-1"}
"""Region of the endpoint, by partition: https://docs.aws.amazon.com/organizations/latest/userguide/region-support.html"""
TARGET: Final = regex(r"r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|[0-9]{12}")
"""The ID of a root, an organizational unit or an account."""


def home_problems(scope: Construct) -> Iterator[str]:
    """Yield that a stack is in a Region without policies of organizations."""
    region = region_of(scope)
    home = _HOMES.get(PARTITIONS.get(region, "aws"), region)
    if is_literal(region) and region != home:
        yield (
            f"the stack is in {region}, but CloudFormation can change AWS Organizations only in {home}: create this in "
            "a stack of that Region"
        )
