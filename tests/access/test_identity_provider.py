"""An OIDC identity provider for people: one pinned issuer, prefixes, and a creator role that attaches no other."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.controls import CATALOGUE
from hardened_eks.errors import ConfigurationError
from hardened_eks.evidence import Assembly
from hardened_eks.evidence import Template as Evidence
from hardened_eks.judging.evaluation import evaluate
from tests.access.creator_calls import Call, Calls
from tests.access.creator_role import allows, asked, refused, statements_of
from tests.access.creator_stacks import made_of

CONFIG = "AWS::EKS::IdentityProviderConfig"
ISSUER = "https://login.bank.example/realms/staff"
GITHUB = "https://token.actions.githubusercontent.com"


def imported(stack: cdk.Stack, name: str = "payments") -> Any:
    return hardened.Cluster.from_cluster_attributes(stack, f"Cluster-{name}", name=name)


def add(stack: cdk.Stack, cluster: Any, id: str = "People", **arguments: Any) -> hardened.IdentityProvider:
    given = {"issuer": ISSUER, "client_id": "kubernetes", **arguments}
    return hardened.IdentityProvider(stack, id, cluster=cluster, **given)


@pytest.fixture(scope="module")
def scope() -> cdk.Stack:
    """One stack for all that is refused, and for names: nothing of it is synthesized."""
    return cdk.Stack(cdk.App(), "Refused")


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "HardenedEks-Access")
    cdk.Tags.of(stack).add("application", "payments")
    add(stack, imported(stack, "HardenedEks-one"))
    add(
        stack, imported(stack, "HardenedEks-two"), "Shared", issuer=GITHUB, required_claims={"repository_owner": "bank"}
    )
    found: dict[str, Any] = Template.from_stack(stack).to_json()
    return found


def configs(template: dict[str, Any]) -> list[dict[str, Any]]:
    return [r["Properties"] for r in template["Resources"].values() if r["Type"] == CONFIG]


def test_users_and_groups_get_a_prefix(template: dict[str, Any]) -> None:
    one, _ = configs(template)
    assert one["ClusterName"] == "HardenedEks-one" and one["Type"] == "oidc"
    assert one["Oidc"] == {
        "IssuerUrl": ISSUER, "ClientId": "kubernetes", "UsernameClaim": "sub", "UsernamePrefix": "oidc:",
        "GroupsClaim": "groups", "GroupsPrefix": "oidc:",
    }  # fmt: skip
    assert {"Key": "hardened-eks:owner", "Value": {"Ref": "AWS::StackName"}} in one["Tags"]


def test_a_shared_issuer_names_the_organization(template: dict[str, Any]) -> None:
    _, shared = configs(template)
    assert shared["Oidc"]["RequiredClaims"] == [{"Key": "repository_owner", "Value": "bank"}]


def test_no_control_finds_anything(template: dict[str, Any]) -> None:
    outcome = evaluate(Assembly([Evidence("Access", template)]), CATALOGUE)
    assert [f"{f.control.id} {f.problem.message}" for f in outcome.findings] == []
    examined = {control.id for control, count in outcome.examined.items() if count}
    assert {"CP-19", "CF-04", "DP-49"} <= examined


def test_each_setting_gives_another_name(scope: cdk.Stack) -> None:
    """CloudFormation replaces the resource, and refuses that under one name (DP-67)."""
    names = {
        add(scope, imported(scope, f"n{n}"), f"Named{n}", **given).resource.identity_provider_config_name
        for n, given in enumerate(({}, {"client_id": "other"}, {"groups_prefix": "staff:"}, {"issuer": f"{ISSUER}2"}))
    }
    assert len(names) == 4


@pytest.mark.parametrize(("given", "message"), [
    ({"issuer": "http://login.bank.example"}, "issuer needs a URL that begins with https://"),
    ({"issuer": "login.bank.example"}, "issuer needs a URL that begins with https://"),
    ({"issuer": "https://"}, "issuer needs a URL that begins with https://"),
    ({"issuer": f"{ISSUER}?tenant=a"}, "issuer needs a URL without query"),
    ({"issuer": "https://ana@login.bank.example"}, "issuer needs a URL without query, fragment, user name"),
    ({"issuer": "https://*.bank.example"}, r"issuer needs a URL without .* '\*', got"),
    ({"issuer": cdk.Fn.import_value("Issuer")}, "issuer needs the URL of the issuer as a string literal"),
    ({"issuer": None}, "issuer needs the URL of the issuer as a string literal, got None"),
    ({"issuer": GITHUB}, "signs tokens for anybody with an account there"),
    ({"issuer": "https://login.microsoftonline.com/common/v2.0"}, "signs tokens for anybody"),
    ({"issuer": "https://oidc.eks.eu-west-1.amazonaws.com/id/AB", "required_claims": {"a": "b"}}, "is the issuer of an EKS"),
    ({"client_id": ""}, "client_id needs 1 to 255 ASCII characters"),
    ({"client_id": 7}, "client_id needs 1 to 255 ASCII characters without spaces, got 7"),
    ({"username_claim": "e mail"}, "username_claim needs the name of a claim"),
    ({"groups_claim": ""}, "groups_claim needs the name of a claim"),
    ({"username_prefix": "-"}, "username_prefix needs letters"),
    ({"groups_prefix": ""}, "groups_prefix needs letters"),
    ({"groups_prefix": "oidc"}, "groups_prefix needs letters, digits"),
    ({"groups_prefix": "system:"}, "groups_prefix 'system:' is reserved"),
    ({"groups_prefix": "hardened-eks:"}, "groups_prefix 'hardened-eks:' is reserved"),
    ({"required_claims": ["org"]}, "required_claims needs a mapping of claims to values"),
    ({"required_claims": {"org": ""}}, "required_claims needs names of up to 63"),
    ({"cluster": "payments"}, "cluster needs a Cluster"),
])  # fmt: skip
def test_fails_when(scope: cdk.Stack, given: dict[str, Any], message: str) -> None:
    cluster = given.get("cluster") or imported(scope, f"bad{len(scope.node.children)}")
    with pytest.raises(ConfigurationError, match=message):
        add(scope, cluster, "Bad", **{k: v for k, v in given.items() if k != "cluster"})


def test_fails_with_all_mistakes_at_once(scope: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError) as caught:
        add(scope, imported(scope, "many"), issuer="http://a.example", client_id="", groups_prefix="")
    assert all(word in str(caught.value) for word in ("issuer", "client_id", "groups_prefix"))


def test_fails_when_the_cluster_has_one(scope: cdk.Stack) -> None:
    cluster = imported(scope, "taken")
    add(scope, cluster, "First")
    with pytest.raises(
        ConfigurationError, match=f"cluster 'taken' already has the identity provider '{ISSUER}', and EKS allows one"
    ):
        add(scope, cluster, "Second", issuer="https://other.bank.example")


@pytest.fixture(scope="module")
def calls(template: dict[str, Any]) -> list[Call]:
    return Calls(made_of({"HardenedEks-Access": template})).all()


@pytest.fixture(scope="module")
def wide() -> list[dict[str, Any]]:
    return statements_of(issuers=[ISSUER, GITHUB])


def test_the_creator_role_deploys_it(wide: list[dict[str, Any]], calls: list[Call]) -> None:
    actions = {call.request.action for call in calls}
    assert {"eks:AssociateIdentityProviderConfig", "eks:DisassociateIdentityProviderConfig"} <= actions
    assert refused(wide, calls) == []


def test_the_creator_role_attaches_no_issuer_that_is_not_named(calls: list[Call]) -> None:
    attached = [call for call in calls if call.request.action == "eks:AssociateIdentityProviderConfig"]
    assert len(refused(statements_of(issuers=["https://other.bank.example"]), attached)) == len(attached) == 2
    assert len(refused(statements_of(), attached)) == 2


@pytest.mark.parametrize(("action", "resource", "context"), [
    ("eks:AssociateIdentityProviderConfig", "eks:R:cluster/HardenedEks-1", {"eks:issuerUrl": "https://evil.example"}),
    ("eks:AssociateIdentityProviderConfig", "eks:R:cluster/HardenedEks-1", {}),
    ("eks:AssociateIdentityProviderConfig", "eks:R:cluster/payroll", {"eks:issuerUrl": ISSUER}),
    ("eks:DisassociateIdentityProviderConfig", "eks:R:identityproviderconfig/payroll/oidc/sso/id", {}),
])  # fmt: skip
def test_what_stays_out_of_reach(
    wide: list[dict[str, Any]], action: str, resource: str, context: dict[str, str]
) -> None:
    assert not allows(wide, asked(action, resource, context))


@pytest.mark.parametrize(("given", "message"), [
    ({"issuers": ISSUER}, "issuers needs a list of at most 5 URLs"),
    ({"issuers": ["http://login.bank.example"]}, "issuers needs a URL that begins with https://"),
    ({"issuers": [f"https://{n}.example" for n in range(6)]}, "issuers needs a list of at most 5"),
    ({"issuers": [ISSUER], "creates": "governance"}, "issuers is only for a role that creates clusters"),
])  # fmt: skip
def test_the_creator_role_fails_when(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        statements_of(**given)
