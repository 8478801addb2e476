"""Amazon States Language in JSONata, as the responses use it; pure.

Every response is one flow: read the input, look, stop where nothing is to do, stop in a dry run, ask where somebody
must approve, change, report. An action writes the states that look and the states that change.

Variables that an action assigns while it looks: ``$needed`` (a Boolean) and ``$plan`` (what would be done, or why
nothing is). While it changes: ``$done`` (what was done). ``$failure`` is the error of a failed step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

States = dict[str, dict[str, Any]]

DECIDE: Final = "IsItNeeded"
"""The state that follows when an action has looked."""
DONE: Final = "ReportDone"
"""The state that follows when an action has changed what it had to."""
FAILED: Final = "ReportFailure"
"""The state that follows a failure; reads ``$failure``."""
REPORT: Final = "Report"
"""The state that reports ``$severity``, ``$title`` and ``$text``."""
END: Final = "End"
"""The state in which an execution ends."""
PERSIST: Final = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 5, "MaxAttempts": 5, "BackoffRate": 2}
"""The retrier of what must be told."""
_SLOW_DOWN: Final = {
    "ErrorEquals": ["States.TaskFailed"],
    "IntervalSeconds": 5,
    "MaxAttempts": 2,
    "BackoffRate": 2,
}
_ERROR: Final = "{% $states.errorOutput.Error & ': ' & $states.errorOutput.Cause %}"


def expression(text: str) -> str:
    """Return a JSONata expression as a value in a state."""
    return f"{{% {text} %}}"


def caught(next_: str, *errors: str, **assign: Any) -> dict[str, Any]:
    """Return a catcher that keeps the error in ``$failure``.

    Args:
        next_: The state that follows.
        errors: Names of errors. Default: all.
        assign: Variables to assign instead of ``$failure``.
    """
    return {"ErrorEquals": list(errors or ("States.ALL",)), "Next": next_, "Assign": assign or {"failure": _ERROR}}


def call(
    service: str,
    action: str,
    arguments: Mapping[str, Any],
    next_: str,
    *,
    assign: Mapping[str, Any] | None = None,
    retry: Sequence[Mapping[str, Any]] = (),
    catch: Sequence[Mapping[str, Any]] = (),
    partition: str = "aws",
) -> dict[str, Any]:
    """Return a state that creates one call of an AWS API.

    Args:
        service: The service as Step Functions names it, for example ``eks``.
        action: The call, for example ``describeCluster``.
        arguments: Its arguments, in the names of the Java SDK.
        next_: The state that follows.
        assign: Variables to assign from ``$states.result``. Default: none.
        retry: Retriers before the usual one.
        catch: Catchers before the usual one, which reports the failure.
        partition: Partition of the resource ARN.
    """
    state: dict[str, Any] = {
        "Type": "Task",
        "Resource": f"arn:{partition}:states:::aws-sdk:{service}:{action}",
        "Arguments": dict(arguments),
        "Retry": [*map(dict, retry), _SLOW_DOWN],
        "Catch": [*map(dict, catch), caught(FAILED)],
        "Next": next_,
    }
    return {**state, "Assign": dict(assign)} if assign else state


def _expressions(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: expression(text) for name, text in texts.items()}


def choice(default: str, **conditions: str) -> dict[str, Any]:
    """Return a state that goes to the first state, by name, whose condition holds."""
    rules = [{"Condition": expression(condition), "Next": name} for name, condition in conditions.items()]
    return {"Type": "Choice", "Choices": rules, "Default": default}


def assigning(next_: str, **assign: Any) -> dict[str, Any]:
    """Return a state that assigns variables and does nothing else."""
    return {"Type": "Pass", "Assign": assign, "Next": next_}


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What an action does, as states, and what its role needs for that."""

    title: str
    """Headline of its reports: ``Close the public endpoint``."""
    look: States
    """States that only read; the first one begins, the last goes to `DECIDE`."""
    change: States
    """States that change something; the first one begins, the last goes to `DONE`."""
    reads: Sequence[dict[str, Any]]
    """Policy statements that `look` needs."""
    writes: Sequence[dict[str, Any]]
    """Policy statements that `change` needs, beside `reads`."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """Variables read from the input, as JSONata of ``$states.input`` and ``$event``. Default: none."""
    target: str = ""
    """JSONata of what it acts on, beside the cluster: reports about the same have the same key. Default: nothing."""
    wildcard: str = ""
    """Why a statement names every resource. Default: no statement does."""


def machine(
    steps: Steps,
    *,
    dry_run: bool,
    report: Callable[[str, str, str], dict[str, Any]],
    approval: States,
    timeout_seconds: int,
    partition: str = "aws",
) -> dict[str, Any]:
    """Return the definition of a state machine.

    Args:
        steps: What it does.
        dry_run: Leave out what changes anything.
        report: creates the arguments of a report of severity, title and text.
        approval: States that ask for approval; the first one begins, and one of them goes to the first of
            ``steps.change``. Empty: nobody is asked.
        timeout_seconds: After which an execution is stopped.
        partition: Partition of the resource ARNs.
    """

    def told(severity: str, title: str, text: str) -> dict[str, Any]:
        return assigning(REPORT, severity=severity, title=f"{steps.title}: {title}", text=text)

    read = next(iter(steps.look))
    go = "ReportDryRun" if dry_run else next(iter({**approval, **steps.change}))
    states: States = {
        "ReadInput": assigning("ReadTarget" if steps.inputs else read, **_START),
        **({"ReadTarget": assigning(read, **_expressions(steps.inputs))} if steps.inputs else {}),
        **steps.look,
        # A detection that concerns something else, or something done already, wakes nobody.
        DECIDE: choice(END, IsItADryRun="$needed", ReportNothing="$detection = 'manual'"),
        "ReportNothing": told("low", "nothing to do", expression(f"$plan{_WHY}")),
        "IsItADryRun": choice(go, ReportDryRun="$dryRun"),
        "ReportDryRun": told("medium", "dry run", expression(f"'Dry run. It would ' & $plan{_WHY}")),
        FAILED: told("critical", "failed", expression(f"'Do it by hand: ' & $plan & ' The error: ' & $failure{_WHY}")),
        REPORT: {
            "Type": "Task",
            "Resource": f"arn:{partition}:states:::events:putEvents",
            "Arguments": {"Entries": [report(*map(expression, ("$severity", "$title", "$text")))]},
            "Retry": [PERSIST],
            "Next": "DidItFail",
        },
        "DidItFail": choice(END, Failed="$severity = 'critical'"),
        END: {"Type": "Succeed"},
        "Failed": {"Type": "Fail", "Error": "ResponseFailed", "Cause": expression("$failure")},
    }
    if not dry_run:
        states |= approval | steps.change
        states[DONE] = told("high", "done", expression(f"$done{_WHY}"))
    return {
        "Comment": steps.title,
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": timeout_seconds,
        "StartAt": "ReadInput",
        "States": states,
    }


_START: Final = {
    # Whatever is neither absent nor false is a dry run: a misspelled value must not change anything.
    "dryRun": expression("$exists($states.input.dryRun) and $string($states.input.dryRun) != 'false'"),
    "detection": expression("$exists($states.input.detection) ? $string($states.input.detection) : 'manual'"),
    "reason": expression("$exists($states.input.reason) ? $string($states.input.reason) : ''"),
    "event": expression("$exists($states.input.event) ? $states.input.event : {}"),
    "plan": "read the state of things.",
    "failure": "",
    "status": "unknown",
}
_WHY: Final = (
    " & (($detection = 'manual' ? ' Started by hand' : ' Started by ' & $detection)"
    " & ($reason = '' ? '.' : ': ' & $reason) & ' Execution: ' & $states.context.Execution.Id)"
)
