from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Match, Template

import hardened_eks as hardened
from hardened_eks.access import _actions
from hardened_eks.access._creator_policies import WILDCARDS
from hardened_eks.data.addons import ADDONS
from hardened_eks.errors import ConfigurationError
from hardened_eks.registry import PullThroughCache, SigningRule

ROLE, POLICY = "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"
PAGE = Path(__file__).parents[2] / "docs/how-to/creator-role.md"
BOUNDARY = "arn:aws-us-gov:iam::123456789012:policy/limits/of-stacks"
MOST_POLICIES = 10  # managed policies of a role, before a quota is raised
LONGEST_POLICY = 6_144  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
VALUES = {
    "AWS::Partition": "aws-us-gov", "AWS::Region": "ap-southeast-1", "AWS::AccountId": "123456789012",
    "AWS::URLSuffix": "amazonaws.com",
}  # fmt: skip


def resolve(value: Any) -> Any:
    """Render what CloudFormation would, with long values."""
    if isinstance(value, list):
        return [resolve(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"}:
        return VALUES.get(value["Ref"], value["Ref"])
    if set(value) == {"Fn::Join"}:
        separator, parts = value["Fn::Join"]
        return separator.join(str(resolve(part)) for part in parts)
    return {key: resolve(item) for key, item in value.items()}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="module")
def template() -> Template:
    stack = cdk.Stack(cdk.App(), "Bootstrap")
    hardened.CreatorRole(stack, "Creator", stack_prefix="HardenedEks")
    return Template.from_stack(stack)


@pytest.fixture(scope="module")
def documents(template: Template) -> list[dict[str, Any]]:
    return [resolve(p["Properties"]["PolicyDocument"]) for p in template.find_resources(POLICY).values()]


@pytest.fixture(scope="module")
def statements(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [statement for document in documents for statement in document["Statement"]]


@pytest.fixture(scope="module")
def stacks() -> dict[str, Any]:
    """Resources of everything the library's own stacks hold."""
    app = cdk.App()
    stack = cdk.Stack(app, "HardenedEks-Cluster")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    cluster.add_node_group("general", instance_types=["m7g.large"], session_manager=True)
    cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/ana"])
    hardened.AdminHost(stack, "Host", cluster=cluster)
    hardened.PodRole(stack, "Pod", cluster=cluster, namespace="billing", service_account="reader")
    hardened.ServiceAccountRole(stack, "Old", cluster=cluster, namespace="billing", service_account="old")
    images = cdk.Stack(app, "HardenedEks-Registry")
    hardened.Repository(images, "Repository")
    hardened.Registry(
        images, "Registry", replicate_to=["eu-west-1"], pull_through=[PullThroughCache(prefix="quay", upstream="quay.io")],
        signing=[SigningRule(profile_arn="arn:aws:signer:eu-west-1:123456789012:/signing-profiles/images")],
    )  # fmt: skip
    open_network = cdk.Stack(app, "HardenedEks-Network")
    hardened.Network(open_network, "Network", egress="nat", pod_cidrs=["100.64.0.0/16"])  # type: ignore[arg-type]
    found = {}
    for made in (stack, images, open_network):
        resources = Template.from_stack(made).to_json()["Resources"]
        found.update({f"{made.stack_name}/{name}": resource for name, resource in resources.items()})
    return found


def test_cloudformation_alone_takes_it(template: Template) -> None:
    template.has_resource_properties(ROLE, {"RoleName": "hardened-eks-creator", "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "cloudformation.amazonaws.com"},
        }],
    }})  # fmt: skip


def test_every_policy_is_attached_and_no_other(template: Template) -> None:
    (role,) = template.find_resources(ROLE).values()
    assert [arn["Ref"] for arn in role["Properties"]["ManagedPolicyArns"]] == list(template.find_resources(POLICY))
    assert "Policies" not in role["Properties"]


def test_every_wildcard_is_named_and_has_its_reason(statements: list[dict[str, Any]]) -> None:
    everywhere = [s.get("Sid") for s in statements if "*" in listed(s["Resource"])]
    assert sorted(map(str, everywhere)) == sorted(WILDCARDS)
    assert all(WILDCARDS.values())
    assert {s["Sid"] for s in statements if "Sid" in s} == set(WILDCARDS)


