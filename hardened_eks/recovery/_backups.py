from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_backup as backup
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._asked import key_arn_of, place_problems, region_of
from hardened_eks._kinds import CLUSTER, cluster_problems, is_a, problems_in
from hardened_eks._l1 import create
from hardened_eks._patterns import regex
from hardened_eks._roles import document, role
from hardened_eks._tokens import is_literal
from hardened_eks._traces import leave_out_useless
from hardened_eks.alerts._combined import as_channel, channel_problems
from hardened_eks.data.regions import lacking
from hardened_eks.recovery._alarms import add_alarms
from hardened_eks.recovery._settings import (
    BackupCopy,
    RestoreTesting,
    VaultLock,
    daily_problems,
    day_problems,
)
from hardened_eks.recovery._testing import add_testing
from hardened_eks.recovery._vault import BackupVault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_sns as sns

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.alerts import AlertChannel

_ARN: Final = regex(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:.+")
_TESTING: Final = "AWS::Backup::RestoreTestingPlan"
_MOST_COPIES: Final = 5
_COLD_FOR: Final = 90
"""Minimum days of a recovery point in cold storage:
https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html"""
_WHY_AWS: Final = (
    "AWS Backup's own policy for its role: the permissions for EKS and for each kind of volume change with the service"
)


class Backups(Construct):
    """Daily backups of clusters and their persistent volumes, with alerts on failed and missing backups.

    AWS Backup reads the Kubernetes objects, including Secrets, through an access entry that it creates in the cluster,
    and the volumes of EBS, EFS and S3 that the cluster uses. Backups do not contain images, the network and the state
    of nodes.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        clusters: Sequence[ClusterLike],
        alerts: AlertChannel | sns.ITopic,
        vault: BackupVault | None = None,
        resources: Sequence[str] = (),
        schedule: str = "cron(0 3 * * ? *)",
        retention_days: int = 35,
        cold_after_days: int | None = None,
        copies: Sequence[BackupCopy] = (),
        s3_volumes: bool = False,
        restore_testing: RestoreTesting | None = None,
    ) -> None:
        """Create vault, plan, selection and alarms.

        Args:
            scope: the parent construct: a stack of the clusters' account and Region.
            id: construct ID.
            clusters: the clusters to back up, with their volumes. They are selected by name: add each new cluster.
            alerts: channel, or your own topic, for messages on jobs that fail, are partial or have issues, and on
                missing backups.
            vault: vault for the recovery points. Default: a new `BackupVault`.
            resources: ARNs of further resources to back up: file systems, buckets, volumes. Default: none.
            schedule: daily schedule in UTC, as a cron expression of AWS Backup. Default: each day at 3:00.
            retention_days: days for which recovery points are kept, 1 to 36500, within the vault's lock. Default: 35.
            cold_after_days: days after which recovery points of volumes move to cold storage, at least 90 before they
                are deleted. Default: never.
            copies: further vaults for each recovery point, at most 5. Default: none.
            s3_volumes: also back up volumes in S3, for which the role gets a further AWS managed policy. Default: no.
            restore_testing: regular restore tests of volumes. Default: none.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"Backups '{id}'")
        problems.extend(_selected_problems(scope, clusters, resources))
        problems.extend(channel_problems(alerts=alerts))
        problems.require(vault is None or isinstance(vault, BackupVault), f"vault needs a BackupVault, got {vault!r}")
        problems.extend(daily_problems("schedule", schedule))
        problems.extend(_copy_problems(copies))
        problems.require(isinstance(s3_volumes, bool), f"s3_volumes needs True or False, got {s3_volumes!r}")
        problems.require(
            restore_testing is None or isinstance(restore_testing, RestoreTesting),
            f"restore_testing needs a RestoreTesting, got {restore_testing!r}",
        )
        if restore_testing is not None:
            instead = "leave it out, and restore by hand (docs/how-to/back-up-a-cluster.md)"
            problems.extend(lacking(region_of(scope), _TESTING, needed_by="restore_testing", instead=instead))
        lock = vault.lock if isinstance(vault, BackupVault) else VaultLock()
        problems.extend(_days_problems(retention_days, cold_after_days, lock))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self.vault = BackupVault(self, "Vault") if vault is None else vault
        """The vault that stores the recovery points."""
        lifecycle = {"deleteAfterDays": retention_days}
        if cold_after_days is not None:
            lifecycle["moveToColdStorageAfterDays"] = cold_after_days
        self.plan = self._plan(schedule, lifecycle, copies)
        """The CloudFormation resource of the plan."""
        self._select([*(cluster.arn for cluster in clusters), *resources], s3=s3_volumes)
        add_alarms(Construct(self, "Alarms"), vault_name=self.vault.resource.ref, channel=as_channel(alerts))
        if restore_testing is not None:
            add_testing(Construct(self, "Testing"), vault_arn=self.vault.vault_arn, testing=restore_testing)

    def _plan(self, schedule: str, lifecycle: dict[str, int], copies: Sequence[BackupCopy]) -> backup.CfnBackupPlan:
        actions = [
            {
                "destinationBackupVaultArn": copy.vault_arn,
                "lifecycle": lifecycle if copy.retention_days is None else {"deleteAfterDays": copy.retention_days},
            }
            for copy in copies
        ]
        rule: dict[str, Any] = {
            "ruleName": "Daily",
            "targetBackupVault": self.vault.resource.ref,
            "scheduleExpression": schedule,
            "startWindowMinutes": 60,
            "completionWindowMinutes": 720,
            "lifecycle": lifecycle,
            **({"copyActions": actions} if actions else {}),
        }
        return create(
            backup.CfnBackupPlan,
            self,
            "Plan",
            backup_plan={"backupPlanName": f"{self.vault.vault_name}-daily", "backupPlanRule": [rule]},
        )

    def _select(self, arns: Sequence[str], *, s3: bool) -> None:
        policies = {"service-role/AWSBackupServiceRolePolicyForBackup": _WHY_AWS}
        if s3:
            policies["AWSBackupServiceRolePolicyForS3Backup"] = _WHY_AWS
        key = key_arn_of(self.vault.key)
        use = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom"]
        made = role(
            self,
            "Role",
            description=f"AWS Backup backs up into vault {self.vault.vault_name} with it",
            trust=backup_trust(),
            aws_policies=policies,
            statements=[
                {"Action": [*use, "kms:ReEncryptTo"], "Resource": key},
                {
                    "Action": "kms:CreateGrant",
                    "Resource": key,
                    "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
                },
            ],
        )
        create(
            backup.CfnBackupSelection,
            self,
            "Selection",
            backup_plan_id=self.plan.ref,
            backup_selection={
                "selectionName": "Clusters",
                "iamRoleArn": made.attr_arn,
                "resources": list(arns),
            },
        )


