"""The way from the creator role of before the owner tag: nothing is stuck, whatever the order."""

from typing import Any

import pytest

from hardened_eks.controls.access import no_account_wide_changes
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate
from tests.access.creator_calls import Call, Calls
from tests.access.creator_role import BEFORE, POLICY, allows, asked, refused, statements_of, told
from tests.access.creator_stacks import Made


def by_tag(call: Call) -> bool:
    """Tell whether the call tags something that exists."""
    action = call.request.action.partition(":")[2]
    tagging = {"CreateTags", "TagResource", "TagRole", "TagQueue", "TagOpenIDConnectProvider", "AddTagsToResource"}
    return action in tagging and call.request.resource != "*" and not call.request.resource.endswith("/new")


UNTAG = [
    asked("ec2:DeleteTags", "ec2:R:vpc/vpc-1", {"aws:TagKeys": ["hardened-eks:owner"], "OWNED": "HardenedEks-1"}),
    asked("kms:UntagResource", "kms:R:key/1", {"aws:TagKeys": ["hardened-eks:owner"], "OWNED": "HardenedEks-1"}),
]
"""What a rollback does to what the failed update has tagged."""


class TestTheUpgrade:
    """One release tags, the next narrows: stacks of an earlier release get through, and nothing is stuck."""

    def test_the_role_of_before_sets_the_tags(self, older: list[Call]) -> None:
        """A user who does not deploy the role again only sees tags appear."""
        tagging = [call for call in older if by_tag(call)]
        assert {call.request.action.partition(":")[0] for call in tagging} >= {"ec2", "kms", "eks", "iam", "logs"}
        # Issuers on the dual-stack name, the DNS firewall, alarms, chats and state machines are younger than that role.
        younger = ("oidc-eks.", "route53resolver:", "cloudwatch:", "chatbot:", "states:", "scheduled-query")
        assert [line for line in refused(BEFORE, tagging) if not any(word in line for word in younger)] == []
        assert all(allows(BEFORE, request) for request in UNTAG)

    def test_the_adopting_role_deploys_stacks_without_tags(
        self, adopting: list[dict[str, Any]], older: list[Call]
    ) -> None:
        assert refused(adopting, older) == []

    def test_the_adopting_role_deploys_stacks_with_tags(
        self, adopting: list[dict[str, Any]], calls: list[Call]
    ) -> None:
        assert refused(adopting, calls) == []

    def test_the_adopting_role_rolls_back(self, adopting: list[dict[str, Any]]) -> None:
        assert all(allows(adopting, request) for request in UNTAG)

    def test_the_adopting_role_leaves_other_owners_alone(
        self, adopting: list[dict[str, Any]], out_of_reach: list[Call]
    ) -> None:
        others = [
            call for call in out_of_reach if not call.source.endswith(" untagged")
            # A new resource with another's tag is refused by ec2:CreateTags, which the same call asks for.
            and not (call.request.resource.endswith("/new") and call.request.action != "ec2:CreateTags")
        ]  # fmt: skip
        assert len(others) > 500
        assert [told(call) for call in others if allows(adopting, call.request)] == []

    def test_the_narrow_role_deploys_them_once_they_are_tagged(
        self, narrow: list[dict[str, Any]], calls: list[Call]
    ) -> None:
        assert refused(narrow, calls) == []

    def test_narrowed_too_early_the_update_is_refused_and_rolls_back(
        self, narrow: list[dict[str, Any]], older: list[Call]
    ) -> None:
        """Whatever a rollback then takes off is within reach again by its name or its tag."""
        tagging = [call for call in older if by_tag(call)]
        assert {line.split(" ")[0] for line in refused(narrow, tagging)} == {"ec2:CreateTags", "kms:TagResource"}
        untagging = [
            call for call in older if "untag" in call.request.action.lower() and not call.request.action.startswith("kms")
        ]  # fmt: skip
        assert len(untagging) > 5
        assert refused(narrow, untagging) == []
        assert all(allows(narrow, request) for request in UNTAG)

    def test_the_role_of_before_could_not_deploy_the_reference_app(self, shipped: list[Made]) -> None:
        missing = {line.split(" ")[0] for line in refused(BEFORE, Calls(shipped).all())}
        assert missing >= {"cloudformation:DescribeStacks", "iam:GetRole"}

    def test_the_role_of_before_owned_the_account(self, out_of_reach: list[Call]) -> None:
        reached = {call.request.action for call in out_of_reach if allows(BEFORE, call.request)}
        assert reached >= {
            "eks:CreateAccessEntry", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "ec2:StopInstances",
            "ec2:ModifyInstanceAttribute", "logs:DeleteLogGroup", "ecr:SetRepositoryPolicy", "ec2:CreateTags",
        }  # fmt: skip


@pytest.mark.parametrize(("policies", "expected"), [("narrow", False), ("adopting", True), ("before", True)])
def test_the_control_tells_the_roles_apart(policies: str, expected: bool) -> None:
    """IA-14 passes the role, and reports the one of before and one that is left in the first step of the upgrade."""
    statements = BEFORE if policies == "before" else statements_of(adopt_untagged=policies == "adopting")
    body = {"Type": POLICY, "Properties": {"PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}}
    outcome = evaluate(Assembly([Template("Bootstrap", {"Resources": {"Policy": body}})]), [no_account_wide_changes])
    assert bool(outcome.findings) is expected
    if policies == "before":
        told_of = " ".join(finding.problem.message for finding in outcome.findings)
        for action in ("kms:PutKeyPolicy", "logs:DeleteLogGroup", "ec2:ModifyInstanceAttribute",
                       "ecr:SetRepositoryPolicy", "eks:CreateAccessEntry", "iam:CreateOpenIDConnectProvider"):  # fmt: skip
            assert action in told_of
