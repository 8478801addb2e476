"""Remediations of AWS Config that run: they hold their pack, until somebody approves, stops or forgets them.

StartRemediationExecution and DescribeRemediationExecutionStatus of AWS Config; DescribeAutomationExecutions,
SendAutomationSignal and StopAutomationExecution of Systems Manager. An automation that asks for no approval is done at
once; nothing is really changed.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from tests.emulator.resources import generic

Params = dict[str, Any]
RUNNING: dict[str, Params] = {}
"""Id of an automation -> document, rule, resource and state."""


def install() -> None:
    """Answer the calls, and forget all of it when the emulator is reset."""
    from ministack.core.responses import error_response_json, json_response
    from ministack.services import config, ssm

    asked_of = {
        config: {"StartRemediationExecution": _start, "DescribeRemediationExecutionStatus": _status},
        ssm: {
            "DescribeAutomationExecutions": _automations,
            "SendAutomationSignal": _signal,
            "StopAutomationExecution": _stop,
        },
    }
    reset = config.reset

    def forget() -> None:
        reset()
        RUNNING.clear()

    config.reset = forget
    for service, answers in asked_of.items():

        async def handle_request(
            method: str, path: str, headers: Any, body: Any, query: Any,
            theirs: Any = service.handle_request, answers: Any = answers,
        ) -> Any:  # fmt: skip
            action = str(headers.get("x-amz-target", "")).rpartition(".")[2]
            if action not in answers:
                return await theirs(method, path, headers, body, query)
            try:
                return json_response(answers[action](json.loads(body)))
            except KeyError as error:
                return error_response_json("AutomationExecutionNotFoundException", f"there is no {error}", 400)

        service.handle_request = handle_request


def holding(rules: list[str]) -> list[str]:
    """Return the rules among some of which a remediation runs."""
    return sorted({one["Rule"] for one in RUNNING.values() if one["Rule"] in rules and one["State"] == "IN_PROGRESS"})


def _start(given: Params) -> Params:
    from tests.emulator.resources import packs

    rule = given["ConfigRuleName"]
    (found,) = [one for pack in packs.PACKS.values() for one in pack["Remediations"] if one["ConfigRuleName"] == rule]
    steps = generic.STORE["AWS::SSM::Document", found["TargetId"]]["Content"]["mainSteps"]
    waits = [step for step in steps if step["action"] == "aws:approve"]
    for key in given["ResourceKeys"]:
        RUNNING[str(uuid.uuid4())] = {
            "Rule": rule,
            "Key": key,
            "Document": found["TargetId"],
            "State": "IN_PROGRESS" if waits else "SUCCEEDED",
        }
    return {"FailedItems": []}


def _status(given: Params) -> Params:
    found = [one for one in RUNNING.values() if one["Rule"] == given["ConfigRuleName"]]
    return {"RemediationExecutionStatuses": [{"ResourceKey": one["Key"], "State": one["State"]} for one in found]}


def _automations(given: Params) -> Params:
    shown = {"IN_PROGRESS": "Waiting", "SUCCEEDED": "Success", "FAILED": "Cancelled"}
    return {
        "AutomationExecutionMetadataList": [
            {
                "AutomationExecutionId": id_,
                "DocumentName": one["Document"],
                "AutomationExecutionStatus": shown[one["State"]],
            }
            for id_, one in RUNNING.items()
        ]
    }


def _signal(given: Params) -> Params:
    RUNNING[given["AutomationExecutionId"]]["State"] = "SUCCEEDED" if given["SignalType"] == "Approve" else "FAILED"
    return {}


def _stop(given: Params) -> Params:
    RUNNING[given["AutomationExecutionId"]]["State"] = "FAILED"
    return {}