def test_no_action_is_a_whole_service(statements: list[dict[str, Any]]) -> None:
    actions = [action for s in statements for action in listed(s["Action"])]
    assert [action for action in actions if "*" in action] == ["ec2:Describe*", "autoscaling:Describe*"]
    assert not {s["Effect"] for s in statements} - {"Allow"}


def test_every_policy_is_as_short_as_iam_wants(documents: list[dict[str, Any]]) -> None:
    lengths = [len(json.dumps(document, separators=(",", ":"))) for document in documents]
    assert len(lengths) <= MOST_POLICIES and max(lengths) < LONGEST_POLICY


@pytest.mark.parametrize("adopt_untagged", [False, True])
def test_the_longest_names_still_fit(adopt_untagged: bool) -> None:
    stack = cdk.Stack(cdk.App(), "Bootstrap")
    hardened.CreatorRole(
        stack, "Creator", stack_prefix="Q" * 24, permissions_boundary="b" * 128, cluster_prefix="c" * 40,
        repository_prefixes=[f"{number}{'r' * 99}" for number in range(5)], adopt_untagged=adopt_untagged,
    )  # fmt: skip
    policies = Template.from_stack(stack).find_resources(POLICY).values()
    assert len(policies) <= 10, "IAM attaches as many to a role without an increase of the quota"
    for policy in policies:
        assert len(json.dumps(resolve(policy["Properties"]["PolicyDocument"]), separators=(",", ":"))) < LONGEST_POLICY


def test_roles_and_policies_of_other_names_are_out_of_reach(statements: list[dict[str, Any]]) -> None:
    account = "arn:aws-us-gov:iam::123456789012:"
    reach = {
        resource for s in statements for action in listed(s["Action"]) if action.startswith("iam:")
        for resource in listed(s["Resource"]) if s.get("Sid") not in WILDCARDS
    }  # fmt: skip
    assert reach == {
        f"{account}role/HardenedEks*", f"{account}policy/HardenedEks*", f"{account}instance-profile/HardenedEks*",
        f"{account}oidc-provider/oidc.eks.ap-southeast-1.amazonaws.com/id/*",
        f"{account}oidc-provider/oidc-eks.ap-southeast-1.api.aws/id/*", f"{account}role/aws-service-role/*",
        *(f"{account}role/aws-service-role/{service}/*" for service in _actions.SEEN_LINKED_ROLES),
    }  # fmt: skip


def test_only_known_policies_are_attached(statements: list[dict[str, Any]]) -> None:
    (attach,) = (s for s in statements if "iam:AttachRolePolicy" in listed(s["Action"]))
    known = attach["Condition"]["ArnLike"]["iam:PolicyARN"]
    assert "arn:aws-us-gov:iam::aws:policy/AdministratorAccess" not in known
    assert [arn for arn in known if arn.endswith("/*")] == []


def allows(statements: list[dict[str, Any]], permission: str) -> bool:
    return any(fnmatchcase(permission.lower(), action.lower()) for s in statements for action in listed(s["Action"]))


def test_every_service_that_is_trusted_can_be_handed_its_role(stacks: dict[str, Any]) -> None:
    trusted = set()
    for resource in stacks.values():
        document = resolve(resource["Properties"]["AssumeRolePolicyDocument"]) if resource["Type"] == ROLE else None
        for statement in document["Statement"] if isinstance(document, dict) else ():  # the trust of IRSA is a text
            trusted.update(listed(statement["Principal"].get("Service", [])))
    assert trusted - set(_actions.PASSED_TO) == set()
    assert "ec2.amazonaws.com" in trusted


def test_roles_of_ec2_can_be_handed_over_in_china(template: Template) -> None:
    (handed,) = (
        condition for policy in template.find_resources(POLICY).values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"] if statement["Action"] == "iam:PassRole"
        for condition in [statement["Condition"]["StringEquals"]["iam:PassedToService"]]
    )  # fmt: skip
    assert {"Fn::Join": ["", ["ec2.", {"Ref": "AWS::URLSuffix"}]]} in handed


