"""AWS Audit Manager, which ministack lacks: status of the account, controls, frameworks and assessments.

Nobody who does not use the service gets it any more, so that an account is without it unless a test puts ``ACTIVE`` into
the parameter `STATUS` of Systems Manager. Not here: evidence, delegations, reports.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

Params = dict[str, Any]
STATUS = "/emulator/audit-manager"
FRAMEWORK, ASSESSMENT = "AWS::AuditManager::AssessmentFramework", "AWS::AuditManager::Assessment"
CONTROLS: dict[str, Params] = {}
FRAMEWORKS: dict[str, Params] = {}
ASSESSMENTS: dict[str, Params] = {}
_NAME = "standin-audit-manager"


class RefusedError(ValueError):
    """What Audit Manager answers, as CloudFormation passes it on."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message} (Service: AuditManager, {code})")
        self.code, self.message = code, message


def install() -> None:
    """Answer the calls that are signed for the service, and forget all of it when the emulator is reset."""
    from ministack import app
    from ministack.core.responses import error_response_json, json_response

    reset, detect = app._reset_all_state, app.detect_service

    def forgetting() -> None:
        reset()
        for store in (CONTROLS, FRAMEWORKS, ASSESSMENTS):
            store.clear()

    def detected(method: str, path: str, headers: Any, query: Any) -> Any:
        mine = re.search(r"Credential=[^ ,]+/auditmanager/", str(headers.get("authorization", "")))
        return _NAME if mine else detect(method, path, headers, query)

    async def handle(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        try:
            return json_response(_answer(method, path, json.loads(body) if body else {}))
        except RefusedError as error:
            return error_response_json(error.code, error.message, 403 if error.code.startswith("Access") else 404)

    app._reset_all_state, app.detect_service = forgetting, detected
    app.SERVICE_HANDLERS[_NAME] = handle


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        FRAMEWORK: {
            "create": _new(_framework),
            "update": _again(_framework, FRAMEWORKS),
            "delete": _out_of(FRAMEWORKS),
        },
        ASSESSMENT: {
            "create": _new(_assessment),
            "update": _again(_assessment, ASSESSMENTS),
            "delete": _out_of(ASSESSMENTS),
        },
    }


def _status() -> str:
    from ministack.services import ssm

    return str((ssm._parameters.get(STATUS) or {}).get("Value", "INACTIVE"))


def _set_up() -> None:
    if _status() != "ACTIVE":
        raise RefusedError(
            "AccessDeniedException",
            "Please complete AWS Audit Manager setup from home page to enable this action in this account.",
        )


def _answer(method: str, path: str, given: Params) -> Params:
    if (method, path) == ("GET", "/account/status"):
        return {"status": _status()}
    _set_up()
    if (method, path) == ("POST", "/controls"):
        made = {"id": str(uuid.uuid4()), "type": "Custom", **given}
        CONTROLS[made["id"]] = made
        return {"control": made}
    kind, _, id_ = path.strip("/").partition("/")
    if (method, kind) == ("GET", "assessments"):
        if not id_:
            return {"assessmentMetadata": [one["metadata"] for one in ASSESSMENTS.values()]}
        return {"assessment": _found(ASSESSMENTS, id_)}
    if (method, kind) == ("GET", "assessmentFrameworks"):
        return {"framework": _found(FRAMEWORKS, id_)} if id_ else {"frameworkMetadataList": [*FRAMEWORKS.values()]}
    raise RefusedError("ValidationException", f"the stand-in knows no {method} {path}")


def _found(store: dict[str, Params], id_: str) -> Params:
    if id_ not in store:
        raise RefusedError("ResourceNotFoundException", f"there is no {id_}")
    return store[id_]


Make = Callable[[str, Params], Params]


def _new(make: Make) -> Any:
    def create(logical_id: str, props: Params, stack_name: str) -> tuple[str, Params]:
        id_ = str(uuid.uuid4())
        return id_, make(id_, props)

    return create


def _again(make: Make, store: dict[str, Params]) -> Any:
    def update(physical_id: str, old: Params, new: Params, stack_name: str) -> tuple[str, Params]:
        only_new = any(old.get(key) != new.get(key) for key in ("FrameworkId", "AwsAccount"))
        id_ = str(uuid.uuid4()) if only_new else physical_id
        return id_, make(id_, new)

    return update


def _out_of(store: dict[str, Params]) -> Any:
    return lambda physical_id, props: store.pop(physical_id, None)


def _framework(id_: str, props: Params) -> Params:
    _set_up()
    for one in props["ControlSets"]:
        for control in one["Controls"]:
            _found(CONTROLS, control["Id"])
    arn = f"arn:aws:auditmanager:us-east-1:123456789012:assessmentFramework/{id_}"
    sets = [
        {"name": one["Name"], "controls": [CONTROLS[c["Id"]] for c in one["Controls"]]} for one in props["ControlSets"]
    ]
    FRAMEWORKS[id_] = {"id": id_, "arn": arn, "name": props["Name"], "type": "Custom", "controlSets": sets}
    return {"Arn": arn, "FrameworkId": id_, "Type": "Custom"}


def _assessment(id_: str, props: Params) -> Params:
    _set_up()
    framework = _found(FRAMEWORKS, props["FrameworkId"])
    arn = f"arn:aws:auditmanager:us-east-1:123456789012:assessment/{id_}"
    destination = props["AssessmentReportsDestination"]
    ASSESSMENTS[id_] = {
        "arn": arn,
        "awsAccount": {"id": props["AwsAccount"]["Id"]},
        "framework": {"id": framework["id"], "arn": framework["arn"], "controlSets": []},
        "metadata": {
            "id": id_,
            "name": props["Name"],
            "status": props.get("Status", "ACTIVE"),
            "scope": {"awsAccounts": [{"id": one["Id"]} for one in props["Scope"]["AwsAccounts"]]},
            "roles": [{"roleArn": one["RoleArn"], "roleType": one["RoleType"]} for one in props["Roles"]],
            "assessmentReportsDestination": {
                "destination": destination["Destination"], "destinationType": destination["DestinationType"]
            },
        },
    }  # fmt: skip
    return {"Arn": arn, "AssessmentId": id_}
