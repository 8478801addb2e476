"""A policy that is too long for IAM comes in parts that say the same."""

import json
from typing import Any

import pytest

from hardened_eks.sources.account.calls import policy
from hardened_eks.sources.account.policies import LIMIT, in_parts

EVERYTHING = policy(
    all_regions=True, role="arn:aws:iam::111122223333:role/audit", organization="audit", security_hub=True
)


def allowed(*documents: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (action, json.dumps(statement["Resource"]))
        for document in documents
        for statement in document["Statement"]
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    ]


def test_one_that_fits_is_as_it_was() -> None:
    assert in_parts(policy()) == [policy()]
    assert in_parts(policy(all_regions=True)) == [policy(all_regions=True)]
    assert LIMIT == 6_144


@pytest.mark.parametrize("limit", [400, 1_000, 3_000, 6_000])
def test_a_longer_one_is_split(limit: int) -> None:
    parts = in_parts(EVERYTHING, limit)
    sizes = [len(json.dumps(part, separators=(",", ":"))) for part in parts]
    assert max(sizes) <= limit
    assert min(a + b for a, b in zip(sizes, sizes[1:], strict=False)) > limit  # as few as there can be
    assert allowed(*parts) == allowed(EVERYTHING)
    assert all(part["Version"] == "2012-10-17" for part in parts)


def test_an_action_that_is_longer_than_the_limit_stands_alone() -> None:
    assert len(in_parts(EVERYTHING, 1)) == len(allowed(EVERYTHING))
