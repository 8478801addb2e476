"""The messages of detections: each vendor accepts them, and they contain what people need at night."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest

from hardened_eks.detection._messages import words
from hardened_eks.detections import DETECTIONS, read
from hardened_eks.detections.grouping import Group, grouped
from tests.alerts.test_payloads import CHANNELS, rendered
from tests.detections.events import PARAMETERS, SECRET, SHARED, call, event, role

LONG = role(f"arn:aws:iam::444455556666:role/{'r' * 64}", session="s" * 64)
"""The longest names that IAM allows."""
EVENTS = {
    "Eks": call("eks", "DisassociateIdentityProviderConfig", {"name": "c" * 96}, by=LONG),
    "Account": call("securityhub", "BatchUpdateStandardsControlAssociations", {}, by=LONG),
    "GuardDuty": event(
        "aws.guardduty",
        "GuardDuty Finding",
        {
            "id": "f" * 32,
            "type": "PrivilegeEscalation:Kubernetes/AnomalousBehavior.WorkloadDeployed!ContainerWithSensitiveMount",
            "severity": 8,
            "resource": {
                "eksClusterDetails": {"name": "c" * 96},
                "kubernetesDetails": {"kubernetesWorkloadDetails": {"name": "p" * 63}},
            },
        },
    ),
    "Findings": event(
        "aws.ecr", "ECR Image Scan", {}, resources=["arn:aws:ecr:eu-central-1:444455556666:repository/shop/cart"]
    ),
}
RUNBOOK = "https://wiki.example.com/operations/security/eks/runbook"


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Messages", env=cdk.Environment(region="eu-central-1", account="444455556666"))


def groups(*, full: bool) -> tuple[Group, ...]:
    values = read({**PARAMETERS, "secrets": [SECRET, SHARED + "*"]})
    return grouped([d for d in DETECTIONS if (full or d.default) and not d.digest], values)


def body(stack: cdk.Stack, vendor: str, group: Group) -> dict[str, Any]:
    said = words(group, "payments", read(PARAMETERS), RUNBOOK).sender(group.severity, "arn:aws:events:x:1:rule/r")
    (target,) = CHANNELS[vendor].connect(stack, said)
    return rendered(vendor, target.properties["inputTransformer"], EVENTS[group.family])


@pytest.mark.parametrize("full", [False, True], ids=["default", "full"])
@pytest.mark.parametrize("vendor", CHANNELS)
def test_every_vendor_accepts_every_message(stack: cdk.Stack, vendor: str, *, full: bool) -> None:
    """PagerDuty, for example, answers 400 to a summary of more than 1,024 characters, and EventBridge gives up."""
    for group in groups(full=full):
        assert body(stack, vendor, group), group.name  # `rendered` compares it with the vendor's shape


@pytest.mark.parametrize("vendor", CHANNELS)
def test_every_message_says_who_and_leads_on(stack: cdk.Stack, vendor: str) -> None:
    for group in groups(full=True):
        text = json.dumps(body(stack, vendor, group))
        link = "console.aws.amazon.com/events/home" if group.family == "Findings" else "#/"
        assert link in text and "https://eu-central-1.console.aws.amazon.com/" in text, (vendor, group.name)
        assert "(finding: see details)" not in text, "the link leads to no finding"
        assert RUNBOOK in text or len(group.detections) == 1, (vendor, group.name)
        if group.family in {"Eks", "Account"}:
            assert f"AssumedRole {'r' * 64} (AROAEXAMPLE0000000000:{'s' * 64})" in text, (vendor, group.name)
