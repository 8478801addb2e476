from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.access import _break_glass
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.access import break_glass_mfa
from hardened_eks.errors import ConfigurationError
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.evidence.waiver import METADATA_KEY
from hardened_eks.sources import load
from tests.access import trust
from tests.access.trust import admits, of_center, of_role, of_user

ANA, BEN = "906736b8-d0e1-70f8-2ac3-4d5e6f708192", "906736b8d0-1f2e3d4c-5b6a-4978-8f9e-0a1b2c3d4e5f"
USER = "arn:aws:iam::123456789012:user/ana"
TAKE, NAME = "sts:AssumeRole", "sts:SetSourceIdentity"


def center(**more: Any) -> hardened.IdentityCenterTrust:
    given = {
        "permission_set": "BreakGlass",
        "user_ids": [ANA, BEN],
        "mfa_reason": "Entra ID asks for a FIDO2 key, policy CA-7",
        "until": "2027-06-30",
    }
    return hardened.IdentityCenterTrust(**{**given, **more})


def made(*trusted: Any, **more: Any) -> tuple[hardened.BreakGlassRole, Template]:
    stack = cdk.Stack(cdk.App(), "Access")
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    role = hardened.BreakGlassRole(stack, "BreakGlass", cluster=cluster, trusted=list(trusted), **more)
    return role, Template.from_stack(stack)


def document(template: Template) -> dict[str, Any]:
    roles = template.find_resources("AWS::IAM::Role")
    (name,) = [name for name in roles if "Alarm" not in name]
    return dict(roles[name]["Properties"]["AssumeRolePolicyDocument"])


@pytest.fixture(scope="module")
def people() -> dict[str, Any]:
    return document(made(center())[1])


@pytest.fixture(scope="module")
def users() -> dict[str, Any]:
    return document(made(USER)[1])


@pytest.mark.parametrize("action", [TAKE, NAME])
class TestPeople:
    @pytest.mark.parametrize("home", ["", "eu-central-1"])
    @pytest.mark.parametrize("who", [ANA, BEN])
    def test_get_in(self, people: dict[str, Any], action: str, who: str, home: str) -> None:
        assert admits(people, action, of_center(who, home=home))

    @pytest.mark.parametrize(
        "who",
        [
            of_center("11111111-d0e1-70f8-2ac3-4d5e6f708192"),
            of_center(ANA, permission_set="Administrator"),
            of_center(ANA, **{"sts:SourceIdentity": BEN}),
            of_center(ANA, **{"aws:RequestedRegion": "us-west-2"}),
            of_center(ANA, **{"aws:ViaAWSService": "true"}),
            of_center(ANA, **{"aws:PrincipalArn": f"arn:aws:iam::{trust.ACCOUNT}:role/AWSReservedSSO_BreakGlass_x"}),
            {key: value for key, value in of_center(ANA).items() if key != "identitystore:UserId"},
            {key: value for key, value in of_center(ANA).items() if key != "sts:SourceIdentity"},
            of_user(),
            of_role(),
        ],
    )
    def test_others_do_not(self, people: dict[str, Any], action: str, who: dict[str, str]) -> None:
        assert not admits(people, action, who)

    def test_another_home_region_does_not_get_in(self, people: dict[str, Any], action: str) -> None:
        narrow = document(made(center(identity_center_region="eu-central-1"))[1])
        assert admits(narrow, action, of_center(ANA, home="eu-central-1"))
        assert not admits(narrow, action, of_center(ANA, home="eu-west-3"))
        north_virginia = document(made(center(identity_center_region="us-east-1"))[1])
        assert admits(north_virginia, action, of_center(ANA))
        assert not admits(north_virginia, action, of_center(ANA, home="eu-west-3"))


@pytest.mark.parametrize("action", [TAKE, NAME])
class TestUsers:
    def test_get_in(self, users: dict[str, Any], action: str) -> None:
        assert admits(users, action, of_user())

    @pytest.mark.parametrize(
        "who",
        [
            of_user("eve"),
            of_user(**{"aws:MultiFactorAuthPresent": "false"}),
            of_user(**{"aws:MultiFactorAuthAge": "901"}),
            of_user(**{"sts:SourceIdentity": "ben"}),
            of_user(**{"aws:RequestedRegion": "us-west-2"}),
            of_user(**{"aws:ViaAWSService": "true"}),
            {key: value for key, value in of_user().items() if key != "sts:SourceIdentity"},
            {key: value for key, value in of_user().items() if not key.startswith("aws:MultiFactor")},
            of_role(),
            of_center(ANA),
        ],
    )
    def test_others_do_not(self, users: dict[str, Any], action: str, who: dict[str, str]) -> None:
        assert not admits(users, action, who)


def test_both_get_in() -> None:
    trusts = document(made(USER, center())[1])
    assert admits(trusts, TAKE, of_user()) and admits(trusts, TAKE, of_center(ANA))