def backup_trust() -> dict[str, Any]:
    """Return the trust policy of a role that AWS Backup assumes for this account."""
    return document(
        {
            "Principal": {"Service": "backup.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": _aws.account()}},
        }
    )


def _selected_problems(scope: Construct, clusters: Any, resources: Any) -> Iterator[str]:
    if not isinstance(clusters, list | tuple):
        yield f"clusters needs a list, each {CLUSTER.text}, got {clusters!r}"
        clusters = ()
    for cluster in clusters:
        if not is_a(CLUSTER, cluster):
            yield from (problem.replace("cluster needs", "clusters needs", 1) for problem in cluster_problems(cluster))
        yield from place_problems(scope, **{"one of clusters": cluster})
    if isinstance(resources, str) or not isinstance(resources, list | tuple):
        yield f"resources needs a list of ARNs, got {resources!r}"
        return
    for arn in resources:
        if not isinstance(arn, str) or (is_literal(arn) and not _ARN.fullmatch(arn)):
            yield f"resources needs ARNs, got {arn!r}"
        elif is_literal(arn) and "*" in arn.split(":")[5:]:
            yield f"resources has {arn!r}, which matches every resource of its kind: name the resources to back up"
    if not clusters and not resources:
        yield "clusters and resources are empty, so the plan would back up nothing: name at least one"


def _copy_problems(copies: Any) -> Iterator[str]:
    if not isinstance(copies, list | tuple) or not all(isinstance(one, BackupCopy) for one in copies):
        yield f"copies needs a list of BackupCopy, got {copies!r}"
    elif len(copies) > _MOST_COPIES:
        yield f"copies needs at most {_MOST_COPIES}, got {len(copies)}"


def _days_problems(keep: Any, cold: Any, lock: VaultLock) -> Iterator[str]:
    found = list(day_problems("retention_days", keep))
    if cold is not None:
        found += day_problems("cold_after_days", cold)
    yield from found
    if found:
        return
    # Otherwise AWS Backup fails each job, and CloudFormation reports nothing.
    if keep < lock.min_retention_days:
        yield (
            f"retention_days is {keep}, but the vault's lock needs {lock.min_retention_days} or more, or each job fails"
        )
    if lock.max_retention_days is not None and keep > lock.max_retention_days:
        yield (
            f"retention_days is {keep}, but the vault's lock needs {lock.max_retention_days} or fewer, or each job "
            "fails"
        )
    if cold is not None and keep < cold + _COLD_FOR:
        yield (
            f"retention_days is {keep}, and cold_after_days {cold}: cold storage is for at least {_COLD_FOR} days, so "
            f"pass retention_days={cold + _COLD_FOR} or more"
        )
