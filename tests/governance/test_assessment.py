"""An assessment of Audit Manager: what is created, and every mistake of a call."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import cdk_nag
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.errors import ConfigurationError
from tests.governance.built import ACCOUNT, REGION, of

FRAMEWORK, ASSESSMENT = "AWS::AuditManager::AssessmentFramework", "AWS::AuditManager::Assessment"
ID, OTHER = "01234567-89ab-cdef-0123-456789abcdef", "11234567-89ab-cdef-0123-456789abcdef"
OWNER = f"arn:aws:iam::{ACCOUNT}:role/auditor"
GIVEN: dict[str, Any] = {
    "account_active": True,
    "owner": OWNER,
    "reports_bucket_name": "audit-reports",
    "control_sets": {"PCI DSS 1.3": [ID, OTHER]},
}


def stack(region: str = REGION, **arguments: Any) -> cdk.Stack:
    return cdk.Stack(cdk.App(**arguments), "Governance", env=cdk.Environment(account=ACCOUNT, region=region))


def test_a_framework_of_controls_and_its_assessment(tmp_path: Path) -> None:
    made = stack(outdir=str(tmp_path))
    cdk.Tags.of(made).add("application", "audit")
    assessment = hardened.AuditAssessment(made, "Audit", **GIVEN, accounts=[ACCOUNT, "111122223333"])
    assert assessment.framework is not None
    packs = (cdk_nag.AwsSolutionsChecks(), cdk_nag.NIST80053R5Checks(), cdk_nag.PCIDSS321Checks())
    cdk.Validations.of(made).add_plugins(hardened.Checks(), *packs)
    template = cdk.App.of(made).synth().get_stack_by_name("Governance").template  # type: ignore[union-attr]
    framework = of(template, FRAMEWORK)["Properties"]
    assert framework["ControlSets"] == [{"Name": "PCI DSS 1.3", "Controls": [{"Id": ID}, {"Id": OTHER}]}]
    properties = of(template, ASSESSMENT)["Properties"]
    (id_,) = (i for i, r in template["Resources"].items() if r["Type"] == FRAMEWORK)
    assert properties["FrameworkId"] == {"Fn::GetAtt": [id_, "FrameworkId"]}
    assert properties["Scope"] == {"AwsAccounts": [{"Id": ACCOUNT}, {"Id": "111122223333"}]}
    assert properties["Roles"] == [{"RoleArn": OWNER, "RoleType": "PROCESS_OWNER"}]
    assert properties["AssessmentReportsDestination"] == {"Destination": "s3://audit-reports", "DestinationType": "S3"}
    assert (properties["Status"], properties["AwsAccount"]) == ("ACTIVE", {"Id": {"Ref": "AWS::AccountId"}})
    linted = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), tmp_path / "Governance.template.json"],
        capture_output=True,
        text=True,
    )
    assert (linted.returncode, linted.stdout) == (0, "")


def test_a_framework_that_exists_and_the_account_itself() -> None:
    made = stack()
    assessment = hardened.AuditAssessment(
        made, "Audit", account_active=True, owner=OWNER, reports_bucket_name="audit-reports", framework_id=ID
    )
    assert assessment.framework is None
    template = Template.from_stack(made).to_json()
    properties = of(template, ASSESSMENT)["Properties"]
    assert properties["FrameworkId"] == ID
    assert properties["Scope"] == {"AwsAccounts": [{"Id": {"Ref": "AWS::AccountId"}}]}
    assert not [r for r in template["Resources"].values() if r["Type"] == FRAMEWORK]


def problems(region: str = REGION, **change: Any) -> list[str]:
    made = stack(region)
    given = {key: value for key, value in {**GIVEN, **change}.items() if value is not None}
    with pytest.raises(ConfigurationError) as caught:
        hardened.AuditAssessment(made, "Audit", **given)
    assert made.node.children == []
    return list(caught.value.problems)


def test_fails_with_every_mistake_at_once() -> None:
    found = problems(
        "eu-north-1", owner="auditor", reports_bucket_name="s3://reports", control_sets={"PCI_DSS": ["x"], "Empty": []},
        accounts=["1", 5, ACCOUNT, ACCOUNT], name="a b", account_active="INACTIVE",
    )  # fmt: skip
    assert [text.split(" ")[0] for text in found] == [
        "account_active", "owner", "reports_bucket_name", "control_sets", "control_sets['PCI_DSS']", "control_sets['Empty']", "accounts",
        "accounts", "accounts", "name", "AuditAssessment",
    ]  # fmt: skip
    assert found[-1] == (
        "AuditAssessment needs AWS::AuditManager::Assessment, which CloudFormation may not support in eu-north-1: assess "
        "from another Region, or leave it out (docs/how-to/answer-an-auditor.md)"
    )


@pytest.mark.parametrize(("change", "words"), [
    ({"account_active": False}, "does not return ACTIVE, leave the construct out and use conformance packs and `hardened-eks evidence`"),
    ({"account_active": "ACTIVE"}, "account_active needs True, got 'ACTIVE'"),
    ({"control_sets": None}, "pass either control_sets"),
    ({"framework_id": ID}, "pass either control_sets"),
    ({"control_sets": None, "framework_id": "pci"}, "framework_id needs the ID of a framework"),
    ({"control_sets": {}}, "control_sets needs ids of controls"),
    ({"accounts": "123456789012"}, "accounts needs a list"),
    ({"accounts": [f"{n:012}" for n in range(201)]}, "accounts needs a list of at most 200"),
])  # fmt: skip
def test_fails_with_what_cannot_be(change: dict[str, Any], words: str) -> None:
    (found,) = problems(**change)
    assert words in found
