"""Approval of a response before it changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_stepfunctions as sfn

from hardened_eks import _roles
from hardened_eks._l1 import create
from hardened_eks._owner import in_stack
from hardened_eks._principals import arn_of, arn_problems
from hardened_eks._tokens import is_number_token
from hardened_eks.response._states import FAILED, PERSIST, REPORT, assigning, caught, expression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from hardened_eks.response._states import States

_MOST_HOURS: Final = 168


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """An approval by people before a response changes anything.

    The report that requests approval contains the two commands for the answer. Only the approver role, which the
    response creates, can run them: it reads the request from a Step Functions activity. Messages contain no token.
    """

    approvers: Sequence[iam.IRole | iam.IUser | str]
    """Principals that may assume the approver role: roles, users or their ARNs. They should not be able to start the
    response."""
    hours: int = 4
    """Hours for which an execution waits, 1 to 168. Without an answer, nothing is changed. Default: 4."""

    def problems(self, region: str) -> Iterator[str]:
        """Yield the mistakes in the settings. `Response` calls this.

        Args:
            region: Region of the stack, or a deploy-time value.

        Returns:
            One message for each mistake.
        """
        hours = self.hours
        if not is_number_token(hours) and (
            not isinstance(hours, int) or isinstance(hours, bool) or not 1 <= hours <= _MOST_HOURS
        ):
            yield f"approval.hours needs 1 to {_MOST_HOURS}, got {hours!r}"
        if not isinstance(self.approvers, list | tuple) or not self.approvers:
            yield f"approval.approvers needs a list of roles or users, or of their ARNs, got {self.approvers!r}"
            return
        for one in self.approvers:
            yield from arn_problems("approval.approvers", arn_of(one), users=True, region=region)


def activity(scope: Construct, *, key_arn: str) -> sfn.CfnActivity:
    """Create the activity at which executions of one response wait for approval."""
    return create(
        sfn.CfnActivity,
        scope,
        "Approval",
        name=in_stack(scope),
        encryption_configuration={"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": key_arn},
    )


def role(scope: Construct, approval: Approval, *, activities: Sequence[str], key_arn: str, what: str) -> iam.CfnRole:
    """Create the approver role."""
    return _roles.role(
        scope,
        "ApproverRole",
        description=f"Approves {what}",
        trust=_roles.document(
            {"Principal": {"AWS": [str(arn_of(one)) for one in approval.approvers]}, "Action": "sts:AssumeRole"}
        ),
        aws_policies={},
        statements=[
            {"Action": "states:GetActivityTask", "Resource": list(activities)},
            {"Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": key_arn},
            # A token identifies its task, and only a principal that can read the activity gets it.
            {"Action": ["states:SendTaskSuccess", "states:SendTaskFailure"], "Resource": "*"},
        ],
        wildcard="answers take no resource ARN; the token, which only the activity returns, identifies the task",
    )


def asking(
    approval: Approval,
    *,
    title: str,
    activity_arn: str,
    told: Callable[[str, str, str], dict[str, Any]],
    then: str,
    partition: str,
) -> States:
    """Return the states that request approval, and continue with `then` if somebody approves."""
    question = expression(
        f"'Approval is needed within {approval.hours} hours to ' & $plan & ' With the approver role: aws stepfunctions "
        f"get-activity-task --activity-arn {activity_arn} ; read what it says, then: aws stepfunctions "
        "send-task-success --task-output {} --task-token TOKEN ; or: aws stepfunctions send-task-failure --error "
        "Rejected --task-token TOKEN. Execution: ' & $states.context.Execution.Id"
    )
    no = expression("'Nothing was changed: ' & $failure & ' It was to ' & $plan")
    return {
        "AskForApproval": {
            "Type": "Task",
            "Resource": f"arn:{partition}:states:::events:putEvents",
            "Arguments": {"Entries": [told("high", f"{title}: approval is needed", question)]},
            "Retry": [PERSIST],
            "Catch": [caught(FAILED)],
            "Next": "WaitForApproval",
        },
        "WaitForApproval": {
            "Type": "Task",
            "Resource": activity_arn,
            "TimeoutSeconds": approval.hours * 3600,
            "Arguments": {
                "title": title,
                "plan": expression("$plan"),
                "reason": expression("$reason"),
                "detection": expression("$detection"),
                "execution": expression("$states.context.Execution.Id"),
            },
            "Catch": [
                caught("ReportRefusal", "States.Timeout", failure="nobody approved it in time."),
                caught("ReportRefusal", failure=expression("'it was rejected: ' & $states.errorOutput.Error & '.'")),
            ],
            "Next": then,
        },
        "ReportRefusal": assigning(REPORT, severity="high", title=f"{title}: not done", text=no),
    }
