"""Somebody must approve before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_stepfunctions as sfn

from hardened_eks import _roles
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
    """An approval by people before anything is changed.

    The report that asks has the two commands to answer with. Only the role that the response creates for approvers can
    run them: it reads the question from a Step Functions activity, and no token is in any message.
    """

    approvers: Sequence[iam.IRole | iam.IUser | str]
    """The principals that may assume the approver role: roles, users or ARNs. They should not be able to start it."""
    hours: int = 4
    """The time that an execution waits, in hours, 1 to 168. Without an answer nothing is changed."""

    def problems(self, region: str) -> Iterator[str]:
        """Yield what is wrong with it."""
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
    """Create the activity at which executions wait; approvals of other responses are not in it."""
    return sfn.CfnActivity(
        scope,
        "Approval",
        name=in_stack(scope),
        encryption_configuration={"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": key_arn},
    )


def role(scope: Construct, approval: Approval, *, activities: Sequence[str], key_arn: str, what: str) -> iam.CfnRole:
    """Create the role that may answer."""
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
            # A token names its task and is known to nobody but who asked the activity for it.
            {"Action": ["states:SendTaskSuccess", "states:SendTaskFailure"], "Resource": "*"},
        ],
        wildcard="answers take no resource ARN; the token, which only the activity gives, names which task they are for",
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
    """Return the states that ask, and go on to `then` if somebody approves."""
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
