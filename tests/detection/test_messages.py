"""The messages of detections: each vendor accepts them, and they contain what people need at night."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest

from hardened_eks.alerts import Email
from hardened_eks.detection._messages import words
from hardened_eks.detections import DETECTIONS, read
from hardened_eks.detections.grouping import Group, grouped
from tests.alerts.test_payloads import CHANNELS, RULE_NAME, rendered
from tests.alerts.transformer import apply
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


FINDINGS = {
    "DNS Firewall Block": ("aws.route53resolver", [], {"query-name": "evil.example.", "src-addr": "10.0.4.102"}),
    "Config Rules Compliance Change": (
        "aws.config", [],
        {"resourceId": "payments-logs", "configRuleARN": "arn:aws:config:eu-central-1:1:config-rule/a1"},
    ),
    "Access Analyzer Finding": (
        "aws.access-analyzer", ["arn:aws:access-analyzer:eu-central-1:444455556666:analyzer/one"],
        {"id": "7c1a", "resource": "arn:aws:s3:::payments"},
    ),
    "Security Hub Findings - Imported": (
        "aws.securityhub", ["arn:aws:securityhub:eu-central-1::product/aws/x/arn:aws:x:finding/f"],
        {"findings": [{"Title": "EKS.1 fails", "CreatedAt": "2026-11-29T08:00:00.123Z"}]},
    ),
    "ECR Image Action": ("aws.ecr", [], {"repository-name": "shop/cart", "image-digest": "sha256:ab"}),
    "AWS Health Event": (
        "aws.health", [], {"eventTypeCode": "AWS_EKS_ISSUE", "eventArn": "arn:aws:health:eu-central-1::event/EKS/a/b"},
    ),
}  # fmt: skip
"""Events by kind: source, resources and detail, as AWS documents them. Half of the kinds name no resource."""
SUBJECTS = (
    "evil.example.",
    "payments-logs",
    "arn:aws:s3:::payments",
    "EKS.1 fails",
    "shop/cart sha256:ab",
    "AWS_EKS_ISSUE",
)


def finding(kind: str, **more: Any) -> dict[str, Any]:
    source, resources, detail = FINDINGS[kind]
    return event(source, kind, {**detail, **more}, resources=resources)


@pytest.mark.parametrize(("kind", "subject"), list(zip(FINDINGS, SUBJECTS, strict=True)))
def test_every_finding_says_what_it_is_about(stack: cdk.Stack, kind: str, subject: str) -> None:
    (group,) = (one for one in groups(full=True) if one.family == "Findings" and one.severity == "high")
    said = words(group, "payments", read(PARAMETERS), RUNBOOK).sender(group.severity, "arn:aws:events:x:1:rule/r")
    (mail,) = Email("on-call@example.com").connect(stack, said)
    transformer = mail.properties["inputTransformer"]
    text = apply(
        {"InputTemplate": transformer["inputTemplate"], "InputPathsMap": transformer["inputPathsMap"]}, finding(kind)
    )
    assert f"{kind} at " in text and subject in text
    (target,) = CHANNELS["pagerduty"].connect(stack, said)
    paged = rendered("pagerduty", target.properties["inputTransformer"], finding(kind))
    assert all(part in str(paged["payload"]["custom_details"]) for part in subject.split())


def test_each_finding_is_an_incident_of_its_own_and_its_repeats_are_not(stack: cdk.Stack) -> None:
    """An event of Access Analyzer names only the analyzer as its resource, and one of AWS Config names none."""
    (group,) = (one for one in groups(full=True) if one.family == "Findings" and one.severity == "high")
    said = words(group, "payments", read(PARAMETERS), RUNBOOK).sender(group.severity, "arn:aws:events:x:1:rule/r")
    (target,) = CHANNELS["pagerduty"].connect(stack, said)

    def key(kind: str, **more: Any) -> str:
        found = rendered("pagerduty", target.properties["inputTransformer"], finding(kind, **more))["dedup_key"]
        return str(found)

    assert len({key(kind) for kind in FINDINGS}) == len(FINDINGS)
    later = {"created": "x", "updatedAt": "2026-11-30T08:00:00Z"}
    for kind, more in (
        ("DNS Firewall Block", {"src-addr": "10.0.4.9"}),
        (
            "Config Rules Compliance Change",
            {"configRuleARN": "arn:aws:config:eu-central-1:1:config-rule/config-rule-b2"},
        ),
        ("Access Analyzer Finding", {"id": "9d2b"}),
        ("Security Hub Findings - Imported", {"findings": [{"Title": "t", "CreatedAt": "2026-11-29T09:00:00.123Z"}]}),
        ("ECR Image Action", {"image-digest": "sha256:cd"}),
        ("AWS Health Event", {"eventArn": "arn:aws:health:eu-central-1::event/EKS/a/c"}),
    ):
        assert key(kind) == key(kind, **later) != key(kind, **more), kind


def test_alerts_of_calls_differ_by_caller_and_address(stack: cdk.Stack) -> None:
    for group in groups(full=True):
        if group.family in {"Eks", "Account"}:
            longest = body(stack, "pagerduty", group)["dedup_key"].replace(RULE_NAME, "r" * 64)
            caller, address = EVENTS[group.family]["detail"]["userIdentity"]["principalId"], "203.0.113"
            assert caller in longest and address in longest and len(longest) <= 255, group.name
