"""`hardened-eks check` of the reference app, with each kind of compute: clean, and no resource unlooked at."""

from __future__ import annotations

from collections import Counter

import pytest
from click.testing import CliRunner

from hardened_eks.cli import group
from hardened_eks.controls import CATALOGUE
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources import load
from tests.stacks.conftest import Synthesized

pytestmark = pytest.mark.xdist_group("stacks")

KINDS = ["isolated", "self-managed", "karpenter", "auto-mode", "fargate"]
OF_TYPES = [control for control in CATALOGUE if "*" not in control.types]
"""The others look at every resource, whatever it is."""
NOT_JUDGED = {
    "AWS::CDK::Metadata": "says nothing of the cluster",
    "AWS::CloudWatch::Dashboard": "is looked at by people",
    "AWS::CloudWatch::InsightRule": "counts what log lines hold",
    "AWS::EC2::RouteTable": "is judged by its routes",
    "AWS::EC2::SubnetRouteTableAssociation": "is judged by the subnet that it is of",
    "AWS::EC2::VPCEncryptionControl": "adds to what controls ask for",
    "AWS::Logs::QueryDefinition": "is asked by people",
    "AWS::Logs::ResourcePolicy": "is judged by the rule that writes",
    "AWS::Route53Resolver::FirewallDomainList": "is judged by the VPC",
    "AWS::Route53Resolver::FirewallRuleGroup": "is judged by the VPC",
    "AWS::Route53Resolver::ResolverQueryLoggingConfig": "is judged by the VPC",
    "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation": "is judged by the VPC",
    "AWS::Scheduler::Schedule": "starts the digest",
    "Custom::ClosedDefaultSecurityGroup": "is judged by the VPC, whose default security group it closes",
}
"""Types that no control takes, and why."""


@pytest.mark.parametrize("kind", KINDS)
def test_every_resource_of_the_app_is_examined_and_clean(request: pytest.FixtureRequest, kind: str) -> None:
    synthesized: Synthesized = request.getfixturevalue(kind)
    result = CliRunner().invoke(group, ["check", str(synthesized.directory)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    loaded = load([str(synthesized.directory)])
    assert evaluate(loaded.assembly, CATALOGUE, waivers=loaded.waivers).resources == len(loaded.assembly.of("*"))
    outcome = evaluate(loaded.assembly, OF_TYPES, waivers=loaded.waivers)
    assert (outcome.verdict, list(outcome.findings), list(outcome.unseen), outcome.outside) == ("pass", [], [], 0)
    types = Counter(
        resource["Type"] for template in synthesized.templates.values() for resource in template["Resources"].values()
    )
    judged = sum(number for type_, number in types.items() if type_ not in NOT_JUDGED)
    written = sum(1 for one in loaded.assembly.of("*") if one.type.startswith("Kubernetes::"))
    assert outcome.resources == judged + written, "each resource of every other type is judged by some control"


def test_no_type_is_left_out_that_a_control_takes() -> None:
    assert not set(NOT_JUDGED) & {type_ for control in CATALOGUE for type_ in control.types}
