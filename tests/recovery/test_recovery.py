"""Backups: what is selected, who may delete it, and what the roles may do, decided by the evaluator."""

from __future__ import annotations

import json
from typing import Any

import pytest

import hardened_eks as hardened
from hardened_eks.recovery._alarms import _PATTERN
from tests.detections.run import event_matches
from tests.governance.built import ACCOUNT, REGION, kinds, of, rendered, stack, template
from tests.iam import Policies, Request, evaluate

OTHER = "111122223333"
VAULT = f"arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:second"


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    scope = stack()
    cluster = hardened.Cluster.from_cluster_attributes(scope, "Cluster", name="payments")
    lock = hardened.VaultLock(
        min_retention_days=35, max_retention_days=400, changeable_for_days=7, final_reason="ransomware"
    )
    hardened.Backups(
        scope, "Backups", clusters=[cluster], resources=["arn:aws:s3:::files"], retention_days=120, cold_after_days=30,
        vault=hardened.BackupVault(scope, "Vault", lock=lock, copies_from=[OTHER]),
        copies=[hardened.BackupCopy(vault_arn=VAULT), hardened.BackupCopy(vault_arn=VAULT, retention_days=35)],
        alerts=hardened.alerts.Topic(scope, "Alerts"),
    )  # fmt: skip
    hardened.VeleroStore(scope, "Velero", cluster=cluster)
    return template(scope)


def test_selection_plan_and_copies(found: dict[str, Any]) -> None:
    chosen = rendered(of(found, "AWS::Backup::BackupSelection")["Properties"]["BackupSelection"])
    assert chosen["Resources"] == [f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/payments", "arn:aws:s3:::files"]
    (rule,) = of(found, "AWS::Backup::BackupPlan")["Properties"]["BackupPlan"]["BackupPlanRule"]
    life = {"DeleteAfterDays": 120, "MoveToColdStorageAfterDays": 30}
    assert rule["Lifecycle"] == life
    assert [copy["Lifecycle"] for copy in rule["CopyActions"]] == [life, {"DeleteAfterDays": 35}]


def test_what_nothing_undoes_is_written_where_it_was_asked_for(found: dict[str, Any]) -> None:
    lock = of(found, "AWS::Backup::BackupVault")["Properties"]["LockConfiguration"]
    assert lock == {"MinRetentionDays": 35, "MaxRetentionDays": 400, "ChangeableForDays": 7}
    scope = stack()
    hardened.BackupVault(scope, "Vault")
    default = of(template(scope), "AWS::Backup::BackupVault")
    assert default["Properties"]["LockConfiguration"] == {"MinRetentionDays": 35}
    assert default["DeletionPolicy"] == "Retain"


@pytest.mark.parametrize(
    ("action", "principal", "expected"),
    [
        ("backup:DeleteRecoveryPoint", f"arn:aws:iam::{ACCOUNT}:role/admin", False),
        ("backup:UpdateRecoveryPointLifecycle", f"arn:aws:iam::{ACCOUNT}:role/admin", False),
        # docs/how-to/answer-an-auditor.md says so: CloudFormation must be able to update the vault.
        ("backup:PutBackupVaultAccessPolicy", f"arn:aws:iam::{ACCOUNT}:role/admin", True),
        ("backup:StartRestoreJob", f"arn:aws:iam::{ACCOUNT}:role/admin", True),
        ("backup:CopyIntoBackupVault", f"arn:aws:iam::{OTHER}:root", True),
        ("backup:CopyIntoBackupVault", "arn:aws:iam::999999999999:root", False),
    ],
)
def test_the_vault_says_who(found: dict[str, Any], action: str, principal: str, expected: bool) -> None:
    policy = rendered(of(found, "AWS::Backup::BackupVault")["Properties"]["AccessPolicy"])
    everything = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    asked = Request(action=action, resource=VAULT, principal=principal)
    policies = Policies(identity=(everything,), resource=policy, resource_account=ACCOUNT)
    assert bool(evaluate(asked, policies)) is expected


def test_a_restore_role_is_another_one_and_only_where_it_is_asked_for(found: dict[str, Any]) -> None:
    assert "AWSBackupServiceRolePolicyForRestores" not in json.dumps(found)
    assert "AWS::Backup::RestoreTestingPlan" not in kinds(found)
    scope = stack()
    cluster = hardened.Cluster.from_cluster_attributes(scope, "Cluster", name="payments")
    hardened.Backups(
        scope, "Backups", clusters=[cluster], alerts=hardened.alerts.nobody(reason="a test"),
        restore_testing=hardened.RestoreTesting(role_reason="tested", types=["EBS", "EFS"]),
    )  # fmt: skip
    tested = template(scope)
    selections = [r["Properties"] for r in tested["Resources"].values() if "RestoreTestingSelection" in r["Type"]]
    assert {one["ProtectedResourceType"] for one in selections} == {"EBS", "EFS"}
    restore = {one["IamRoleArn"]["Fn::GetAtt"][0] for one in selections}
    backup = of(tested, "AWS::Backup::BackupSelection")["Properties"]["BackupSelection"]["IamRoleArn"]["Fn::GetAtt"][0]
    assert backup not in restore


@pytest.mark.parametrize(
    ("type_", "detail", "expected"),
    [
        ("Backup Job State Change", {"state": "FAILED"}, True),
        ("Backup Job State Change", {"state": "PARTIAL"}, True),
        ("Backup Job State Change", {"state": "COMPLETED", "statusMessage": "503 of metrics.k8s.io"}, True),
        ("Copy Job State Change", {"state": "EXPIRED"}, True),
        ("Restore Job State Change", {"status": "ABORTED"}, True),
        ("Backup Job State Change", {"state": "COMPLETED"}, False),
        ("Backup Job State Change", {"state": "RUNNING"}, False),
        ("Backup Vault State Change", {"state": "FAILED"}, False),
    ],
)
def test_which_jobs_are_told(type_: str, detail: dict[str, str], expected: bool) -> None:
    event = {"source": "aws.backup", "detail-type": type_, "detail": detail, "id": "1", "account": ACCOUNT,
             "region": REGION, "time": "2026-11-29T03:10:00Z", "resources": [VAULT]}  # fmt: skip
    assert event_matches(_PATTERN, event) is expected


def test_a_refused_alert_is_kept_and_told(found: dict[str, Any]) -> None:
    """As every alert of the library: retried for an hour, then in the stack's queue, which tells the same channel."""
    rules = {i: r["Properties"] for i, r in found["Resources"].items() if r["Type"] == "AWS::Events::Rule"}
    (target,) = next(rule for i, rule in rules.items() if i.startswith("BackupsAlarms"))["Targets"]
    queue = target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0]
    assert queue.startswith("HardenedAlertsUndelivered") and target["RetryPolicy"]["MaximumEventAgeInSeconds"] == 3600
    alarms = {i: r["Properties"] for i, r in found["Resources"].items() if r["Type"] == "AWS::CloudWatch::Alarm"}
    watching = {i: alarm for i, alarm in alarms.items() if i.startswith("HardenedAlerts")}
    assert len(watching) == 2
    assert all(alarm["AlarmActions"] == [target["Arn"]] for alarm in watching.values())
    (missing,) = (alarm for i, alarm in alarms.items() if i not in watching)
    assert missing["AlarmActions"] == missing["OKActions"] == [target["Arn"]]


