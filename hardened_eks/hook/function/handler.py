"""The handler that CloudFormation calls through AWS Lambda."""

from __future__ import annotations

import json
import os
import time
import traceback
from dataclasses import field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from hardened_eks import _clock
from hardened_eks._records import dataclass
from hardened_eks.errors import UnusableInputError
from hardened_eks.hook.function import answers
from hardened_eks.hook.function.accepting import Accepted
from hardened_eks.hook.function.deadline import TooLateError, within
from hardened_eks.hook.function.fetching import PayloadError, fetch
from hardened_eks.hook.function.judging import Settings, judge
from hardened_eks.hook.function.requests import EventError, Request, token_of
from hardened_eks.hook.variables import BROKEN, FAIL_ON, JUDGE, OWN_STACK, TEMPLATE_WAIVERS, WAIVERS
from hardened_eks.judging.scope import Scope
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SPARE: Final = 2.0
"""Seconds that are reserved for the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The settings and clients of the function."""

    settings: Settings
    accepted: Accepted
    left: Callable[[], float]
    """Function that returns the remaining seconds of the call."""
    own_stack: str = ""
    """Name of the hook's stack."""
    log: Callable[[str], object] = field(default=print)


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Answer CloudFormation. AWS Lambda calls this."""
    settings = Settings(
        scope=Scope(os.environ.get(JUDGE) or "eks"),
        fail_on=Severity(os.environ.get(FAIL_ON) or "low"),
        template_waivers=os.environ.get(TEMPLATE_WAIVERS) != "no",
    )
    around = Surroundings(
        settings=settings,
        accepted=_accepted(os.environ.get(WAIVERS, "")),
        left=lambda: context.get_remaining_time_in_millis() / 1000,
        own_stack=os.environ.get(OWN_STACK, ""),
    )
    return run(event, around)


@cache
def _accepted(name: str) -> Accepted:
    return Accepted(name, _ssm)


def _ssm() -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client("ssm", config=Config(retries={"max_attempts": 2}, connect_timeout=2, read_timeout=4))


def run(event: Any, around: Surroundings) -> dict[str, Any]:
    """Return the answer to an event. An event that cannot be evaluated fails, and is logged for the alarm."""
    started = time.perf_counter()
    told: dict[str, Any] = {"event": "judged"}
    try:
        with within(around.left() - _SPARE):
            answer = _judged(event, around, told)
    except (EventError, PayloadError, TooLateError, UnusableInputError) as error:
        answer = _broken(event, told, "; ".join(map(str, getattr(error, "problems", [error]))))
    except Exception as error:  # noqa: BLE001 - an error of ours must neither pass nor remain unanswered
        answer = _broken(event, told, f"{type(error).__name__}: {error}")
        told["trace"] = traceback.format_exc(limit=-8)
    told |= {"status": answer["hookStatus"], "ms": round((time.perf_counter() - started) * 1000)}
    around.log(json.dumps(told))
    return {**answer, "clientRequestToken": token_of(event)}


def _judged(event: Any, around: Surroundings, told: dict[str, Any]) -> dict[str, Any]:
    request = Request.of(event)
    told |= {"target": request.target, "action": request.action, "stack": request.stack, "type": request.type}
    if request.action == "DELETE":
        return answers.passed_over("deletions are not evaluated", request.target)
    if around.own_stack and request.stack == around.own_stack and request.target.name != "CLOUD_CONTROL":
        return answers.passed_over("this is the stack of the hook itself", request.target)
    payload: Mapping[str, Any] | None = fetch(request.url, left=around.left) if request.target.whole else None
    day, problem = _clock.today(), ""
    verdict = judge(request, payload, around.settings, today=day)
    if verdict.fails:  # most stacks have no cluster, and do not need an AWS client
        waivers, problem = around.accepted.read()
        verdict = judge(request, payload, around.settings, waivers=waivers, today=day) if waivers else verdict
    told |= {"examined": verdict.report.outcome.resources, "findings": len(verdict.report.failing)}
    if problem:
        problem = f"the waivers of the account do not count: {problem}"
        told |= {"event": BROKEN, "reason": problem}
    elif verdict.unread_change:
        told |= {"event": BROKEN, "reason": verdict.unread_change}
    return answers.of_verdict(verdict, request.target, problem)


def _broken(event: Any, told: dict[str, Any], why: str) -> dict[str, Any]:
    told |= {"event": BROKEN, "reason": why}
    try:
        target = Request.of(event).target
    except EventError:
        return answers.not_judged(why)
    return answers.not_judged(why, target)
