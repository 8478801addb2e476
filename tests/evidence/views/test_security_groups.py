"""Rules of security groups, however the template writes the list."""

from typing import Any

import pytest

from hardened_eks.controls.security_groups import no_world_ssh
from hardened_eks.evidence import Assembly, Template, Unknown
from hardened_eks.evidence.views.security_groups import GROUP, rules
from hardened_eks.judging.alternatives import Alternatives
from hardened_eks.judging.choices import UNTRIED
from hardened_eks.judging.evaluation import evaluate

SSH = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"}
NOTHING = {"Ref": "AWS::NoValue"}


def group(ingress: Any) -> Assembly:
    body = {
        "Conditions": {"Is": {"Fn::Equals": [{"Ref": "Stage"}, {"Ref": "Other"}]}},
        "Parameters": {"Stage": {"Type": "String"}, "Other": {"Type": "String"}},
        "Resources": {"Sg": {"Type": GROUP, "Properties": {"SecurityGroupIngress": ingress}}},
    }
    return Assembly([Template("S", body)])


@pytest.mark.parametrize(
    ("ingress", "expected"),
    [
        ([SSH, HTTPS], [("SecurityGroupIngress.0", SSH), ("SecurityGroupIngress.1", HTTPS)]),
        ([{"Fn::If": ["Is", SSH, NOTHING]}], [("SecurityGroupIngress.0", SSH)]),
        ({"Fn::If": ["Is", [SSH], [HTTPS]]}, [("SecurityGroupIngress", SSH), ("SecurityGroupIngress", HTTPS)]),
        ({"Fn::If": ["Is", [{"Fn::If": ["Is", SSH, NOTHING]}], NOTHING]}, [("SecurityGroupIngress", SSH)]),
    ],
    ids=["a list", "an item depends on a condition", "the list does", "both do"],
)
def test_rules_of_both_branches(ingress: Any, expected: list[tuple[str, Any]]) -> None:
    (resource,) = group(ingress).of(GROUP)
    assert [(rule.prefix, rule.values) for rule in rules(resource, "Ingress")] == expected


def test_a_rule_or_a_list_that_is_not_known_is_one_hidden_rule() -> None:
    for ingress in ({"Ref": "Stage"}, [{"Ref": "Stage"}], {"Fn::If": ["Is", {"Ref": "Stage"}, NOTHING]}):
        (resource,) = group(ingress).of(GROUP)
        (rule,) = rules(resource, "Ingress")
        assert isinstance(rule.hidden, Unknown), ingress


def test_a_list_behind_a_condition_fails_where_no_alternative_can_be_built(monkeypatch: pytest.MonkeyPatch) -> None:
    build = Alternatives.of

    def few(self: Alternatives, decision: Any, **how: Any) -> Any:
        return build(self, decision, **how) if decision.keys() <= {UNTRIED} else None

    monkeypatch.setattr(Alternatives, "of", few)
    found = evaluate(group({"Fn::If": ["Is", [SSH], NOTHING]}), [no_world_ssh])
    assert [finding.problem.path for finding in found.findings] == ["SecurityGroupIngress.CidrIp"]
