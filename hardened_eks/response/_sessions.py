"""The revocation of the sessions of a role whose credentials leaked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from hardened_eks._kinds import ROLE, is_a
from hardened_eks._principals import arn_of, arn_problems
from hardened_eks.response._action import Action
from hardened_eks.response._states import DECIDE, DONE, Steps, assigning, call, choice, expression

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_iam as iam

    from hardened_eks.response._action import Surroundings
    from hardened_eks.response._states import States

POLICY: Final = "AWSRevokeOlderSessions"
"""Name of the inline policy, the same as the IAM console uses: one replaces the other.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html"""
_KEY: Final = "aws:TokenIssueTime"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeSessions(Action):
    """An action that denies everything to sessions of a role that were issued before now or before the finding.

    Input: ``roleName``, which must be one of `roles`, and optionally ``issuedBefore`` (``2026-11-29T12:00:00Z``); or a
    GuardDuty finding on the credentials of a role. A principal that may still assume the role gets a new session, so
    prevent that, too: delete the Pod Identity association of a pod role, or the trust of a person.
    """

    name: ClassVar[str] = "revoke-sessions"
    """Name of the action, as in `Response.state_machine_arns`."""
    answers: ClassVar[tuple[str, ...]] = ("guardduty-critical", "guardduty-high")
    """Detections that can start the action."""

    roles: Sequence[iam.IRole | str]
    """Roles, or their ARNs, whose sessions it may revoke, at least one. Its own role may change only the inline
    policies of these roles."""
    triggers: tuple[str, ...] = ()
    """Detections that start the action, of ``guardduty-critical`` and ``guardduty-high``. Default: none; people start
    it."""

    def problems(self, region: str) -> Iterator[str]:
        """Yield the mistakes in the settings. `Response` calls this.

        Args:
            region: Region of the stack, or a deploy-time value.

        Returns:
            One message for each mistake.
        """
        yield from Action.problems(self, region)
        if not isinstance(self.roles, list | tuple) or not self.roles:
            yield f"RevokeSessions.roles needs a list of at least one role or role ARN, got {self.roles!r}"
            return
        for role in self.roles:
            yield from arn_problems("RevokeSessions.roles", arn_of(role), region=region)

    def steps(self, around: Surroundings) -> Steps:
        """Return the steps of the action. `Response` calls this.

        Args:
            around: the environment of the action.
        """
        arns = [str(arn_of(role)) for role in self.roles]
        listed = ", ".join(f"'{_name(role)}'" for role in self.roles)
        issued = "$states.input.issuedBefore"
        return Steps(
            title=f"Revoke the sessions of a role of EKS cluster {around.cluster}",
            inputs={
                "roleName": "$exists($states.input.roleName) ? $string($states.input.roleName) : "
                "$event.detail.resource.accessKeyDetails.userType in ['AssumedRole', 'Role'] ? "
                "$event.detail.resource.accessKeyDetails.userName : 'none'",
                "before": f"$exists({issued}) ? $fromMillis($toMillis({issued})) : "
                "$exists($event.time) ? $fromMillis($toMillis($event.time)) : "
                "$fromMillis($toMillis($states.context.Execution.StartTime))",
            },
            look=_look(around, listed),
            change=_change(around),
            reads=[{"Action": ["iam:ListRolePolicies", "iam:GetRolePolicy"], "Resource": arns}],
            writes=[{"Action": "iam:PutRolePolicy", "Resource": arns}],
        )


def _name(role: iam.IRole | str) -> str:
    if is_a(ROLE, role):
        return role.role_name  # type: ignore[union-attr]
    return str(role).rsplit("/", 1)[-1]


def _look(around: Surroundings, listed: str) -> States:
    name = {"RoleName": expression("$roleName")}
    document = "$parse($decodeUrlComponent($states.result.PolicyDocument))"
    return {
        "MayIt": choice("NotThisRole", ListPolicies=f"$roleName in [{listed}]"),
        "NotThisRole": assigning(
            DECIDE,
            needed=expression("false"),
            plan=expression("$roleName & ' is not one of the roles whose sessions this response may revoke.'"),
        ),
        "ListPolicies": call(
            "iam",
            "listRolePolicies",
            name,
            "IsItThere",
            assign={"there": expression(f"'{POLICY}' in $states.result.PolicyNames"), "revoked": ""},
            partition=around.partition,
        ),
        "IsItThere": choice("Plan", ReadPolicy="$there"),
        "ReadPolicy": call(
            "iam",
            "getRolePolicy",
            {**name, "PolicyName": POLICY},
            "Plan",
            assign={"revoked": expression(f"$string({document}.Statement[0].Condition.DateLessThan.`{_KEY}`)")},
            partition=around.partition,
        ),
        "Plan": assigning(
            DECIDE,
            needed=expression("$revoked = '' ? true : $toMillis($revoked) < $toMillis($before)"),
            plan=expression(
                "($revoked = '' ? true : $toMillis($revoked) < $toMillis($before)) ? 'revoke the sessions of ' & "
                "$roleName & ' that were issued before ' & $before & '.' : 'The sessions of ' & $roleName & "
                "' that were issued before ' & $revoked & ' are revoked.'"
            ),
        ),
    }


def _change(around: Surroundings) -> States:
    deny = (
        f"$string({{'Version': '2012-10-17', 'Statement': [{{'Sid': 'Revoked', 'Effect': 'Deny', 'Action': ['*'], "
        f"'Resource': ['*'], 'Condition': {{'DateLessThan': {{'{_KEY}': $before}}}}}}]}})"
    )
    return {
        "DenyOldSessions": call(
            "iam",
            "putRolePolicy",
            {"RoleName": expression("$roleName"), "PolicyName": POLICY, "PolicyDocument": expression(deny)},
            "SayDone",
            partition=around.partition,
        ),
        "SayDone": assigning(
            DONE,
            done=expression(
                "'Sessions of ' & $roleName & ' that were issued before ' & $before & ' are denied everything. Who may "
                "take the role gets a new session: find out how the credentials leaked, and close that way. For a pod "
                "role: aws eks list-pod-identity-associations, then delete-pod-identity-association; restart its pods "
                f"afterwards. To undo: aws iam delete-role-policy --policy-name {POLICY} --role-name ' & $roleName & "
                "'.'"
            ),
        ),
    }
