"""An assessment of Audit Manager, as CloudFormation's engine takes it by the schemas: the emulator has no such service."""

from __future__ import annotations

import copy
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from tests.emulator.conftest import Account, StackFailed
from tests.emulator.service import ACCOUNT, REGION

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
FRAMEWORK, ASSESSMENT = "AWS::AuditManager::AssessmentFramework", "AWS::AuditManager::Assessment"
ID = "01234567-89ab-cdef-0123-456789abcdef"


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Audit", env=cdk.Environment(account=ACCOUNT, region=REGION))
    hardened.AuditAssessment(
        stack,
        "Audit",
        owner=f"arn:aws:iam::{ACCOUNT}:role/auditor",
        reports_bucket="audit-reports",
        control_sets={"PCI DSS 1.3": [ID]},
    )
    found: dict[str, Any] = Template.from_stack(stack).to_json()
    return found


def changed(template: dict[str, Any], type_: str, **properties: Any) -> dict[str, Any]:
    found = copy.deepcopy(template)
    (one,) = (r for r in found["Resources"].values() if r["Type"] == type_)
    one["Properties"].update(properties)
    return found


def test_it_is_created_changed_and_deleted(account: Account, template: dict[str, Any]) -> None:
    made = account.deploy("Audit", template)
    assert {type_ for type_ in (FRAMEWORK, ASSESSMENT)} == {r["Type"] for r in template["Resources"].values()}
    assert account.deploy("Audit", changed(template, ASSESSMENT, Status="INACTIVE")) == made
    account.delete("Audit")


@pytest.mark.parametrize(("type_", "change", "words"), [
    (FRAMEWORK, {"ControlSets": [{"Name": "PCI_DSS", "Controls": [{"Id": ID}]}]}, "PCI_DSS"),
    (FRAMEWORK, {"ControlSets": [{"Name": "PCI DSS", "Controls": [{"Id": "eks"}]}]}, "Controls/0/Id"),
    (ASSESSMENT, {"Status": "DONE"}, "DONE"),
    (ASSESSMENT, {"Scope": {"AwsAccounts": [{"Id": "12345"}]}}, "AwsAccounts/0/Id"),
    (ASSESSMENT, {"AssessmentReportsDestination": {"Destination": "reports", "DestinationType": "S3"}}, "Destination"),
])  # fmt: skip
def test_a_mistake_is_refused(
    account: Account, template: dict[str, Any], type_: str, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(StackFailed, match=words):
        account.deploy("Audit", changed(template, type_, **change))
