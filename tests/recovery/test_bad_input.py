"""Every mistake of a call at once, with the value, what is allowed, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest

import hardened_eks as hardened
from tests.governance.built import stack

VAULT = "arn:aws:backup:eu-west-1:123456789012:backup-vault:second"


def problems(call: Callable[[], Any]) -> tuple[str, ...]:
    with pytest.raises(hardened.ConfigurationError) as caught:
        call()
    return caught.value.problems


def told(found: tuple[str, ...], *expected: str) -> None:
    assert len(found) == len(expected), found
    for problem, words in zip(found, expected, strict=True):
        assert words in problem


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"min_retention_days": 0}, ["min_retention_days needs 1 to 36500"]),
        (
            {"min_retention_days": 35, "max_retention_days": 7},
            ["max_retention_days is 7, less than min_retention_days 35"],
        ),
        ({"changeable_for_days": 2, "final_reason": "x"}, ["needs 3 to 36500"]),
        ({"changeable_for_days": 3}, ["nobody can then shorten it or delete the vault"]),
        ({"changeable_for_days": 3, "final_reason": " "}, ["Explain the reason in final_reason"]),
        ({"final_reason": "because"}, ["set changeable_for_days, or leave it out"]),
        (
            {"min_retention_days": True, "max_retention_days": "x", "changeable_for_days": 1.5},
            ["min_retention_days", "max_retention_days", "needs 3", "Explain the reason"],
        ),
    ],
)
def test_lock(arguments: dict[str, Any], words: list[str]) -> None:
    told(problems(lambda: hardened.VaultLock(**arguments)), *words)


def test_copy() -> None:
    found = problems(lambda: hardened.BackupCopy(vault_arn="second", retention_days=0))
    told(found, "vault_arn needs arn:PARTITION:backup", "retention_days needs 1 to")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"role_reason": ""}, ["a sentence for the auditor"]),
        ({"types": ["EKS", "RDS"]}, ["types needs EBS, EFS, S3, got 'EKS': restore a cluster by hand", "'RDS'"]),
        ({"types": "EBS"}, ["types needs a list"]),
        ({"schedule": "rate(1 day)", "newest_of_days": 0}, ["schedule needs cron(", "1 to 365"]),
    ],
)
def test_testing(arguments: dict[str, Any], words: list[str]) -> None:
    told(problems(lambda: hardened.RestoreTesting(**{"role_reason": "tested", **arguments})), *words)


def test_vault() -> None:
    found = problems(
        lambda: hardened.BackupVault(
            stack(), "V", name="x", lock=35, encryption_key="alias/x", copies_from=["1234"]  # type: ignore[arg-type]
        )
    )  # fmt: skip
    told(found, "name needs 2 to 50", "lock needs a VaultLock", "encryption_key needs a KMS key", "12 digits")


def backups(**arguments: Any) -> tuple[str, ...]:
    scope = stack()
    cluster = hardened.Cluster.from_cluster_attributes(scope, "Cluster", name="payments")
    given = {"clusters": [cluster], "alerts": hardened.alerts.nobody(reason="a test"), **arguments}
    return problems(lambda: hardened.Backups(scope, "Backups", **given))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"clusters": []}, ["the plan would back up nothing"]),
        ({"clusters": ["payments"]}, ["clusters needs a Cluster"]),
        ({"clusters": "payments"}, ["clusters needs a list", "the plan would back up nothing"]),
        ({"resources": ["x", "arn:aws:ec2:eu-west-1:123456789012:*"]}, ["ARNs, got 'x'", "every resource of its kind"]),
        ({"alerts": "me"}, ["alerts needs an alert channel"]),
        ({"vault": "main", "schedule": "cron(0 3 * * * *)"}, ["vault needs a BackupVault", "'?' as DAY or as WEEKDAY"]),
        ({"schedule": "cron(0 3 ? * SUN *)"}, ["schedule leaves days out, and each of them raises the alarm"]),
        ({"schedule": "cron(0 3 1 * ? *)"}, ["name only hours and minutes, such as cron(0 3 * * ? *)"]),
        ({"copies": [VAULT]}, ["copies needs a list of BackupCopy"]),
        ({"copies": [hardened.BackupCopy(vault_arn=VAULT)] * 6}, ["at most 5, got 6"]),
        ({"s3_volumes": 1, "restore_testing": True}, ["s3_volumes needs", "restore_testing needs"]),
        ({"retention_days": 34}, ["the vault's lock needs 35 or more, or each job fails"]),
        ({"retention_days": 100, "cold_after_days": 30}, ["pass retention_days=120 or more"]),
        ({"retention_days": "35"}, ["retention_days needs 1 to"]),
    ],
)
def test_backups(arguments: dict[str, Any], words: list[str]) -> None:
    told(backups(**arguments), *words)


def test_a_plan_stays_within_the_lock() -> None:
    scope = stack()
    vault = hardened.BackupVault(scope, "V", lock=hardened.VaultLock(min_retention_days=7, max_retention_days=30))
    cluster = hardened.Cluster.from_cluster_attributes(scope, "Cluster", name="payments")
    found = problems(
        lambda: hardened.Backups(
            scope,
            "B",
            clusters=[cluster],
            alerts=hardened.alerts.nobody(reason="a test"),
            vault=vault,
            retention_days=35,
        )
    )
    told(found, "retention_days is 35, but the vault's lock needs 30 or fewer")


def test_velero() -> None:
    scope = stack()
    cluster = hardened.Cluster.from_cluster_attributes(scope, "Cluster", name="payments")
    found = problems(
        lambda: hardened.VeleroStore(scope, "V", cluster=cluster, namespace="No", lock_days=30, retention_days=7)
    )
    told(found, "namespace needs", "a locked object cannot be deleted; pass 30 or more")
    told(
        problems(lambda: hardened.VeleroStore(scope, "V", cluster=None, retention_days=0)),
        "cluster needs",
        "retention_days needs",
    )  # type: ignore[arg-type]


def test_a_region_without_restore_testing_is_told() -> None:
    scope = cdk.Stack(cdk.App(), "Cn", env=cdk.Environment(region="cn-north-1"))
    cluster = hardened.Cluster.from_cluster_attributes(scope, "Cluster", name="payments")
    found = problems(
        lambda: hardened.Backups(
            scope, "B", clusters=[cluster], alerts=hardened.alerts.nobody(reason="a test"),
            restore_testing=hardened.RestoreTesting(role_reason="tested"),
        )
    )  # fmt: skip
    told(found, "may not support in cn-north-1: leave it out, and restore by hand")
    told(problems(lambda: hardened.AccountDefaults(scope, "D")), "pass documents=False, and use the command")