def test_a_channel_without_actions_of_alarms_is_told_by_rules(found: dict[str, Any]) -> None:
    scope = stack()
    cluster = hardened.Cluster.from_cluster_attributes(scope, "Cluster", name="payments")
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:pager-AbCdEf"
    hardened.Backups(scope, "Backups", clusters=[cluster], alerts=hardened.alerts.PagerDuty(secret=secret))
    made = template(scope)["Resources"].values()
    missing = next(
        r["Properties"] for r in made if r["Type"] == "AWS::CloudWatch::Alarm" and "Dimensions" in r["Properties"]
    )
    assert "AlarmActions" not in missing and "OKActions" not in missing
    states = [
        rule["Properties"]["EventPattern"]["detail"]["state"]["value"]
        for rule in made
        if rule["Type"] == "AWS::Events::Rule" and "resources" in rule["Properties"]["EventPattern"]
    ]
    assert states.count(["ALARM"]) == states.count(["OK"]) == 3, "the missing backup, and two on delivery"


def pods_may(found: dict[str, Any], action: str, resource: str, **context: str) -> bool:
    document = rendered(of(found, "AWS::IAM::ManagedPolicy", "VeleroRolePolicy")["Properties"]["PolicyDocument"])
    more = {
        key.replace("__", ":").replace("_tag_", "Tag/kubernetes.io/cluster/"): value for key, value in context.items()
    }
    return bool(evaluate(Request(action=action, resource=resource, context=more), Policies(identity=(document,))))


def test_what_pods_of_velero_may_do(found: dict[str, Any]) -> None:
    bucket = "arn:aws:s3:::" + next(i for i in found["Resources"] if i.startswith("VeleroBackups"))
    volume, snapshot = f"arn:aws:ec2:{REGION}:{ACCOUNT}:volume/v", f"arn:aws:ec2:{REGION}::snapshot/s"
    assert pods_may(found, "s3:PutObject", f"{bucket}/backups/x")
    assert not pods_may(found, "s3:PutObject", "arn:aws:s3:::other/x")
    assert not pods_may(found, "s3:PutBucketPolicy", bucket)
    assert pods_may(found, "ec2:CreateSnapshot", volume, aws__Resource_tag_payments="owned")
    assert not pods_may(found, "ec2:CreateSnapshot", volume, aws__Resource_tag_claims="owned")
    assert not pods_may(found, "ec2:DeleteSnapshot", snapshot)
    assert pods_may(found, "ec2:CreateVolume", volume, aws__Request_tag_payments="owned")
    assert not pods_may(found, "ec2:CreateVolume", volume)
    # Since January 2025, a restore needs the snapshot as well: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/issues/2190
    assert pods_may(found, "ec2:CreateVolume", snapshot, aws__Resource_tag_payments="owned")
    assert not pods_may(found, "ec2:CreateVolume", snapshot)