def test_the_policies_of_every_addon_on_record_can_be_attached(statements: list[dict[str, Any]]) -> None:
    (attach,) = (s for s in statements if "iam:AttachRolePolicy" in listed(s["Action"]))
    known = attach["Condition"]["ArnLike"]["iam:PolicyARN"]
    asked_for = {f"arn:aws-us-gov:iam::aws:policy/{name}" for addon in ADDONS.values() for name in addon.policies}
    assert {arn for arn in asked_for if not any(fnmatchcase(arn, allowed) for allowed in known)} == set()


def test_an_app_names_the_role_before_it_exists() -> None:
    app = cdk.App()
    arn = "arn:aws:iam::123456789012:role/hardened-eks-creator"
    synthesizer = cdk.DefaultStackSynthesizer(cloud_formation_execution_role=arn)
    cdk.Stack(app, "HardenedEks-Cluster", synthesizer=synthesizer)
    (made,) = app.synth().stacks
    assert made.cloud_formation_execution_role_arn == arn


def test_a_role_of_another_name(template: Template) -> None:
    stack = cdk.Stack(cdk.App(), "Bootstrap")
    made = hardened.CreatorRole(stack, "Creator", stack_prefix="Team-1", name="team-eks")
    other = Template.from_stack(stack)
    other.has_resource_properties(ROLE, {"RoleName": "team-eks"})
    assert "HardenedEks" not in json.dumps(other.to_json())
    assert stack.resolve(made.role_arn)["Fn::GetAtt"][1] == "Arn"
    template.has_resource_properties(POLICY, {"Description": Match.string_like_regexp("HardenedEks")})


@pytest.mark.parametrize(("arguments", "words"), [
    ({"stack_prefix": ""}, ["1 to 24", "''"]),
    ({"stack_prefix": "*"}, ["'*'"]),
    ({"stack_prefix": "Hardened*"}, ["'Hardened*'"]),
    ({"stack_prefix": "1st"}, ["the first a letter", "'1st'"]),
    ({"stack_prefix": "a_b"}, ["'a_b'"]),
    ({"stack_prefix": "a" * 25}, ["1 to 24"]),
    ({"stack_prefix": None}, ["None"]),
    ({"name": ""}, ["1 to 64", "''"]),
    ({"name": "a/b"}, ["'a/b'"]),
    ({"name": "a" * 65}, ["1 to 64"]),
    ({"name": None}, ["None"]),
    ({"name": "HardenedEks-creator"}, ["could change itself", "'HardenedEks-creator'"]),
    ({"stack_prefix": "Boot"}, ["'Bootstrap'", "another name"]),
    ({"permissions_boundary": ""}, ["name of a policy", "''"]),
    ({"permissions_boundary": BOUNDARY}, ["not its ARN", BOUNDARY]),
    ({"permissions_boundary": 7}, ["7"]),
    ({"cluster_prefix": ""}, ["cluster_prefix", "1 to 40", "''"]),
    ({"cluster_prefix": "a" * 41}, ["1 to 40"]),
    ({"cluster_prefix": "a*"}, ["'a*'"]),
    ({"cluster_prefix": 7}, ["7"]),
    ({"repository_prefixes": "team/"}, ["a list", "'team/'"]),
    ({"repository_prefixes": ["Team"]}, ["lower-case", "'Team'"]),
    ({"repository_prefixes": ["*"]}, ["'*'"]),
    ({"repository_prefixes": [7]}, ["7"]),
    ({"repository_prefixes": list("abcdef")}, ["at most 5"]),
    ({"adopt_untagged": "yes"}, ["True or False", "'yes'"]),
    ({"permissions_boundary": "HardenedEks-limits"}, ["'HardenedEks-limits'", "change its own limits"]),
])  # fmt: skip
def test_fails_when(arguments: dict[str, Any], words: list[str]) -> None:
    stack = cdk.Stack(cdk.App(), "Bootstrap")
    with pytest.raises(ConfigurationError) as caught:
        hardened.CreatorRole(stack, "Creator", **{"stack_prefix": "HardenedEks", **arguments})
    assert [word for word in words if word not in str(caught.value)] == []
    assert stack.node.children == [], "nothing is created before the arguments are good"


