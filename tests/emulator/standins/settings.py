"""A stand-in for settings of the account that ministack does not know, as the commands of the how-to make and show them.

EC2: encryption by default and its key, defaults of the metadata service, images, the serial console (off in a new
account). S3: the account's block of public access. Account Management: alternate contacts. AWS Backup: what it backs up.
Systems Manager: the setting that a stack made. Not here: what only declarative policies set (`ManagedBy`), other Regions.
"""

from __future__ import annotations

import json
import re
from typing import Any

from tests.emulator.resources import generic
from tests.emulator.standins import xml

Params = dict[str, Any]
SETTING = "AWS::SSM::ServiceSetting"
_STATE: dict[str, Any] = {}
_KEY = "alias/aws/ebs"
_BLOCK = "/v20180820/configuration/publicAccessBlock"
_NAME = "standin-settings"


def install() -> None:
    """Put the stand-in into ministack."""
    _ec2()
    _ssm()
    _others()


def _kept(name: str, otherwise: Any) -> Any:
    return _STATE.get(name, otherwise)


def _keep(name: str, value: Any) -> Any:
    _STATE[name] = value
    return value


def _ec2() -> None:
    from ministack.services import ec2

    def encryption(p: Params) -> Params:
        return {"EbsEncryptionByDefault": _kept("encryption", False)}

    def metadata(p: Params) -> Params:
        options = {
            name: int(value) if value.isdigit() else value
            for name in ("HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint")
            if (value := ec2._p(p, name))
        }
        _keep("metadata", {**_kept("metadata", {}), **options})
        return {"Return": True}

    table = {
        "EnableEbsEncryptionByDefault": lambda p: {"EbsEncryptionByDefault": _keep("encryption", True)},
        "DisableEbsEncryptionByDefault": lambda p: {"EbsEncryptionByDefault": _keep("encryption", False)},
        "GetEbsEncryptionByDefault": encryption,
        "ModifyEbsDefaultKmsKeyId": lambda p: {"KmsKeyId": _keep("key", ec2._p(p, "KmsKeyId"))},
        "ResetEbsDefaultKmsKeyId": lambda p: {"KmsKeyId": _keep("key", _KEY)},
        "GetEbsDefaultKmsKeyId": lambda p: {"KmsKeyId": _kept("key", _KEY)},
        "ModifyInstanceMetadataDefaults": metadata,
        "GetInstanceMetadataDefaults": lambda p: {"AccountLevel": _kept("metadata", {})},
        "EnableImageBlockPublicAccess": lambda p: {
            "ImageBlockPublicAccessState": _keep("images", ec2._p(p, "ImageBlockPublicAccessState"))},
        "DisableImageBlockPublicAccess": lambda p: {"ImageBlockPublicAccessState": _keep("images", "unblocked")},
        "GetImageBlockPublicAccessState": lambda p: {"ImageBlockPublicAccessState": _kept("images", "unblocked")},
        "EnableSerialConsoleAccess": lambda p: {"SerialConsoleAccessEnabled": _keep("console", True)},
        "DisableSerialConsoleAccess": lambda p: {"SerialConsoleAccessEnabled": _keep("console", False)},
        "GetSerialConsoleAccessStatus": lambda p: {"SerialConsoleAccessEnabled": _kept("console", False)},
        "DisableSnapshotBlockPublicAccess": _no_block,
    }  # fmt: skip

    def answering(operation: str, answer: Any) -> Any:
        return lambda p: ec2._xml(200, f"{operation}Response", xml.body("ec2", operation, answer(p)))

    for operation, answer in table.items():
        ec2._ACTION_MAP[operation] = answering(operation, answer)


def _no_block(p: Params) -> Params:
    for key in [key for key in generic.STORE if key[0] == "AWS::EC2::SnapshotBlockPublicAccess"]:
        generic.STORE[key] = {"State": "unblocked"}
    return {"State": "unblocked"}


def _ssm() -> None:
    """Let a setting that a stack made be one of Systems Manager, until a command sets another value."""
    from ministack.services import ssm

    theirs, update = ssm._get_service_setting, ssm._update_service_setting

    def told(data: Params) -> Any:
        made = [props for (type_, _), props in generic.STORE.items() if type_ == SETTING]
        mine = [one["SettingValue"] for one in made if one["SettingId"].endswith(data["SettingId"])]
        if mine and not _kept("setting", False):
            update({**data, "SettingValue": mine[-1]}, "stack")
        return theirs(data)

    def updated(data: Params, caller: Any) -> Any:
        _keep("setting", True)
        return update(data, caller)

    ssm._get_service_setting, ssm._update_service_setting = told, updated


def _contact(operation: str, given: Params) -> Any:
    from ministack.core.responses import error_response_json, json_response

    name = f"contact {given['AlternateContactType']}"
    if operation == "/putAlternateContact":
        _STATE[name] = given
        return json_response({})
    if name not in _STATE:
        return error_response_json(
            "ResourceNotFoundException", "No contact of the inputted alternate contact type", 404
        )
    if operation == "/deleteAlternateContact":
        del _STATE[name]
        return json_response({})
    return json_response({"AlternateContact": _STATE[name]})


def _backup(given: Params) -> Any:
    """Keep what AWS Backup backs up, and answer with it."""
    from ministack.core.responses import json_response

    kept = {**_kept("backup", {}), **given.get("ResourceTypeOptInPreference", {})}
    return json_response({"ResourceTypeOptInPreference": _keep("backup", kept)})


def _block(method: str, body: bytes) -> Any:
    kind = {"Content-Type": "application/xml"}
    if method == "PUT":
        _STATE["block"] = body.decode()
        return 201, kind, b""
    if method == "DELETE":
        _STATE.pop("block", None)
        return 204, kind, b""
    if "block" not in _STATE:
        from ministack.services import s3

        return s3.s3control_error("NoSuchPublicAccessBlockConfiguration", "there is none", 404)
    return 200, kind, _STATE["block"].encode()


def _others() -> None:
    from ministack import app

    reset, detect, control = app._reset_all_state, app.detect_service, app._handle_s3_control_request

    def forgetting() -> None:
        reset()
        _STATE.clear()

    def detected(method: str, path: str, headers: Any, query: Any) -> Any:
        mine = re.fullmatch(r"/(?:(?:get|put|delete)AlternateContact|account-settings)", path)
        return _NAME if mine else detect(method, path, headers, query)

    async def handle(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        given = json.loads(body) if body else {}
        return _backup(given) if path == "/account-settings" else _contact(path, given)

    async def controlled(path: str, method: str, body: bytes, *more: Any) -> Any:
        return _block(method, body) if path == _BLOCK else await control(path, method, body, *more)

    app._reset_all_state, app.detect_service, app._handle_s3_control_request = forgetting, detected, controlled
    app.SERVICE_HANDLERS[_NAME] = handle
