"""The states of responses in Amazon States Language, with JSONata.

Every response has the same flow: read the input, check the state, stop if nothing is to be done, stop in a dry run,
request approval if it is required, change, report. An action defines the states that check and the states that change.

While an action checks, it assigns the variables ``$needed`` (a Boolean) and ``$plan`` (the planned change, or why none
is needed); while it changes, ``$done`` (the change). ``$failure`` is the error of a failed step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._machines import ERROR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

States = dict[str, dict[str, Any]]

DECIDE: Final = "IsItNeeded"
"""The state after the check of an action."""
DONE: Final = "ReportDone"
"""The state after the change of an action."""
FAILED: Final = "ReportFailure"
"""The state after a failure, which reads ``$failure``."""
REPORT: Final = "Report"
"""The state that reports ``$severity``, ``$title`` and ``$text``."""
END: Final = "End"
"""The state in which an execution ends."""
PERSIST: Final = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 5, "MaxAttempts": 5, "BackoffRate": 2}
"""The retrier of reports."""
_SLOW_DOWN: Final = {
    "ErrorEquals": ["States.TaskFailed"],
    "IntervalSeconds": 5,
    "MaxAttempts": 2,
    "BackoffRate": 2,
}


def expression(text: str) -> str:
    """Return a JSONata expression as a value in a state."""
    return f"{{% {text} %}}"


def caught(next_: str, *errors: str, **assign: Any) -> dict[str, Any]:
    """Return a catcher that keeps the error in ``$failure``.

    Args:
        next_: name of the next state.
        *errors: names of errors. Default: all.
        **assign: variables to assign instead of ``$failure``.
    """
    return {"ErrorEquals": list(errors or ("States.ALL",)), "Next": next_, "Assign": assign or {"failure": ERROR}}


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
    """Return a state with one call of an AWS API.

    Args:
        service: name of the service in Step Functions, for example ``eks``.
        action: the call, for example ``describeCluster``.
        arguments: arguments of the call, with the names of the Java SDK.
        next_: name of the next state.
        assign: variables to assign from ``$states.result``. Default: none.
        retry: retriers before the usual one. Default: none.
        catch: catchers before the usual one, which reports the failure. Default: none.
        partition: partition of the resource ARN. Default: ``aws``.
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
    """Return a state that continues with the first state, by name, whose condition holds."""
    rules = [{"Condition": expression(condition), "Next": name} for name, condition in conditions.items()]
    return {"Type": "Choice", "Choices": rules, "Default": default}


def assigning(next_: str, **assign: Any) -> dict[str, Any]:
    """Return a state that only assigns variables."""
    return {"Type": "Pass", "Assign": assign, "Next": next_}


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The states of an action, and the permissions of its role."""

    title: str
    """Headline of its reports: ``Close the public endpoint``."""
    look: States
    """States that only read, from the first one to `DECIDE`."""
    change: States
    """States that change something, from the first one to `DONE`."""
    reads: Sequence[dict[str, Any]]
    """Policy statements that `look` needs."""
    writes: Sequence[dict[str, Any]]
    """Policy statements that `change` needs in addition to `reads`."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """Variables read from the input, as JSONata of ``$states.input`` and ``$event``. Default: none."""
    wildcard: str = ""
    """Reason for a statement that names every resource. Default: no statement does."""


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
        steps: steps of the action.
        dry_run: whether to leave out the states that change something.
        report: function that returns the arguments of a report from severity, title and text.
        approval: states that request approval, from the first one to the first state of ``steps.change``. Empty: no
            approval is required.
        timeout_seconds: seconds after which an execution is stopped.
        partition: partition of the resource ARNs. Default: ``aws``.
    """

    def told(severity: str, title: str, text: str) -> dict[str, Any]:
        return assigning(REPORT, severity=severity, title=f"{steps.title}: {title}", text=text)

    read = next(iter(steps.look))
    go = "ReportDryRun" if dry_run else next(iter({**approval, **steps.change}))
    states: States = {
        "ReadInput": assigning("ReadTarget" if steps.inputs else read, **_START),
        **({"ReadTarget": assigning(read, **_expressions(steps.inputs))} if steps.inputs else {}),
        **steps.look,
        # No report if the detection concerns something else, or if the action is already done.
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
    # Every value other than false is a dry run: a misspelled value must not change anything.
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