@pytest.fixture(scope="module")
def bounded() -> list[dict[str, Any]]:
    stack = cdk.Stack(cdk.App(), "Bootstrap")
    hardened.CreatorRole(stack, "Creator", stack_prefix="HardenedEks", permissions_boundary="limits/of-stacks")
    policies = Template.from_stack(stack).find_resources(POLICY).values()
    return [s for p in policies for s in resolve(p["Properties"]["PolicyDocument"])["Statement"]]


class TestBoundary:
    """Whoever may deploy a stack of the prefix cannot write himself an administrator."""

    @pytest.mark.parametrize(
        "action", ["CreateRole", "PutRolePolicy", "AttachRolePolicy", "PutRolePermissionsBoundary"]
    )
    def test_no_role_gets_permissions_without_it(self, bounded: list[dict[str, Any]], action: str) -> None:
        (statement,) = (s for s in bounded if f"iam:{action}" in listed(s["Action"]))
        assert statement["Condition"]["StringEquals"] == {"iam:PermissionsBoundary": BOUNDARY}

    def test_nothing_takes_it_off(self, bounded: list[dict[str, Any]]) -> None:
        assert not allows(bounded, "iam:DeleteRolePermissionsBoundary")

    def test_known_policies_alone_are_attached_all_the_same(self, bounded: list[dict[str, Any]]) -> None:
        for action in ("AttachRolePolicy", "DetachRolePolicy"):
            (statement,) = (s for s in bounded if f"iam:{action}" in listed(s["Action"]))
            assert "iam:PolicyARN" in statement["Condition"]["ArnLike"]

    def test_the_rest_stays(self, bounded: list[dict[str, Any]], statements: list[dict[str, Any]]) -> None:
        def actions(of: list[dict[str, Any]]) -> set[str]:
            return {action for s in of for action in listed(s["Action"])}

        assert actions(statements) - actions(bounded) == {"iam:DeleteRolePermissionsBoundary"}
        assert actions(bounded) - actions(statements) == set()

    def test_every_role_of_our_stacks_takes_it(self) -> None:
        stack = cdk.Stack(
            cdk.App(), "HardenedEks", permissions_boundary=cdk.PermissionsBoundary.from_name("limits/of-stacks")
        )
        cluster = hardened.Cluster(stack, "Cluster", version="1.36")
        cluster.add_node_group("general", instance_types=["m7g.large"])
        cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/ana"])
        hardened.PodRole(stack, "Pod", cluster=cluster, namespace="billing", service_account="reader")
        roles = Template.from_stack(stack).find_resources(ROLE).values()
        assert len(roles) > 5
        bounds = {resolve(role["Properties"].get("PermissionsBoundary")) for role in roles}
        assert bounds == {BOUNDARY}

    def test_the_documented_one_has_room_for_our_roles(self, stacks: dict[str, Any]) -> None:
        (listed_there,) = re.findall(r"writes and attaches use (.*?);", PAGE.read_text(), re.DOTALL)
        allowed = {name.split(":")[0] for name in re.findall(r"`([a-zA-Z0-9:-]+)`", listed_there)}
        used = set()
        for resource in stacks.values():
            written = [resource["Properties"]] if resource["Type"] in (POLICY, "AWS::IAM::Policy") else []
            written += resource["Properties"].get("Policies", []) if resource["Type"] == ROLE else []
            for policy in written:
                for statement in listed(policy["PolicyDocument"]["Statement"]):
                    used |= {action.split(":")[0] for action in listed(statement["Action"])}
        assert used - allowed == set()
        assert {"logs", "ecr", "eks"} <= used


def test_fails_with_all_mistakes_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.CreatorRole(cdk.Stack(cdk.App(), "Bootstrap"), "Creator", stack_prefix="1", name="")
    assert len(caught.value.problems) == 2
