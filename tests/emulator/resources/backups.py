"""AWS Backup: the lock and the policy of vaults, selections, restore testing and jobs that fail, which ministack lacks."""

from __future__ import annotations

import json
from typing import Any

from tests.emulator.resources import generic

PLAN, TESTING = "AWS::Backup::RestoreTestingPlan", "AWS::Backup::RestoreTestingSelection"
NO_TESTING = "AWS Backup does not test a restore of"
TESTED = ("Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "S3")


def install() -> None:
    """Fail a job whose retention the lock of its vault does not admit, and tell of each job on the event bus.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html
    """
    from ministack.services import backup

    start = backup._start_job

    def started(body: dict[str, Any]) -> Any:
        answer = start(body)
        if answer[0] >= 400:
            return answer
        job = backup._jobs[json.loads(answer[2])["BackupJobId"]]
        why = _not_admitted(backup._vaults.get(body.get("BackupVaultName")) or {}, body.get("Lifecycle") or {})
        if why:
            backup._vaults[body["BackupVaultName"]]["NumberOfRecoveryPoints"] -= 1
            job.update(State="FAILED", StatusMessage=why, PercentDone="0.0")
            del job["RecoveryPointArn"]
        _tell(job)
        return answer

    backup._start_job = started
    backup._get_restore_testing_plan = lambda name: _told(
        backup, "RestoreTestingPlan", PLAN, {"RestoreTestingPlanName": name}
    )
    backup._list_restore_testing_selections = lambda name, query: backup._ok(
        {"RestoreTestingSelections": _kept(TESTING, {"RestoreTestingPlanName": name})}
    )
    backup._get_restore_testing_selection = lambda plan, name: _told(
        backup, "RestoreTestingSelection", TESTING,
        {"RestoreTestingPlanName": plan, "RestoreTestingSelectionName": name},
    )  # fmt: skip


def _kept(type_: str, wanted: dict[str, str]) -> list[dict[str, Any]]:
    """Return the properties of what stacks created and bears some names."""
    found = (props for (kind, _), props in generic.STORE.items() if kind == type_)
    return [props for props in found if wanted.items() <= props.items()]


def _told(backup: Any, key: str, type_: str, wanted: dict[str, str]) -> Any:
    found = _kept(type_, wanted)
    return backup._ok({key: found[0]}) if found else backup._not_found(f"there is no {wanted}")


def _not_admitted(vault: dict[str, Any], lifecycle: dict[str, Any]) -> str:
    if not vault.get("Locked"):
        return ""
    days = lifecycle.get("DeleteAfterDays")
    least, most = vault.get("MinRetentionDays"), vault.get("MaxRetentionDays")
    if days is not None and least is not None and int(days) < least:
        return f"retention of {days} days is less than the {least} of the vault's lock"
    if most is not None and (days is None or int(days) > most):
        return f"retention of {days} days is more than the {most} of the vault's lock"
    return ""


def _tell(job: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html."""
    from ministack.services import eventbridge

    detail = {
        "backupJobId": job["BackupJobId"],
        "backupVaultName": job["BackupVaultName"],
        "resourceArn": job["ResourceArn"],
        "state": job["State"],
    } | ({"statusMessage": job["StatusMessage"]} if job["StatusMessage"] else {})
    entry = {
        "Source": "aws.backup",
        "DetailType": "Backup Job State Change",
        "Detail": json.dumps(detail),
        "Resources": [job["ResourceArn"]],
    }
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        "AWS::Backup::BackupVault": _vault(dict(table["AWS::Backup::BackupVault"])),
        "AWS::Backup::BackupPlan": _plan(dict(table["AWS::Backup::BackupPlan"])),
        "AWS::Backup::BackupSelection": {"create": _select, "update": _reselect, "delete": _unselect},
        PLAN: _testing_plan(generic.handler(PLAN)),
        TESTING: _testing(generic.handler(TESTING)),
    }


def _vault(theirs: dict[str, Any]) -> dict[str, Any]:
    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        from ministack.services import backup

        name = props["BackupVaultName"]
        if name in backup._vaults:
            raise ValueError(f"Backup vault with the same name {name} already exists (Service: Backup, 400)")
        _refuse(props)
        result = theirs["create"](logical_id, props, stack_name)
        _apply(name, props)
        return result

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any) -> Any:
        _refuse(new)
        if "ChangeableForDays" in old.get("LockConfiguration", {}) and old != new and "LockConfiguration" not in new:
            raise ValueError("the lock is immutable, or will be (Service: Backup, InvalidRequestException)")
        result = theirs["update"](physical_id, old, new, *rest, **more)
        _apply(result[0], new)
        return result

    def delete(physical_id: str, props: dict[str, Any]) -> None:
        from ministack.services import backup

        held = (backup._vaults.get(physical_id) or {}).get("NumberOfRecoveryPoints", 0)
        if held:
            raise ValueError(
                f"Backup vault cannot be deleted because it contains recovery points: {held} "
                "(Service: Backup, InvalidRequestException)"
            )
        theirs["delete"](physical_id, props)

    return {**theirs, "create": create, "update": update, "delete": delete}


def _refuse(props: dict[str, Any]) -> None:
    lock = props.get("LockConfiguration")
    if not lock:
        return
    least, most = int(lock.get("MinRetentionDays", 1)), int(lock.get("MaxRetentionDays", 36500))
    if least > most:
        raise ValueError(f"MinRetentionDays {least} exceeds MaxRetentionDays {most} (Service: Backup, 400)")
    if int(lock.get("ChangeableForDays", 3)) < 3:
        raise ValueError("ChangeableForDays must be 3 or more (Service: Backup, InvalidParameterValueException)")


def _apply(name: str, props: dict[str, Any]) -> None:
    from ministack.services import backup

    vault, lock = backup._vaults[name], props.get("LockConfiguration") or {}
    vault["Locked"] = bool(lock)
    for key in ("MinRetentionDays", "MaxRetentionDays"):
        vault.pop(key, None)
        if key in lock:
            vault[key] = int(lock[key])
    vault["_final"] = "ChangeableForDays" in lock


def _plan(theirs: dict[str, Any]) -> dict[str, Any]:
    """Refuse a plan whose vault is not there, or whose cold storage is too short."""

    def checked(props: dict[str, Any]) -> None:
        from ministack.services import backup

        for rule in props["BackupPlan"]["BackupPlanRule"]:
            vault = backup._vaults.get(rule["TargetBackupVault"])
            if vault is None:
                raise ValueError(f"Backup vault {rule['TargetBackupVault']} not found (Service: Backup, 400)")
            life = rule.get("Lifecycle") or {}
            cold, kept = life.get("MoveToColdStorageAfterDays"), life.get("DeleteAfterDays")
            if cold is not None and kept is not None and int(kept) < int(cold) + 90:
                raise ValueError("DeleteAfterDays cannot be less than 90 days apart from MoveToColdStorageAfterDays")

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        checked(props)
        return theirs["create"](logical_id, props, stack_name)

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any) -> Any:
        checked(new)
        return theirs["update"](physical_id, old, new, *rest, **more)

    return {**theirs, "create": create, "update": update}


def _select(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import backup, iam

    plan, chosen = props["BackupPlanId"], props["BackupSelection"]
    name = chosen["IamRoleArn"].rsplit("/", 1)[-1]
    role = iam._roles.get(name)
    if role is None or "backup.amazonaws.com" not in json.dumps(role["AssumeRolePolicyDocument"]):
        raise ValueError(f"IAM role {name} cannot be assumed by AWS Backup (Service: Backup, 400)")
    if not any(chosen.get(key) for key in ("Resources", "ListOfTags", "Conditions")):
        raise ValueError("a selection needs resources, tags or conditions (Service: Backup, 400)")
    status, _, text = backup._create_selection(plan, {"BackupSelection": chosen})
    if status >= 400:
        raise ValueError(json.loads(text).get("message", text))
    id_ = json.loads(text)["SelectionId"]
    return f"{id_}_{plan}", {"SelectionId": id_, "Id": f"{id_}_{plan}"}


def _reselect(
    physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str
) -> tuple[str, dict[str, Any]]:
    return (physical_id, {}) if old == new else _select(physical_id, new, stack_name)


def _unselect(physical_id: str, props: dict[str, Any]) -> None:
    from ministack.services import backup

    id_, _, plan = physical_id.partition("_")
    backup._delete_selection(plan, id_)


def _testing_plan(theirs: dict[str, Any]) -> dict[str, Any]:
    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        name = props["RestoreTestingPlanName"]
        if not name.replace("_", "").isalnum() or len(name) > 50:
            raise ValueError(f"{name} may have letters, digits and _ only, 50 of them (Service: Backup, 400)")
        generic.STORE[PLAN, name] = props
        return name, generic.attributes(PLAN, name)

    return {**theirs, "create": create}


def _testing(theirs: dict[str, Any]) -> dict[str, Any]:
    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        if props["ProtectedResourceType"] not in TESTED:
            raise ValueError(f"{NO_TESTING} {props['ProtectedResourceType']} (Service: Backup, 400)")
        if (PLAN, props["RestoreTestingPlanName"]) not in generic.STORE:
            raise ValueError(f"no restore testing plan {props['RestoreTestingPlanName']} (Service: Backup, 400)")
        return theirs["create"](logical_id, props, stack_name)

    return {**theirs, "create": create}
