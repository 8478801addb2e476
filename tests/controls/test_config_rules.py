"""What a Region has decides whether a rule of AWS Config can be there, and an unknown rule is a possibility."""

import pytest

from hardened_eks.controls.deployable import config_rules_valid
from hardened_eks.controls.model import Severity
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import Finding, evaluate
from tests.controls.cases import template

RULE = {"Type": "AWS::Config::ConfigRule", "Properties": {
    "InputParameters": {"logTypes": "audit"}, "Source": {"Owner": "AWS", "SourceIdentifier": "EKS_CLUSTER_LOG_ENABLED"}}}  # fmt: skip
PACK = {
    "Type": "AWS::Config::OrganizationConformancePack",
    "Properties": {
        "TemplateBody": """
Resources:
  Logs:
    Type: AWS::Config::ConfigRule
    Properties:
      InputParameters: {logTypes: audit}
      Source: {Owner: AWS, SourceIdentifier: EKS_CLUSTER_LOG_ENABLED}
"""
    },
}


def findings(resource: dict, region: str) -> list[Finding]:
    body = template({"It": resource})
    return list(evaluate(Assembly([Template("T", body, region=region)]), [config_rules_valid]).findings)


@pytest.mark.parametrize("resource", [RULE, PACK], ids=["rule", "pack"])
def test_a_rule_that_the_region_lacks(resource: dict) -> None:
    (found,) = findings(resource, "ca-west-1")
    assert found.problem.message.endswith("EKS_CLUSTER_LOG_ENABLED is not available in ca-west-1")
    assert found.severity is Severity.MEDIUM
    for region in ("eu-west-1", "", "us-iso-east-1"):
        assert findings(resource, region) == []


def test_an_unknown_rule_may_be_newer() -> None:
    source = {"Owner": "AWS", "SourceIdentifier": "EKS_RULE_OF_TOMORROW"}
    (found,) = findings({"Type": "AWS::Config::ConfigRule", "Properties": {"Source": source}}, "eu-west-1")
    assert found.severity is Severity.LOW
