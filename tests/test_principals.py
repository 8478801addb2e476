"""The principals that an argument accepts."""

import pytest

from hardened_eks._principals import arn_problems
from hardened_eks.governance._custody import role_problems

PARTITION, ACCOUNT = "${Token[AWS.Partition.3]}", "${Token[AWS.AccountId.0]}"


@pytest.mark.parametrize("name", ["role/*", "role/team-*", "role/a?", "*"])
@pytest.mark.parametrize("account", ["111122223333", ACCOUNT])
def test_no_wildcard_also_beside_a_deploy_time_account(account: str, name: str) -> None:
    (problem,) = arn_problems("roles", f"arn:aws:iam::{account}:{name}")
    assert problem.endswith("name each principal, a wildcard admits everybody")
    assert len([*role_problems("writers", [f"arn:{PARTITION}:iam::{account}:{name}"])]) == 1


def test_a_deploy_time_account_is_accepted() -> None:
    for arn in (f"arn:{PARTITION}:iam::{ACCOUNT}:role/team", "${Token[Role.Arn.7]}"):
        assert [*arn_problems("roles", arn)] == []
        assert [*role_problems("writers", [arn])] == []
    assert [*role_problems("denied", [f"arn:{PARTITION}:iam::{ACCOUNT}:role/team-*"])] == []
