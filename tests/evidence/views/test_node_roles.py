"""Roles of nodes that are not seen."""

import pytest

from hardened_eks.evidence import Assembly, Template
from hardened_eks.evidence.views.node_roles import unseen_roles
from tests.controls.cases import Mutation, both, change, drop
from tests.controls.self_managed import ASG, IMAGE, LT, NODES

UNKNOWN = change(LT, "LaunchTemplateData.IamInstanceProfile", {"Name": "elsewhere"})


@pytest.mark.parametrize(("mutation", "found"), [
    (UNKNOWN, 1),
    (both(UNKNOWN, drop(ASG, "Tags")), 1),
    (both(UNKNOWN, drop(ASG, "Tags"), change(LT, IMAGE, "ami-1")), 1),
    (both(UNKNOWN, drop(ASG, "Tags"), change(LT, IMAGE, "ami-1"), drop(LT, "LaunchTemplateData.UserData")), 0),
], ids=["by its tag", "by its image", "by its user data", "not a node"])  # fmt: skip
def test_a_profile_that_is_not_seen_is_told_for_every_group_of_nodes(mutation: Mutation, found: int) -> None:
    assembly = Assembly([Template("S", mutation(NODES))])
    (group,) = assembly.of(ASG)
    assert len(list(unseen_roles(group, assembly))) == found
