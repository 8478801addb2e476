from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from hardened_eks import _aws, _machines, _owner
from hardened_eks._asked import key_arn_of, region_of, stack_of
from hardened_eks._kinds import flag_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._retention import retention_problems
from hardened_eks._traces import leave_out_useless
from hardened_eks.alerts._combined import as_channel, channel_problems, unseen_key_problems
from hardened_eks.alerts._reports import may_report, report_entry
from hardened_eks.alerts._reports import send_reports as send_reports_to
from hardened_eks.alerts._stack import StackAlerts
from hardened_eks.response import _approval, _machine
from hardened_eks.response._action import Surroundings
from hardened_eks.response._arguments import (
    action_problems,
    approval_problems,
    automation_problems,
    given_cluster_problems,
)
from hardened_eks.response._image import QuarantineImage
from hardened_eks.response._key import key
from hardened_eks.response._states import expression, machine
from hardened_eks.response._trigger import pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.alerts import AlertChannel
    from hardened_eks.response._action import Action
    from hardened_eks.response._approval import Approval
    from hardened_eks.response._states import Steps

_MODES: Final = ("dry-run", "run")
_TWO_HOURS: Final = 2 * 3600


class Response(Construct):
    """State machines that respond to a detection. Each performs one action on one cluster, and reports its result.

    An action first checks the state, and does nothing if nothing is to be done, so it can be started repeatedly. In a
    dry run, its role can only read. Its role can access only this cluster, and its own changes do not start it again.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        actions: Sequence[Action],
        alerts: AlertChannel | sns.ITopic,
        mode: str = "dry-run",
        approval: Approval | None = None,
        trusted_automation: Sequence[str] = (),
        send_reports: bool = True,
        log_retention_days: int = 365,
    ) -> None:
        """Create a state machine for each action.

        Args:
            scope: the parent construct.
            id: construct ID.
            cluster: the cluster.
            actions: the actions: `CloseEndpoint`, `RestoreLogging`, `QuarantineNode`, `RevokeSessions`,
                `QuarantineImage`, each at most once.
            alerts: channel (`hardened_eks.alerts`), or your own topic, that receives reports of changes and dry runs,
                and alerts on failed responses.
            mode: ``dry-run`` only reports the change, with roles that can only read; ``run`` performs it. An execution
                whose input has ``"dryRun": true`` changes nothing in either mode. Default: ``dry-run``.
            approval: people who must approve a change. Default: none, no approval is required.
            trusted_automation: ARNs of roles whose changes through CloudFormation start no action, as for detections.
                Default: none.
            send_reports: send the reports on this cluster to `alerts`. Pass False if another construct sends them, such
                as another `Response` of the same cluster. Default: yes.
            log_retention_days: days for which the log of all executions is kept; a value that CloudWatch Logs supports,
                such as 90 or 400. Default: 365.

        Raises:
            ConfigurationError: an argument or a setting of an action is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"Response '{id}'")
        region = region_of(scope)
        problems.extend(given_cluster_problems(cluster, scope))
        problems.extend(channel_problems(alerts=alerts))
        problems.extend(unseen_key_problems(alerts=alerts))
        problems.extend(flag_problems(send_reports=send_reports))
        problems.require(mode in _MODES, f"mode needs {' or '.join(_MODES)}, got {mode!r}")
        problems.extend(retention_problems("log_retention_days", log_retention_days))
        problems.extend(action_problems(actions, region))
        problems.extend(approval_problems(approval, region))
        problems.extend(automation_problems(trusted_automation, region))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self._cluster, self._channel = cluster, as_channel(alerts)
        self.mode = mode
        """``dry-run`` or ``run``."""
        self._approval = approval if mode == "run" else None
        self._key = key(self)
        self._log = _log_group(self, cluster.keys.logs, log_retention_days)
        self._machines: dict[str, _machine.Machine] = {}
        self._activities: list[str] = []
        self._scopes: dict[str, Construct] = {}
        for action in actions:
            self._machines[action.name] = self._create(action)
        self.approver_role = None if self._approval is None else self._admit(self._approval)
        """The approver role; None without approval, or in a dry run."""
        self._start(actions, trusted_automation)
        if send_reports:
            keys = key_arn_of(cluster.keys.notifications)
            send_reports_to(Construct(self, "Reports"), cluster=cluster.name, channel=self._channel, key_arn=keys)

    def _create(self, action: Action) -> _machine.Machine:
        scope = self._scopes[action.name] = Construct(self, _words(action.name))
        cluster, changes = self._cluster, self.mode == "run"
        around = Surroundings(
            scope=scope,
            described=cluster,
            changes=changes,
            cluster=cluster.name,
            cluster_arn=cluster.arn,
            partition=_aws.partition(),
        )
        steps = action.steps(around)
        statements = [
            *steps.reads,
            *(steps.writes if changes else ()),
            may_report(),
            {"Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": key_arn_of(self._key)},
        ]
        role = _machine.role(scope, what=steps.title, steps=steps, statements=statements)
        definition = machine(
            steps,
            dry_run=not changes,
            report=self._report(action),
            approval=self._questions(scope, action, steps),
            timeout_seconds=_TWO_HOURS + (self._approval.hours * 3600 if self._approval else 0),
            partition=_aws.partition(),
        )
        made = _machines.state_machine(
            scope,
            role_arn=role.attr_arn,
            definition=stack_of(self).to_json_string(definition),
            key_arn=key_arn_of(self._key),
            log_group_arn=self._log.attr_arn,
        )
        made.node.add_dependency(scope.node.find_child("RolePolicy"))
        arn = str(made.ref)
        _machine.failed_alarm(scope, title=steps.title, machine_arn=arn, channel=self._channel)
        return _machine.Machine(resource=made, arn=arn, role=role)

    def _admit(self, approval: Approval) -> iam.CfnRole:
        return _approval.role(
            self,
            approval,
            activities=self._activities,
            key_arn=key_arn_of(self._key),
            what=f"responses on EKS cluster {self._cluster.name}",
        )

    @property
    def state_machine_arns(self) -> Mapping[str, str]:
        """ARN of the state machine of each action by its name, for example ``close-endpoint``."""
        return {name: made.arn for name, made in self._machines.items()}

    def _questions(self, scope: Construct, action: Action, steps: Steps) -> dict[str, dict[str, Any]]:
        """Return the states that request approval; none without approval."""
        if self._approval is None:
            return {}
        activity = _approval.activity(scope, key_arn=key_arn_of(self._key))
        self._activities.append(activity.ref)
        return _approval.asking(
            self._approval,
            title=steps.title,
            activity_arn=activity.ref,
            told=self._report(action),
            then=next(iter(steps.change)),
            partition=_aws.partition(),
        )

    def _report(self, action: Action) -> Callable[[str, str, str], dict[str, Any]]:
        execution = f"'{self._cluster.name}/{action.name}/' & $states.context.Execution.Name"

        def told(severity: str, title: str, text: str) -> dict[str, Any]:
            level = severity.removeprefix("{%").removesuffix("%}") if severity.startswith("{%") else f"'{severity}'"
            return report_entry(
                severity=severity,
                title=title,
                text=text,
                # A vendor that has an open incident with the key notifies nobody: neither of the next request for
                # approval, nor that an approved change failed.
                key=expression(f"{execution} & '/' & {level.strip()}"),
                cluster=self._cluster.name,
                detection=expression("$detection"),
            )

        return told

    def _start(self, actions: Sequence[Action], trusted: Sequence[str]) -> None:
        """Create the rules that start the state machines."""
        own = [made.role.attr_arn for made in self._machines.values()]
        rules = []
        for action in actions:
            made = self._machines[action.name]
            scope = Construct(self._scopes[action.name], "Triggers")
            role_arn = ""
            for detection in action.triggers:
                role_arn = role_arn or _machines.starter(
                    scope, "events.amazonaws.com", made.arn, f"Starts {action.name}"
                )
                rule = _machine.rule(
                    scope,
                    _words(detection),
                    description=f"{detection} on EKS cluster {self._cluster.name} starts {action.name}",
                    pattern=pattern(
                        detection, cluster=self._cluster.name, trusted=trusted, own=own, parameters=_values(action)
                    ),
                )
                rules.append((rule, detection, made.arn, role_arn))
        if rules:
            stack = StackAlerts.of(self, key_arn_of(self._cluster.keys.notifications))
            for rule, detection, machine_arn, role_arn in rules:
                _machine.started_by(
                    rule,
                    detection=detection,
                    machine_arn=machine_arn,
                    role_arn=role_arn,
                    queue_arn=stack.undelivered_arn,
                )
            stack.watch(self._channel, *(rule.ref for rule, *_ in rules))


def _values(action: Action) -> dict[str, Sequence[str]]:
    """Return the values of expressions that an action sets."""
    return {"finding_severities": action.finding_severities} if isinstance(action, QuarantineImage) else {}


def _log_group(scope: Construct, key: kms.IKey, days: int) -> logs.CfnLogGroup:
    """Create the log of all executions, which outlives the stack."""
    group = create(
        logs.CfnLogGroup, scope, "Log", kms_key_id=key, retention_in_days=days, deletion_protection_enabled=True
    )
    group.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    return group


def _words(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))