def test_sealed_nobody_gets_in_and_nothing_is_waived() -> None:
    role, template = made(USER, center(), sealed=True)
    assert not any(admits(document(template), TAKE, who) for who in (of_user(), of_center(ANA)))
    assert METADATA_KEY not in {entry.type for entry in role.resource.node.metadata}


def test_the_reason_is_kept_as_a_waiver() -> None:
    role, _ = made(center(until=date(2027, 6, 30)))
    (entry,) = [json.loads(entry.data) for entry in role.resource.node.metadata if entry.type == METADATA_KEY]
    assert (entry["control"], entry["until"]) == (break_glass_mfa.id, "2027-06-30")
    assert entry["reason"] == "Entra ID asks for a FIDO2 key, policy CA-7"
    assert METADATA_KEY == _break_glass._WAIVER


def test_the_reasons_of_two_permission_sets_are_one_waiver() -> None:
    other = center(permission_set="Night", user_ids=[BEN], mfa_reason="Okta, policy 9", until="2027-01-31")
    role, _ = made(center(user_ids=[ANA]), other)
    (entry,) = [json.loads(entry.data) for entry in role.resource.node.metadata if entry.type == METADATA_KEY]
    assert (entry["reason"], entry["until"]) == (
        "Entra ID asks for a FIDO2 key, policy CA-7; Okta, policy 9",
        "2027-01-31",
    )


def test_users_need_no_waiver() -> None:
    role, _ = made(USER)
    assert METADATA_KEY not in {entry.type for entry in role.resource.node.metadata}


@pytest.mark.parametrize(("arguments", "words"), [
    ({"permission_set": ""}, ["permission_set", "''"]),
    ({"permission_set": "Break*"}, ["'Break*'"]),
    ({"permission_set": "a" * 33}, ["up to 32"]),
    ({"permission_set": None}, ["None"]),
    ({"user_ids": []}, ["at least one", "[]"]),
    ({"user_ids": ANA}, ["a list", ANA]),
    ({"user_ids": ["ana@example.com"]}, ["'ana@example.com'", "list-users"]),
    ({"user_ids": ["*"]}, ["'*'"]),
    ({"user_ids": [ANA, ANA]}, ["twice", ANA]),
    ({"user_ids": [7]}, ["got 7"]),
    ({"mfa_reason": " "}, ["mfa_reason", "' '"]),
    ({"mfa_reason": None}, ["mfa_reason", "None"]),
    ({"until": "soon"}, ["until", "'soon'"]),
    ({"until": "2027-02-30"}, ["'2027-02-30'"]),
    ({"until": datetime(2027, 1, 1, tzinfo=UTC)}, ["until", "datetime"]),
    ({"identity_center_region": "Ireland"}, ["'Ireland'", "eu-west-1"]),
    ({"identity_center_region": None}, ["identity_center_region", "None"]),
])  # fmt: skip
def test_fails_when(arguments: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        center(**arguments)
    assert [word for word in words if word not in str(caught.value)] == []
    assert len(caught.value.problems) == 1


def test_fails_with_all_mistakes_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        center(permission_set="", user_ids=[], mfa_reason="", until="", identity_center_region="x")
    assert len(caught.value.problems) == 5


def ids(number: int) -> list[str]:
    return [f"906736b8d0-1f2e3d4c-5b6a-4978-8f9e-0a1b2c3d4e{n:02d}" for n in range(number)]


def test_three_people_fit_into_a_trust_policy() -> None:
    trusts = trust.plain(document(made(center(user_ids=ids(3), identity_center_region="eu-central-1"))[1]))
    assert len(json.dumps(trusts, separators=(",", ":"))) <= 2048


def test_fails_when_they_do_not_fit() -> None:
    with pytest.raises(ConfigurationError, match=r"trust policy of \d+ characters, IAM allows 2048: name fewer people"):
        made(center(user_ids=ids(5)))


def test_is_frozen() -> None:
    given = [ANA]
    one = center(user_ids=given)
    given.append(BEN)
    assert one.user_ids == (ANA,)
    with pytest.raises(AttributeError):
        one.permission_set = "Other"  # type: ignore[misc]


def test_the_checks_honour_the_reason_until_its_day(tmp_path: Any) -> None:
    app = cdk.App(outdir=str(tmp_path / "cdk.out"))
    stack = cdk.Stack(app, "Access")
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    hardened.BreakGlassRole(stack, "BreakGlass", cluster=cluster, trusted=[USER, center()])
    loaded = load([Path(app.synth().directory)])

    def ids(day: date) -> tuple[set[str], set[str]]:
        outcome = evaluate(loaded.assembly, CATALOGUE, waivers=loaded.waivers, today=day)
        return {f.control.id for f in outcome.findings}, {f.control.id for f in outcome.waived}

    failing, waived = ids(date(2027, 5, 1))
    assert waived == {"IA-16"} and not failing & {"IA-13", "IA-15", "IA-16", "IA-17", "CP-14"}
    failing, waived = ids(date(2027, 7, 1))
    assert "IA-16" in failing and not waived
