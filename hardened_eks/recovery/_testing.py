"""Restore testing of volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_backup as backup

from hardened_eks import _aws
from hardened_eks._l1 import create
from hardened_eks._roles import document, role

if TYPE_CHECKING:
    from constructs import Construct

    from hardened_eks.recovery._settings import RestoreTesting

_POLICIES: Final = {
    "EBS": "service-role/AWSBackupServiceRolePolicyForRestores",
    "EFS": "service-role/AWSBackupServiceRolePolicyForRestores",
    "S3": "AWSBackupServiceRolePolicyForS3Restore",
}


def add_testing(scope: Construct, *, vault_arn: str, testing: RestoreTesting) -> None:
    """Create the plan, a selection for each type, and the role, which is not the role of the backups."""
    made = role(
        scope,
        "Role",
        description="AWS Backup restores volumes to test it",
        trust=document(
            {
                "Principal": {"Service": "backup.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:SourceAccount": _aws.account()}},
            }
        ),
        aws_policies={_POLICIES[type_]: testing.role_reason for type_ in testing.types},
    )
    # Only letters, digits and _ are allowed, so the name is not derived from the construct path.
    name: str = cdk.Names.unique_resource_name(scope, max_length=50, allowed_special_characters="_")
    selection: Any = {
        "algorithm": "LATEST_WITHIN_WINDOW",
        "includeVaults": [vault_arn],
        "recoveryPointTypes": ["SNAPSHOT"],
        "selectionWindowDays": testing.newest_of_days,
    }
    plan = create(
        backup.CfnRestoreTestingPlan,
        scope,
        "Plan",
        restore_testing_plan_name=name,
        schedule_expression=testing.schedule,
        start_window_hours=8,
        recovery_point_selection=selection,
    )
    for type_ in testing.types:
        create(
            backup.CfnRestoreTestingSelection,
            scope,
            type_,
            restore_testing_plan_name=plan.ref,
            restore_testing_selection_name=type_,
            protected_resource_type=type_,
            protected_resource_arns=["*"],
            iam_role_arn=made.attr_arn,
        )
