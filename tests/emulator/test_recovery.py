"""Backups of a cluster, as a CloudFormation engine makes, changes and deletes them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from tests.emulator.conftest import Account, StackFailed
from tests.emulator.observing import Inbox
from tests.emulator.service import ACCOUNT, REGION

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
VAULT, PLAN, SELECTION = "AWS::Backup::BackupVault", "AWS::Backup::BackupPlan", "AWS::Backup::BackupSelection"
TESTED = "AWS::Backup::RestoreTestingSelection"
CLUSTER = f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/payments"
Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Recovery", env=cdk.Environment(account=ACCOUNT, region=REGION))
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    hardened.Backups(
        stack, "Backups", clusters=[cluster], alerts=hardened.alerts.Topic(stack, "Alerts"),
        restore_testing=hardened.RestoreTesting(role_reason="a restore that nobody tried is none"),
    )  # fmt: skip
    hardened.VeleroStore(stack, "Velero", cluster=cluster, lock_days=7)
    found: dict[str, Any] = Template.from_stack(stack).to_json()
    return found


@pytest.fixture
def recovering(account: Account) -> Account:
    """An account with the cluster, which the role of Velero's pods is tied to."""
    iam = account.client("iam")
    trust = '{"Version":"2012-10-17","Statement":[]}'
    iam.create_role(RoleName="cluster", AssumeRolePolicyDocument=trust)
    ec2 = account.client("ec2")
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]][:2]
    account.client("eks").create_cluster(
        name="payments", roleArn=f"arn:aws:iam::{ACCOUNT}:role/cluster", resourcesVpcConfig={"subnetIds": subnets}
    )
    return account


def properties(template: dict[str, Any], type_: str) -> dict[str, Any]:
    found: dict[str, Any] = next(r["Properties"] for r in template["Resources"].values() if r["Type"] == type_)
    return found


def name(made: dict[str, str], template: dict[str, Any], type_: str) -> str:
    return next(made[i] for i, r in template["Resources"].items() if r["Type"] == type_)


