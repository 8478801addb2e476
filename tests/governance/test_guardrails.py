"""The constructs: policies in sequence, the boundary, and every mistake of a call."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.errors import ConfigurationError
from hardened_eks.guardrails import Settings, organization_guardrails

UNIT, ORGANIZATION = "ou-abcd-12345678", "o-exampleorg1"


def stack(region: str = "us-east-1") -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Organization", env=cdk.Environment(account="123456789012", region=region))


@pytest.fixture(scope="module")
def template() -> Template:
    made = stack()
    hardened.Guardrails(made, "Guardrails", target_ids=[UNIT, "111122223333"], organization_id=ORGANIZATION)
    hardened.PermissionsBoundary(made, "Boundary", name="limits/people")
    return Template.from_stack(made)


def test_policies_are_those_of_the_data(template: Template) -> None:
    found = [one["Properties"] for one in template.find_resources("AWS::Organizations::Policy").values()]
    assert found == [
        {
            "Name": guardrail.name,
            "Description": guardrail.title,
            "Type": guardrail.kind.organizations_type,
            "Content": guardrail.content,
            "TargetIds": [UNIT, "111122223333"],
        }
        for guardrail in organization_guardrails(Settings(organization_id=ORGANIZATION))
    ]


def test_one_after_the_other(template: Template) -> None:
    found = template.find_resources("AWS::Organizations::Policy")
    assert [one.get("DependsOn", []) for one in found.values()] == [[], *([name] for name in list(found)[:-1])]


def test_every_policy_of_a_stack_waits_for_the_one_before() -> None:
    stack = cdk.Stack(cdk.App(), "Organization", env=cdk.Environment(account="123456789012", region="us-east-1"))
    hardened.OrganizationDefaults(stack, "Defaults", target_ids=["123456789012"])
    hardened.Guardrails(stack, "Guardrails", target_ids=["123456789012"])
    hardened.Guardrails(stack, "Others", target_ids=["210987654321"], name_prefix="other")
    policies = Template.from_stack(stack).find_resources("AWS::Organizations::Policy")
    waits = {id_: one.get("DependsOn", []) for id_, one in policies.items()}
    assert sorted(map(len, waits.values())) == [0, *[1] * 6]
    assert len({before for one in waits.values() for before in one}) == len(policies) - 1


def test_the_boundary_speaks_of_itself(template: Template) -> None:
    template.has_resource_properties("AWS::IAM::ManagedPolicy", {"ManagedPolicyName": "people", "Path": "/limits/"})
    (found,) = template.find_resources("AWS::IAM::ManagedPolicy").values()
    last = found["Properties"]["PolicyDocument"]["Statement"][-1]
    assert last["Condition"] == {
        "StringNotLike": {
            "iam:PermissionsBoundary": {
                "Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::*:policy/limits/people"]]
            }
        }
    }


def test_arguments_reach_the_policies() -> None:
    made = hardened.Guardrails(
        stack(), "Guardrails", target_ids=["r-abcd"], break_glass_roles=["emergency-*"], creator_roles=["cluster-maker"],
        deployer_roles=["landing-zone"], backup_roles=["backups/vaults"], accounts=["111122223333"], log_groups=["/trail"],
        oldest_version="1.37", name_prefix="bank",
    )  # fmt: skip
    wanted = Settings(
        break_glass_roles=("emergency-*",), creator_roles=("cluster-maker",), deployer_roles=("landing-zone",),
        backup_roles=("backups/vaults",), accounts=("111122223333",), log_groups=("/trail",), oldest_version="1.37",
        name_prefix="bank",
    )  # fmt: skip
    assert made.guardrails == organization_guardrails(wanted)
    assert [one.name for one in made.guardrails] == ["bank-shape", "bank-access", "bank-evidence"]
    assert len(made.resources) == 3
    partners = hardened.Guardrails(
        stack(), "Partners", target_ids=["r-abcd"], organization_id=ORGANIZATION, partners=["444455556666"]
    )
    assert "444455556666" in partners.guardrails[-1].text


@pytest.mark.parametrize(("region", "home"), [
    ("eu-central-1", "us-east-1"), ("cn-north-1", "cn-northwest-1"), ("us-gov-east-1", "us-gov-west-1"),
    ("eu-north-9", "us-east-1"),
])  # fmt: skip
def test_a_region_without_organizations_is_refused(region: str, home: str) -> None:
    for make in (hardened.Guardrails, hardened.OrganizationDefaults):
        with pytest.raises(ConfigurationError) as caught:
            make(stack(region), "Policies", target_ids=[UNIT])
        assert caught.value.problems == (
            f"the stack is in {region}, but CloudFormation can change AWS Organizations only in {home}: create this in a "
            "stack of that Region",
        )
        make(stack(home), "Policies", target_ids=[UNIT])


def test_a_stack_of_any_region_and_of_a_partition_of_its_own_may_have_guardrails() -> None:
    hardened.Guardrails(cdk.Stack(cdk.App(), "Any"), "Guardrails", target_ids=[UNIT])
    hardened.Guardrails(stack("us-iso-east-1"), "Guardrails", target_ids=[UNIT])


def test_the_arn_is_that_of_the_policy() -> None:
    made = stack()
    found = hardened.PermissionsBoundary(made, "Boundary")
    assert made.resolve(found.policy_arn) == {"Ref": made.get_logical_id(found.resource)}


@pytest.mark.parametrize(("arguments", "problems"), [
    ({"target_ids": []}, ["target_ids needs at least one ID of a root, an organizational unit or an account, got []"]),
    ({"target_ids": UNIT}, [f"target_ids needs at least one ID of a root, an organizational unit or an account, got {UNIT!r}"]),
    ({"target_ids": ["Sandbox"], "break_glass_roles": ["*"], "organization_id": "bank"}, [
        "target_ids needs IDs of roots (r-...), organizational units (ou-...-...) or accounts (12 digits), got 'Sandbox'",
        "break_glass_roles '*' has fewer than 6 fixed characters, so it matches too many role names: write "
        "more of the name",
        "organization_id needs the ID of an organization, o- and 10 to 32 characters, got 'bank'",
    ]),
    ({"target_ids": [UNIT, "r-abcd", UNIT]}, [f"target_ids names {UNIT!r} more than once"]),
    ({"target_ids": [UNIT, None]}, [
        "target_ids needs IDs of roots (r-...), organizational units (ou-...-...) or accounts (12 digits), got None",
    ]),
    ({"target_ids": [UNIT], "creator_roles": "me"}, ["creator_roles needs a list of strings, got 'me'"]),
    ({"target_ids": [UNIT], "accounts": [cdk.Aws.ACCOUNT_ID]}, [f"accounts needs account IDs of 12 digits, got {cdk.Aws.ACCOUNT_ID!r}"]),
])  # fmt: skip
def test_fails_with_every_mistake(arguments: dict[str, Any], problems: list[str]) -> None:
    made = stack()
    with pytest.raises(ConfigurationError) as caught:
        hardened.Guardrails(made, "Guardrails", **arguments)
    assert list(caught.value.problems) == problems
    assert made.node.children == []


def test_fails_when_a_policy_is_too_large() -> None:
    made = stack()
    with pytest.raises(
        ConfigurationError,
        match=r"hardened-eks-data has \d+ characters, but a policy of type rcp can have at most 5120",
    ):
        hardened.Guardrails(
            made, "Guardrails", target_ids=[UNIT], organization_id=ORGANIZATION,
            partners=[str(number) for number in range(100000000000, 100000000300)],
        )  # fmt: skip


def test_fails_on_a_name_that_is_none() -> None:
    with pytest.raises(ConfigurationError, match="name needs the name of a policy, with its path"):
        hardened.PermissionsBoundary(stack(), "Boundary", name="a b")
