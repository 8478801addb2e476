"""The creator role and Config rules on clusters: what more it may do, and that it is no more."""

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.access._creator_kubectl import WILDCARDS
from hardened_eks.errors import ConfigurationError
from tests.access.creator_calls import Call, Calls
from tests.access.creator_foreign import foreign
from tests.access.creator_role import allows, asked, refused, statements_of
from tests.access.creator_stacks import made_of
from tests.access.test_creator import LONGEST_POLICY, MOST_POLICIES
from tests.access.test_creator import resolve as longest
from tests.access.test_creator_reach import needless_or_loose
from tests.stacks.test_wildcards import knows_a_resource


@pytest.fixture(scope="module")
def wide() -> list[dict[str, Any]]:
    return statements_of(config_rules=True)


@pytest.fixture(scope="module")
def rule_calls() -> list[Call]:
    stack = cdk.Stack(cdk.App(), "HardenedEks-Rules")
    hardened.ClusterRules(
        stack,
        "Rules",
        clusters=[hardened.Cluster(stack, "Cluster", version="1.36")],
        registries=["111122223333.dkr.ecr.eu-west-1.amazonaws.com"],
        alerts=hardened.alerts.Topic(stack, "Alerts"),
    )
    return Calls(made_of({stack.stack_name: Template.from_stack(stack).to_json()})).all()


def test_it_deploys_such_a_stack(wide: list[dict[str, Any]], rule_calls: list[Call]) -> None:
    assert {"config:PutConfigRule", "lambda:AddPermission", "kms:Encrypt"} <= {c.request.action for c in rule_calls}
    assert refused(wide, rule_calls) == []


def test_it_does_so_only_where_it_is_told(narrow: list[dict[str, Any]], rule_calls: list[Call]) -> None:
    assert {line.split(" ")[0] for line in refused(narrow, rule_calls)} == {
        "config:DeleteConfigRule", "config:DescribeComplianceByConfigRule", "config:DescribeConfigRules",
        "config:PutConfigRule", "iam:AttachRolePolicy", "iam:DetachRolePolicy", "kms:Decrypt", "kms:Encrypt",
        "lambda:AddPermission", "lambda:GetPolicy", "lambda:RemovePermission", "s3:GetObject",
    }  # fmt: skip


ATTACKS = [
    ("config:DeleteConfigurationRecorder", "config:R:config-rule/config-rule-1", {}),
    ("config:StopConfigurationRecorder", "config:R:config-rule/config-rule-1", {}),
    ("config:DeleteEvaluationResults", "config:R:config-rule/config-rule-1", {}),
    ("config:PutEvaluations", "config:R:config-rule/config-rule-1", {}),
    ("config:PutConfigRule", "config:R:conformance-pack/x", {}),
    ("config:DescribeConfigRules", "*", {"aws:RequestedRegion": "eu-west-3"}),
    ("lambda:AddPermission", "lambda:R:function:payroll", {}),
    ("lambda:RemovePermission", "lambda:R:function:payroll", {}),
    ("lambda:PublishLayerVersion", "lambda:R:layer:HardenedEks-1", {}),
    ("s3:GetObject", "s3:::payroll/file", {}),
    ("s3:PutObject", "s3:::cdk-hnb659fds-assets-123456789012-eu-central-1/code.zip", {}),
    ("s3:GetObject", "s3:::cdk-hnb659fds-assets-123456789012-eu-central-1/code.zip", {"aws:ResourceAccount": "111122223333"}),
    ("s3:GetObject", "s3:::cdk-hnb659fds-assets-111122223333-eu-central-1/code.zip", {}),
    ("iam:AttachRolePolicy", "iam::role/HardenedEks-1", {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}),
    ("kms:Decrypt", "kms:R:key/1", {"OWNED": "Payments-1", "kms:ViaService": "lambda.eu-central-1.amazonaws.com"}),
    ("kms:Decrypt", "kms:R:key/1", {"OWNED": "HardenedEks-1", "kms:ViaService": "s3.eu-central-1.amazonaws.com"}),
    ("kms:Encrypt", "kms:R:key/1", {"OWNED": "HardenedEks-1"}),
]  # fmt: skip


@pytest.mark.parametrize(("action", "resource", "context"), ATTACKS)
def test_what_stays_out_of_reach(
    wide: list[dict[str, Any]], action: str, resource: str, context: dict[str, str]
) -> None:
    assert not allows(wide, asked(action, resource, context))


def test_every_part_of_what_is_more_is_needed_and_as_narrow_as_can_be(
    wide: list[dict[str, Any]], narrow: list[dict[str, Any]], calls: list[Call], rule_calls: list[Call]
) -> None:
    all_calls = [*calls, *rule_calls]
    attacks = [asked(*one) for one in ATTACKS]
    denied = attacks + [o.request for c in rule_calls for o in foreign(c) if not allows(wide, o.request)]
    added = [statement for statement in wide if statement not in narrow]
    assert len(added) == 6  # rules, their description, callers, code, key, and the policy that may be attached
    assert "\n".join(needless_or_loose(wide, added, all_calls, denied)) == ""


def test_the_reference_confirms_that_its_wildcard_cannot_be_narrower(wide: list[dict[str, Any]]) -> None:
    (statement,) = [one for one in wide if one.get("Sid") in WILDCARDS]
    assert not any(knows_a_resource(action) for action in statement["Action"])
    assert all(
        knows_a_resource(action) for one in wide if one is not statement
        for action in ([one["Action"]] if isinstance(one["Action"], str) else one["Action"]) if action.startswith("config:")
    )  # fmt: skip


def test_the_policies_fit_with_the_longest_names_and_kubectl() -> None:
    stack = cdk.Stack(cdk.App(), "Bootstrap")
    hardened.CreatorRole(
        stack, "Creator", stack_prefix="Q" * 24, permissions_boundary="b" * 128, cluster_prefix="c" * 40,
        repository_prefixes=[f"{number}{'r' * 99}" for number in range(5)], adopt_untagged=True, kubectl=True,
        config_rules=True,
    )  # fmt: skip
    policies = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
    lengths = [len(json.dumps(longest(p["Properties"]["PolicyDocument"]), separators=(",", ":"))) for p in policies]
    assert len(lengths) <= MOST_POLICIES
    assert max(lengths) < LONGEST_POLICY


@pytest.mark.parametrize(("arguments", "words"), [
    ({"config_rules": "yes"}, "config_rules needs True or False, got 'yes'"),
    ({"config_rules": True, "creates": "governance"}, "config_rules is only for a role that creates clusters"),
])  # fmt: skip
def test_fails(arguments: dict[str, Any], words: str) -> None:
    stack = cdk.Stack(cdk.App(), "Bootstrap")
    with pytest.raises(ConfigurationError, match=words):
        hardened.CreatorRole(stack, "Creator", stack_prefix="HardenedEks", **arguments)
