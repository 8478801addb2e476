"""An assessment of Audit Manager, in an account that has the service and in one that does not."""

from __future__ import annotations

import copy
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.data.audit_manager import CONTROLS, SET
from tests.emulator.conftest import Account, StackFailed
from tests.emulator.resources.audit_manager import STATUS
from tests.emulator.service import ACCOUNT, REGION

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
FRAMEWORK, ASSESSMENT = "AWS::AuditManager::AssessmentFramework", "AWS::AuditManager::Assessment"
OWNER = f"arn:aws:iam::{ACCOUNT}:role/auditor"
OTHER = "01234567-89ab-cdef-0123-456789abcdef"


@pytest.fixture
def customer(account: Account) -> Account:
    """An account that used Audit Manager before it closed."""
    account.client("ssm").put_parameter(Name=STATUS, Value="ACTIVE", Type="String")
    return account


@pytest.fixture(scope="module")
def synthesized() -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Audit", env=cdk.Environment(account=ACCOUNT, region=REGION))
    hardened.AuditAssessment(
        stack,
        "Audit",
        account_active=True,
        owner=OWNER,
        reports_bucket_name="audit-reports",
        control_sets={SET: [OTHER] * len(CONTROLS)},
    )
    found: dict[str, Any] = Template.from_stack(stack).to_json()
    return found


@pytest.fixture
def template(customer: Account, synthesized: dict[str, Any]) -> dict[str, Any]:
    """The stack with the controls that `hardened-eks controls audit-manager` writes, created as the how-to has it."""
    api = customer.client("auditmanager")
    made = [api.create_control(**control)["control"]["id"] for control in CONTROLS]
    return changed(synthesized, FRAMEWORK, ControlSets=[{"Name": SET, "Controls": [{"Id": one} for one in made]}])


def changed(template: dict[str, Any], type_: str, **properties: Any) -> dict[str, Any]:
    found = copy.deepcopy(template)
    (one,) = (r for r in found["Resources"].values() if r["Type"] == type_)
    one["Properties"].update(properties)
    return found


def test_it_is_created_changed_and_deleted(customer: Account, template: dict[str, Any]) -> None:
    api = customer.client("auditmanager")
    assert api.get_account_status()["status"] == "ACTIVE"
    made = customer.deploy("Audit", template)
    (listed,) = api.list_assessments()["assessmentMetadata"]
    found = api.get_assessment(assessmentId=listed["id"])["assessment"]
    assert found["awsAccount"]["id"] == ACCOUNT
    assert (found["metadata"]["name"], found["metadata"]["status"]) == ("hardened-eks", "ACTIVE")
    assert found["metadata"]["scope"]["awsAccounts"] == [{"id": ACCOUNT}]
    assert found["metadata"]["roles"] == [{"roleArn": OWNER, "roleType": "PROCESS_OWNER"}]
    assert found["metadata"]["assessmentReportsDestination"]["destination"] == "s3://audit-reports"
    framework = api.get_assessment_framework(frameworkId=found["framework"]["id"])["framework"]
    (controls,) = framework["controlSets"]
    assert controls["name"] == "PCI DSS 1.3"
    keywords = {
        source["sourceKeyword"]["keywordValue"]
        for control in controls["controls"]
        for source in control["controlMappingSources"]
    }
    assert keywords >= {"eks_CreateCluster", "eks_UpdateClusterConfig"}
    assert customer.deploy("Audit", changed(template, ASSESSMENT, Status="INACTIVE")) == made
    assert api.get_assessment(assessmentId=listed["id"])["assessment"]["metadata"]["status"] == "INACTIVE"
    customer.delete("Audit")
    assert api.list_assessments()["assessmentMetadata"] == []
    assert api.list_assessment_frameworks(frameworkType="Custom")["frameworkMetadataList"] == []


def test_an_account_without_the_service_is_refused(account: Account, synthesized: dict[str, Any]) -> None:
    """It gets none any more; the construct asks for the status first, and no other one needs the service."""
    api = account.client("auditmanager")
    assert api.get_account_status()["status"] == "INACTIVE"
    with pytest.raises(StackFailed, match="complete AWS Audit Manager setup"):
        account.deploy("Audit", synthesized)
    with pytest.raises(api.exceptions.AccessDeniedException):
        api.list_assessments()
    active = api.get_account_status()["status"] == "ACTIVE"
    with pytest.raises(hardened.ConfigurationError, match="leave the construct out"):
        hardened.AuditAssessment(
            cdk.Stack(), "Audit", account_active=active, owner=OWNER, reports_bucket_name="reports", framework_id=OTHER
        )


@pytest.mark.parametrize(("type_", "change", "words"), [
    (FRAMEWORK, {"ControlSets": [{"Name": "PCI_DSS", "Controls": [{"Id": OTHER}]}]}, "PCI_DSS"),
    (FRAMEWORK, {"ControlSets": [{"Name": "PCI DSS", "Controls": [{"Id": "eks"}]}]}, "Controls/0/Id"),
    (FRAMEWORK, {"ControlSets": [{"Name": "PCI DSS", "Controls": [{"Id": OTHER}]}]}, f"there is no {OTHER}"),
    (ASSESSMENT, {"FrameworkId": OTHER}, f"there is no {OTHER}"),
    (ASSESSMENT, {"Status": "DONE"}, "DONE"),
    (ASSESSMENT, {"Scope": {"AwsAccounts": [{"Id": "12345"}]}}, "AwsAccounts/0/Id"),
    (ASSESSMENT, {"AssessmentReportsDestination": {"Destination": "reports", "DestinationType": "S3"}}, "Destination"),
])  # fmt: skip
def test_a_mistake_is_refused(
    customer: Account, template: dict[str, Any], type_: str, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(StackFailed, match=words):
        customer.deploy("Audit", changed(template, type_, **change))
    assert customer.client("auditmanager").list_assessments()["assessmentMetadata"] == []