def test_the_cluster_is_backed_up_daily_into_a_locked_vault(recovering: Account, template: dict[str, Any]) -> None:
    made = recovering.deploy("Recovery", template)
    api = recovering.client("backup")
    vault = api.describe_backup_vault(BackupVaultName=name(made, template, VAULT))
    assert vault["Locked"] is True
    assert vault["MinRetentionDays"] == 35
    assert ":key/" in vault["EncryptionKeyArn"]
    plan = name(made, template, PLAN)
    (rule,) = api.get_backup_plan(BackupPlanId=plan)["BackupPlan"]["Rules"]
    assert rule["TargetBackupVaultName"] == vault["BackupVaultName"]
    assert rule["ScheduleExpression"] == "cron(0 3 * * ? *)"
    assert rule["Lifecycle"] == {"DeleteAfterDays": 35}
    (selection,) = api.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
    chosen = api.get_backup_selection(BackupPlanId=plan, SelectionId=selection["SelectionId"])["BackupSelection"]
    assert chosen["Resources"] == [CLUSTER]
    role = recovering.client("iam").get_role(RoleName=chosen["IamRoleArn"].rsplit("/", 1)[-1])["Role"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_somebody_hears_of_failed_and_of_missing_jobs(recovering: Account, template: dict[str, Any]) -> None:
    made = recovering.deploy("Recovery", template)
    (topic,) = [one["TopicArn"] for one in recovering.client("sns").list_topics()["Topics"]]
    events = recovering.client("events")
    (rule,) = events.list_rules()["Rules"]
    (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    assert target["Arn"] == topic
    assert target["DeadLetterConfig"]["Arn"].startswith("arn:aws:sqs:")
    alarms = recovering.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert len(alarms) == 3 and all(topic in alarm["AlarmActions"] for alarm in alarms), "two watch the delivery"
    (alarm,) = [one for one in alarms if one.get("Namespace") == "AWS/Backup"]
    assert alarm["AlarmActions"] == alarm["OKActions"] == [topic]
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["Dimensions"] == [{"Name": "BackupVaultName", "Value": name(made, template, VAULT)}]


def test_another_cluster_is_another_selection_of_the_same_plan(recovering: Account, template: dict[str, Any]) -> None:
    before = recovering.deploy("Recovery", template)
    wider = copy.deepcopy(template)
    properties(wider, SELECTION)["BackupSelection"]["Resources"].append(CLUSTER.replace("payments", "claims"))
    after = recovering.deploy("Recovery", wider)
    changed = {id_ for id_ in after if after[id_] != before[id_]}
    assert {wider["Resources"][id_]["Type"] for id_ in changed} == {SELECTION}
    plan = name(after, wider, PLAN)
    api = recovering.client("backup")
    selections = api.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
    assert [one["SelectionId"] for one in selections] == [name(after, wider, SELECTION).split("_")[0]]


def test_the_vault_and_the_buckets_outlive_the_stack(recovering: Account, template: dict[str, Any]) -> None:
    made = recovering.deploy("Recovery", template)
    recovering.delete("Recovery")
    api = recovering.client("backup")
    assert [v["BackupVaultName"] for v in api.list_backup_vaults()["BackupVaultList"]] == [name(made, template, VAULT)]
    assert api.list_backup_plans()["BackupPlansList"] == []
    assert len(recovering.client("s3").list_buckets()["Buckets"]) == 2


def test_volumes_are_restored_again_and_again(recovering: Account, template: dict[str, Any]) -> None:
    made = recovering.deploy("Recovery", template)
    api, plan = recovering.client("backup"), name(made, template, "AWS::Backup::RestoreTestingPlan")
    found = api.get_restore_testing_plan(RestoreTestingPlanName=plan)["RestoreTestingPlan"]
    vault = api.describe_backup_vault(BackupVaultName=name(made, template, VAULT))["BackupVaultArn"]
    assert found["RecoveryPointSelection"]["IncludeVaults"] == [vault]
    selections = api.list_restore_testing_selections(RestoreTestingPlanName=plan)["RestoreTestingSelections"]
    assert {one["ProtectedResourceType"] for one in selections} == {"EBS"}
    roles = {one["Arn"] for one in recovering.client("iam").list_roles()["Roles"]}
    assert {one["IamRoleArn"] for one in selections} <= roles
    recovering.delete("Recovery")
    with pytest.raises(api.exceptions.ResourceNotFoundException):
        api.get_restore_testing_plan(RestoreTestingPlanName=plan)


def test_velero_takes_its_role_by_its_service_account(recovering: Account, template: dict[str, Any]) -> None:
    recovering.deploy("Recovery", template)
    (one,) = recovering.client("eks").list_pod_identity_associations(clusterName="payments")["associations"]
    assert (one["namespace"], one["serviceAccount"]) == ("velero", "velero")


def set_(type_: str, **changed: Any) -> Change:
    return lambda template: properties(template, type_).update(changed)


def rule(**changed: Any) -> Change:
    return lambda template: properties(template, PLAN)["BackupPlan"]["BackupPlanRule"][0].update(changed)


def chosen(**changed: Any) -> Change:
    return lambda template: properties(template, SELECTION)["BackupSelection"].update(changed)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (set_(VAULT, LockConfiguration={"MinRetentionDays": 35, "ChangeableForDays": 2}), "must be 3 or more"),
        (set_(VAULT, LockConfiguration={"MinRetentionDays": 35, "MaxRetentionDays": 7}), "exceeds MaxRetentionDays"),
        (set_(VAULT, LockConfiguration={"MaxRetentionDays": 7}), r"required key \[MinRetentionDays\]"),
        (rule(TargetBackupVault="nowhere"), "Backup vault nowhere not found"),
        (rule(Lifecycle={"DeleteAfterDays": 35, "MoveToColdStorageAfterDays": 7}), "cannot be less than 90 days"),
        (chosen(IamRoleArn=f"arn:aws:iam::{ACCOUNT}:role/cluster"), "cannot be assumed by AWS Backup"),
        (chosen(Resources=[]), "needs resources, tags or conditions"),
        (set_(TESTED, ProtectedResourceType="EKS"), "does not test a restore of EKS"),
        (set_("AWS::Backup::RestoreTestingPlan", RestoreTestingPlanName="with-hyphen"), "letters, digits and _ only"),
    ],
)
def test_a_mistake_is_refused(recovering: Account, template: dict[str, Any], change: Change, words: str) -> None:
    wrong = copy.deepcopy(template)
    change(wrong)
    with pytest.raises(StackFailed, match=words):
        recovering.deploy("Recovery", wrong)
    assert recovering.client("backup").list_backup_plans()["BackupPlansList"] == []


def test_a_final_lock_is_not_taken_off(recovering: Account, template: dict[str, Any]) -> None:
    final = copy.deepcopy(template)
    properties(final, VAULT)["LockConfiguration"]["ChangeableForDays"] = 3
    recovering.deploy("Recovery", final)
    open_ = copy.deepcopy(final)
    del properties(open_, VAULT)["LockConfiguration"]
    with pytest.raises(StackFailed, match="immutable"):
        recovering.deploy("Recovery", open_)


def test_a_vault_that_exists_is_refused(recovering: Account, template: dict[str, Any]) -> None:
    recovering.client("backup").create_backup_vault(BackupVaultName=properties(template, VAULT)["BackupVaultName"])
    with pytest.raises(StackFailed, match="already exists"):
        recovering.deploy("Recovery", template)


