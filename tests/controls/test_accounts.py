"""What the account and Region of a stack decide: whose roles are foreign, and which STS the alert hears."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from hardened_eks.controls.access import break_glass_alarm, break_glass_trust
from hardened_eks.controls.control_plane import roles_of_own_account, roles_seen
from hardened_eks.controls.model import Control
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate
from tests.controls.access.break_glass import BREAK_GLASS, PERSON, QUEUE_POLICY, lets, trusted, users
from tests.controls.cases import change
from tests.controls.control_plane.roles import ENTRY, OTHER, ROLES

ACCOUNT, REGION = "111122223333", "eu-west-1"


def paths(control: Control, body: dict[str, Any], *, account: str = ACCOUNT, region: str = REGION) -> list[str]:
    template = Template("T", copy.deepcopy(body), account=account, region=region)
    return [finding.problem.path for finding in evaluate(Assembly([template]), [control]).findings]


@pytest.mark.parametrize("principal", [OTHER, "arn:aws:iam::999988887777:user/eve"])
def test_a_principal_of_another_account_is_found(principal: str) -> None:
    body = change(ENTRY, "PrincipalArn", principal)(ROLES)
    assert paths(roles_of_own_account, body) == ["PrincipalArn"]
    assert paths(roles_of_own_account, body, account="999988887777") == []


def test_an_entry_for_a_role_of_the_known_account_needs_no_more() -> None:
    body = change(ENTRY, "PrincipalArn", f"arn:aws:iam::{ACCOUNT}:role/dev")(ROLES)
    assert paths(roles_seen, body) == []
    assert paths(roles_seen, body, account="") == ["PrincipalArn"]


def person(account: str) -> dict[str, Any]:
    role = f"arn:aws:iam::{account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_BreakGlass_????????????????"
    condition = {**PERSON["Condition"], "ArnLike": {"aws:PrincipalArn": role}}
    return {**PERSON, "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Condition": condition}


def test_people_of_another_account_are_strangers() -> None:
    assert paths(break_glass_trust, trusted(person(ACCOUNT))(BREAK_GLASS)) == []
    assert paths(break_glass_trust, trusted(person("999988887777"))(BREAK_GLASS)) == [
        "AssumeRolePolicyDocument.Statement.0.Principal"
    ]


def test_the_region_is_that_of_the_stack() -> None:
    body = users(lambda condition: condition["StringEquals"].update({"aws:RequestedRegion": "us-east-1"}))(BREAK_GLASS)
    assert len(paths(break_glass_trust, body)) == 2
    assert paths(break_glass_trust, body, region="us-east-1") == []


def sent(source: str, account: str) -> dict[str, Any]:
    """Return the template with a policy of its queue that names the rules of an account by ARN, and the account."""
    condition = {"ArnLike": {"aws:SourceArn": source}, "StringEquals": {"aws:SourceAccount": account}}
    queue = lets("events.amazonaws.com", "sqs:SendMessage", "*", **condition)
    return change(QUEUE_POLICY, "PolicyDocument.Statement", [queue])(BREAK_GLASS)


@pytest.mark.parametrize(
    ("source", "account", "heard"),
    [
        (f"arn:aws:events:{REGION}:{ACCOUNT}:rule/*", ACCOUNT, True),
        (f"arn:aws:events:*:{ACCOUNT}:rule/*", ACCOUNT, True),
        (f"arn:aws:events:us-west-2:{ACCOUNT}:rule/*", ACCOUNT, False),
        ("arn:aws:events:*:999988887777:rule/*", ACCOUNT, False),
        (f"arn:aws:events:*:{ACCOUNT}:rule/*", "999988887777", False),
        (f"arn:aws:events:*:{ACCOUNT}:event-bus/*", ACCOUNT, False),
        (f"arn:aws:s3:*:{ACCOUNT}:rule/*", ACCOUNT, False),
        ("arn:aws:events", ACCOUNT, False),
    ],
)
def test_policies_admit_the_rules_of_the_account(source: str, account: str, heard: bool) -> None:
    assert (paths(break_glass_alarm, sent(source, account)) == []) is heard


def test_the_rule_is_in_the_region_of_the_role() -> None:
    """The role is global, and the STS that its trust admits is that of its stack."""
    role = {name: one for name, one in BREAK_GLASS["Resources"].items() if name in {"Role", "Entry"}}
    rest = {name: one for name, one in BREAK_GLASS["Resources"].items() if name not in role}
    named = copy.deepcopy({"Role": role, "Rest": rest})
    named["Role"]["Role"]["Properties"]["RoleName"] = "glass"
    arn = f"arn:aws:iam::{ACCOUNT}:role/glass"
    named["Rest"]["Rule"]["Properties"]["EventPattern"]["detail"]["requestParameters"]["roleArn"] = [arn]

    def found(region: str) -> list[str]:
        templates = [
            Template("A", {"Resources": named["Role"]}, account=ACCOUNT, region=REGION),
            Template("B", {"Resources": named["Rest"]}, account=ACCOUNT, region=region),
        ]
        return [one.problem.message for one in evaluate(Assembly(templates), [break_glass_alarm]).findings]

    assert found(REGION) == []
    assert len(found("us-west-2")) == 1
