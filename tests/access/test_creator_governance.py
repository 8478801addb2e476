"""The creator role of governance: it deploys the record and the backups, and reaches no cluster and no other record."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import cdk_nag
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.access import _creator_audit, _creator_config, _creator_detectors
from hardened_eks.access._creator_governance import WILDCARDS
from hardened_eks.errors import ConfigurationError
from tests.access.creator_calls import Call
from tests.access.creator_foreign import foreign
from tests.access.creator_role import allows, asked, listed, refused, statements_of
from tests.access.creator_stacks import ACCOUNT, REGION, Made, made_of
from tests.access.governance_calls import GovernanceCalls, unused
from tests.access.test_creator import LONGEST_POLICY
from tests.access.test_creator import resolve as longest
from tests.access.test_creator_reach import GOVERNED
from tests.stacks.test_wildcards import described, knows_a_resource

POLICY = "AWS::IAM::ManagedPolicy"


@pytest.fixture(scope="module")
def governance() -> list[Made]:
    app = cdk.App()
    stack = cdk.Stack(app, "HardenedEks-Governance")
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="HardenedEks-payments")
    hardened.Trail(stack, "Trail", data_events="all", organization_id="o-exampleorg1", insights=True)
    testing = hardened.RestoreTesting(role_reason="a restore that nobody tried is none", types=("EBS", "S3"))
    hardened.Backups(
        stack, "Backups", clusters=[cluster], alerts=hardened.alerts.Topic(stack, "Alerts"), restore_testing=testing,
        s3_volumes=True,
    )  # fmt: skip
    hardened.VeleroStore(stack, "Velero", cluster=cluster, lock_days=7)
    hardened.AccessLogs(stack, "AccessLogs")
    role = f"arn:aws:iam::{ACCOUNT}:role/"
    hardened.EvidenceBucket(
        stack, "Evidence", custody=hardened.LogCustody(readers=[f"{role}auditor"]), writers=[f"{role}pipeline"]
    )
    hardened.AccountDefaults(
        stack, "Defaults", vpc="block-ingress", vpc_exclusions={"vpc-0123abcd": "allow-egress"}, unused_access_days=90
    )
    other = cdk.Stack(app, "HardenedEks-Config", env=cdk.Environment(account=ACCOUNT, region=REGION))
    recorder = hardened.ConfigRecorder(other, "Recorder", service_linked_role=True)
    hardened.ConformancePacks(other, "Packs", recorder=recorder, remediations=["close-endpoint", "encrypt-volumes"])
    hardened.OrganizationConformancePacks(other, "AllPacks")
    hardened.ConfigAggregator(other, "All", organization=True)
    suppressed = hardened.Suppression(
        name="known", types=["Execution:Runtime/NewBinaryExecuted"], image_prefixes=["registry.example/"], reason="ours"
    )
    hardened.ManagedDetectors(other, "Managed", security_hub=True, suppress=[suppressed])
    hardened.AuditAssessment(
        other, "Audit", account_active=True, owner=f"arn:aws:iam::{ACCOUNT}:role/HardenedEks-Auditor", reports_bucket_name="audit-reports",
        control_sets={"PCI DSS 1.3": ["01234567-89ab-cdef-0123-456789abcdef"]},
    )  # fmt: skip
    hardened.AggregationAuthorization(other, "Agreed", account="111122223333", region="eu-central-1")
    hardened.OrganizationDefaults(
        cdk.Stack(app, "HardenedEks-All", env=cdk.Environment(account=ACCOUNT, region="us-east-1")), "All",
        target_ids=["r-ab12"],
    )  # fmt: skip
    stacks = [one for one in app.node.children if isinstance(one, cdk.Stack)]
    return made_of({one.stack_name: Template.from_stack(one).to_json() for one in stacks})


@pytest.fixture(scope="module")
def role() -> list[dict[str, Any]]:
    return statements_of(creates="governance")


@pytest.fixture(scope="module")
def calls(governance: list[Made]) -> list[Call]:
    return GovernanceCalls(governance).all()


def test_it_deploys_what_the_constructs_make(role: list[dict[str, Any]], calls: list[Call]) -> None:
    actions = {call.request.action for call in calls}
    assert {
        "cloudtrail:CreateTrail", "s3:PutBucketObjectLockConfiguration", "backup:CreateBackupSelection",
        "cloudtrail:PutInsightSelectors", "config:PutConfigurationRecorder", "config:PutConformancePack",
        "config:PutOrganizationConformancePack", "config:PutConfigurationAggregator", "ssm:CreateDocument",
        "organizations:CreatePolicy", "organizations:AttachPolicy", "iam:CreateServiceLinkedRole",
        "auditmanager:CreateAssessment", "auditmanager:CreateAssessmentFramework", "auditmanager:UpdateAssessmentStatus",
        "guardduty:CreateDetector", "guardduty:CreateFilter", "securityhub:EnableSecurityHub",
    } <= actions  # fmt: skip
    assert refused(role, calls) == []


def test_every_exclusion_excludes_something(governance: list[Made]) -> None:
    assert unused(governance) == []


def test_the_creator_of_clusters_deploys_none_of_it(narrow: list[dict[str, Any]], calls: list[Call]) -> None:
    services = {"cloudtrail", "s3", "backup", "glue", "athena", "access-analyzer", "auditmanager", "guardduty"}
    own = [call for call in calls if call.request.action.split(":")[0] in services]
    assert len(refused(narrow, own)) == len(own)


UNNAMED = ("access-analyzer:", "glue:", "cloudtrail:", "config:")
"""Names that AWS makes, or that do not begin with the prefix."""


def test_it_reaches_no_other_account_name_or_owner(role: list[dict[str, Any]], calls: list[Call]) -> None:
    wrong = [
        other for call in calls for other in foreign(call)
        if not other.source.endswith(" name") or not other.request.action.startswith(UNNAMED)
    ]  # fmt: skip
    passed = [call for call in wrong if allows(role, call.request)]
    known = (
        "cloudwatch:DescribeAlarms",
        "kms:DescribeKey",
        "kms:EnableKeyRotation",
        "kms:TagResource",
        "organizations:Describe",
        "organizations:List",
        "organizations:EnableAWSServiceAccess",
        "backup-storage:",
    )
    assert [f"{one.request.action} {one.source}" for one in passed if not one.request.action.startswith(known)] == []
    assert len(wrong) > len(calls)


ATTACKS = [
    ("eks:CreateCluster", "*", {"GIVEN": "HardenedEks-1", "eks:bootstrapClusterCreatorAdminPermissions": "false"}),
    ("eks:CreateAccessEntry", "eks:R:cluster/HardenedEks-1", {}),
    ("eks:UpdateClusterConfig", "eks:R:cluster/HardenedEks-1", {}),
    ("s3:GetObject", "s3:::hardenedeks-governance-files/AWSLogs/x", {}),
    ("s3:DeleteObjectVersion", "s3:::hardenedeks-governance-files/AWSLogs/x", {}),
    ("s3:BypassGovernanceRetention", "s3:::hardenedeks-governance-files/AWSLogs/x", {}),
    ("s3:PutBucketPolicy", "s3:::payroll", {}),
    ("backup:DeleteRecoveryPoint", "backup:R:recovery-point:x", {}),
    ("backup:StartRestoreJob", "backup:R:recovery-point:x", {}),
    ("cloudtrail:StopLogging", "cloudtrail:R:trail/organization", {}),
    ("cloudtrail:PutInsightSelectors", "cloudtrail:R:trail/organization", {}),
    ("config:PutConformancePack", "config:R:conformance-pack/payroll/id", {}),
    ("config:DeleteConformancePack", "config:R:conformance-pack/payroll/id", {}),
    ("config:DeleteConfigRule", "config:R:config-rule/id", {}),
    ("config:StopConfigurationRecorder", "config:R:configuration-recorder/default/id", {}),
    ("config:StartRemediationExecution", "*", {}),
    ("ssm:StartAutomationExecution", "ssm:R:automation-definition/HardenedEks-1:1", {}),
    ("ssm:UpdateDocument", "ssm:R:document/Payroll", {}),
    ("iam:PassRole", "iam::role/Payroll", {"iam:PassedToService": "ssm.amazonaws.com"}),
    ("iam:DeleteServiceLinkedRole", "iam::role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup", {}),
    ("organizations:CreatePolicy", "organizations::123456789012:policy/o-1/service_control_policy/p-1",
     {"GIVEN": "HardenedEks-1", "organizations:PolicyType": "SERVICE_CONTROL_POLICY"}),
    ("organizations:DetachPolicy", "organizations::123456789012:policy/o-1/service_control_policy/p-1",
     {"OWNED": "HardenedEks-1", "organizations:PolicyType": "SERVICE_CONTROL_POLICY"}),
    ("organizations:DetachPolicy", "organizations::123456789012:root/o-1/r-1",
     {"organizations:PolicyType": "SERVICE_CONTROL_POLICY"}),
    ("organizations:EnableAWSServiceAccess", "*", {"organizations:ServicePrincipal": "ram.amazonaws.com"}),
    ("kms:Decrypt", "kms:R:key/1", {"OWNED": "HardenedEks-1"}),
    ("kms:Decrypt", "kms:R:key/1", {"OWNED": "Payments-1", "kms:ViaService": "backup.eu-central-1.amazonaws.com"}),
    ("iam:AttachRolePolicy", "iam::role/HardenedEks-1", {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}),
    ("iam:PassRole", "iam::role/HardenedEks-1", {"iam:PassedToService": "ec2.amazonaws.com"}),
    ("iam:PassRole", "iam::role/auditor", {"iam:PassedToService": "auditmanager.amazonaws.com"}),
    ("auditmanager:CreateAssessment", "*", {"GIVEN": "Payments-1"}),
    ("auditmanager:DeleteAssessment", "auditmanager:R:assessment/1", {}),
    ("auditmanager:DeleteAssessment", "auditmanager:R:assessment/1", {"OWNED": "Payments-1"}),
    ("auditmanager:UpdateAssessmentFramework", "auditmanager:R:assessmentFramework/1", {"OWNED": "Payments-1"}),
    ("auditmanager:TagResource", "auditmanager:R:assessment/1", {"OWNED": "Payments-1", "GIVEN": "HardenedEks-1"}),
    ("auditmanager:UpdateControl", "auditmanager:R:control/1", {}),
    ("auditmanager:GetEvidence", "auditmanager:R:assessment/1/controlSet/1", {"OWNED": "HardenedEks-1"}),
    ("auditmanager:UpdateAssessmentControl", "auditmanager:R:assessment/1/controlSet/1", {"OWNED": "HardenedEks-1"}),
    ("auditmanager:DeregisterAccount", "*", {}),
    ("guardduty:CreateDetector", "*", {"GIVEN": "Payments-1"}),
    ("guardduty:DeleteDetector", "guardduty:R:detector/1", {"OWNED": "HardenedEks-1"}),
    ("guardduty:UpdateDetector", "guardduty:R:detector/1", {}),
    ("guardduty:CreateFilter", "guardduty:R:detector/1/filter/all", {}),
    ("guardduty:TagResource", "guardduty:R:detector/1", {"OWNED": "Payments-1", "GIVEN": "HardenedEks-1"}),
    ("securityhub:DisableSecurityHub", "securityhub:R:hub/default", {}),
    ("lambda:CreateFunction", "lambda:R:function:HardenedEks-1", {}),
]  # fmt: skip


@pytest.mark.parametrize(("action", "resource", "context"), ATTACKS)
def test_attacks_are_refused(role: list[dict[str, Any]], action: str, resource: str, context: dict[str, str]) -> None:
    arn = resource.replace(":::", "===")
    request = asked(action, arn, context)
    if ":::" in resource:
        request = type(request)(action=action, resource=f"arn:aws:{resource}", context=request.context)
    assert not allows(role, request)


def test_policies_fit_and_every_wildcard_has_its_reason() -> None:
    stack = cdk.Stack(cdk.App(), "Bootstrap")
    hardened.CreatorRole(
        stack, "Creator", stack_prefix="Q" * 24, cluster_prefix="c" * 40, permissions_boundary="b" * 128,
        creates="governance",
    )  # fmt: skip
    policies = [
        longest(p["Properties"]["PolicyDocument"]) for p in Template.from_stack(stack).find_resources(POLICY).values()
    ]
    assert len(policies) <= 10
    assert all(len(json.dumps(policy, separators=(",", ":"))) < LONGEST_POLICY for policy in policies)
    everywhere = {s.get("Sid") for policy in policies for s in policy["Statement"] if "*" in listed(s["Resource"])}
    assert everywhere == {
        *WILDCARDS,
        *_creator_config.WILDCARDS,
        *_creator_audit.WILDCARDS,
        *_creator_detectors.WILDCARDS,
        "Chats",
        "NewKey",
        "TagNewKey",
    }


def test_the_packs_find_nothing() -> None:
    app = cdk.App()
    cdk.Tags.of(app).add("application", "payments")
    hardened.CreatorRole(cdk.Stack(app, "Bootstrap"), "Creator", stack_prefix="HardenedEks", creates="governance")
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(), cdk_nag.NIST80053R5Checks(), hardened.Checks())
    app.synth()


def test_bad_input() -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.CreatorRole(cdk.Stack(), "Creator", stack_prefix="X", creates="all", kubectl=True)  # type: ignore[arg-type]
    assert [one.split(" ")[0] for one in caught.value.problems] == ["creates", "kubectl"]


def test_the_reference_confirms_resources_and_wildcards(role: list[dict[str, Any]]) -> None:
    """AWS's service authorization reference knows each action; one without a resource is given on none, and only one."""
    for statement in role:
        for action in listed(statement["Action"]):
            assert described(action), f"no action of IAM: {action}"
            everywhere = "*" in listed(statement["Resource"])
            assert knows_a_resource(action) != everywhere or action in ("kms:TagResource", "ec2:CreateTags"), action


def test_every_type_that_is_beside_the_stacks_of_clusters_is_among_these(governance: list[Made]) -> None:
    assert GOVERNED <= {made.kind for made in governance}