def run(account: Account, plan: str) -> list[dict[str, Any]]:
    """Start the jobs of a plan, as AWS Backup does at its hour; return what it says of them."""
    api = account.client("backup")
    jobs = [
        api.start_backup_job(
            BackupVaultName=rule["TargetBackupVaultName"],
            ResourceArn=arn,
            IamRoleArn=selection["IamRoleArn"],
            Lifecycle=rule["Lifecycle"],
        )["BackupJobId"]
        for rule in api.get_backup_plan(BackupPlanId=plan)["BackupPlan"]["Rules"]
        for one in api.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
        for selection in [
            api.get_backup_selection(BackupPlanId=plan, SelectionId=one["SelectionId"])["BackupSelection"]
        ]
        for arn in selection["Resources"]
    ]
    return [api.describe_backup_job(BackupJobId=job) for job in jobs]


def points(account: Account, vault: str) -> int:
    return int(account.client("backup").describe_backup_vault(BackupVaultName=vault)["NumberOfRecoveryPoints"])


def test_a_job_of_the_plan_fits_the_lock(recovering: Account, template: dict[str, Any]) -> None:
    made = recovering.deploy("Recovery", template)
    (topic,) = [one["TopicArn"] for one in recovering.client("sns").list_topics()["Topics"]]
    inbox = Inbox(recovering, topic)
    (job,) = run(recovering, name(made, template, PLAN))
    assert (job["State"], job["ResourceArn"]) == ("COMPLETED", CLUSTER)
    assert points(recovering, name(made, template, VAULT)) == 1
    assert inbox.messages() == []


@pytest.mark.parametrize(
    ("lock", "days", "words"),
    [({"MinRetentionDays": 35}, 7, "7 days is less than the 35"),
     ({"MinRetentionDays": 1, "MaxRetentionDays": 90}, 365, "365 days is more than the 90")],
)  # fmt: skip
def test_a_lifecycle_outside_the_lock_fails_each_job_and_not_the_stack(
    recovering: Account, template: dict[str, Any], lock: dict[str, int], days: int, words: str
) -> None:
    """The construct refuses it at synth, since CloudFormation and AWS Backup take such a plan."""
    wrong = copy.deepcopy(template)
    set_(VAULT, LockConfiguration=lock)(wrong)
    rule(Lifecycle={"DeleteAfterDays": days})(wrong)
    made = recovering.deploy("Recovery", wrong)
    (topic,) = [one["TopicArn"] for one in recovering.client("sns").list_topics()["Topics"]]
    inbox = Inbox(recovering, topic)
    (job,) = run(recovering, name(made, wrong, PLAN))
    assert job["State"] == "FAILED"
    assert words in job["StatusMessage"]
    assert points(recovering, name(made, wrong, VAULT)) == 0
    (message,) = inbox.wait()
    assert words in message["Message"]
    least, most = lock["MinRetentionDays"], lock.get("MaxRetentionDays")
    stack = cdk.Stack(cdk.App(), "Refused")
    vault = hardened.BackupVault(
        stack, "Vault", lock=hardened.VaultLock(min_retention_days=least, max_retention_days=most)
    )
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    alerts = hardened.alerts.Topic(stack, "Alerts")
    with pytest.raises(hardened.ConfigurationError, match=f"retention_days is {days}, .* or each job fails"):
        hardened.Backups(stack, "Backups", clusters=[cluster], alerts=alerts, vault=vault, retention_days=days)


def test_a_vault_with_recovery_points_is_not_deleted_and_ours_is_kept(
    recovering: Account, template: dict[str, Any]
) -> None:
    bare = copy.deepcopy(template)
    vaults = [one for one in bare["Resources"].values() if one["Type"] == VAULT]
    for one in vaults:
        del one["DeletionPolicy"], one["UpdateReplacePolicy"]
    made = recovering.deploy("Recovery", bare)
    run(recovering, name(made, bare, PLAN))
    with pytest.raises(StackFailed, match="contains recovery points"):
        recovering.delete("Recovery")


def test_another_name_is_another_vault_and_the_first_one_stays(recovering: Account, template: dict[str, Any]) -> None:
    made = recovering.deploy("Recovery", template)
    run(recovering, name(made, template, PLAN))
    renamed = copy.deepcopy(template)
    set_(VAULT, BackupVaultName="another")(renamed)
    recovering.deploy("Recovery", renamed)
    held = {one["BackupVaultName"] for one in recovering.client("backup").list_backup_vaults()["BackupVaultList"]}
    assert held == {name(made, template, VAULT), "another"}
    assert points(recovering, name(made, template, VAULT)) == 1
