"""Schedules for the number of nodes of managed and self-managed groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aws_cdk import aws_autoscaling as autoscaling
from constructs import Construct

from hardened_eks import _aws
from hardened_eks._asked import key_arn_of, stack_of
from hardened_eks._l1 import create
from hardened_eks._machines import trust
from hardened_eks._owner import in_stack
from hardened_eks._patterns import regex
from hardened_eks._roles import role
from hardened_eks.compute._settings import Scaling
from hardened_eks.errors import Problems, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_eks as eks

    from hardened_eks._cluster_like import ClusterLike

_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
"""The days in the order of cron, whose week begins with 0 on Sunday."""
_AT: Final = regex(r"([01]\d|2[0-3]):[0-5]\d")
_NAME: Final = regex(r"[A-Za-z][A-Za-z0-9]{0,31}")
_ZONE: Final = regex(r"[A-Za-z]+([/_+-][A-Za-z0-9]+)*")
# EKS performs one change of a group at a time, so a schedule that fires during an upgrade is retried.
_RETRY: Final = {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 30}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledScaling:
    """A schedule that sets the number of nodes of a group, until the next schedule or an autoscaler changes it.

    Raises:
        ConfigurationError: an argument is invalid. The error lists all mistakes.
    """

    name: str
    """Name of the schedule, for example ``Evening``: up to 32 letters and digits, unique in the group."""
    at: str
    """Time of day, for example ``20:00``."""
    scaling: Scaling
    """The new numbers. `Scaling.desired` defaults to `Scaling.min`, so surplus nodes are terminated."""
    days: Sequence[str] = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
    """Days of the week. Default: every day."""
    timezone: str = "UTC"
    """IANA name of the time zone, for example ``Europe/Berlin``, including its daylight saving time. Default: ``UTC``.
    """

    def __post_init__(self) -> None:
        """Check the values."""
        problems = Problems(f"ScheduledScaling {self.name!r}")
        problems.extend(self._problems())
        problems.raise_any()

    def _problems(self) -> Iterator[str]:
        if not isinstance(self.name, str) or not _NAME.fullmatch(self.name):
            yield f"name needs a letter and up to 31 letters and digits, got {self.name!r}"
        if not isinstance(self.at, str) or not _AT.fullmatch(self.at):
            yield f"at needs a time of day such as '20:00', got {self.at!r}"
        if not isinstance(self.scaling, Scaling):
            yield f"scaling needs a Scaling, got {self.scaling!r}"
        days: object = self.days
        if not isinstance(days, list | tuple) or not days or any(day not in _DAYS for day in days):
            yield f"days needs a list of {', '.join(_DAYS)}, got {days!r}"
        elif repeated(days):
            yield f"days names a day twice, got {', '.join(map(str, days))}: remove one"
        from zoneinfo import available_timezones  # loaded for few apps, with Python's build settings

        zones = available_timezones()  # empty on a system without the data, which AWS has
        zone = self.timezone
        if not isinstance(zone, str) or not _ZONE.fullmatch(zone) or (zones and zone not in zones):
            yield f"timezone needs the name of a time zone such as 'Europe/Berlin', got {zone!r}"

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Minimum, desired and maximum number of nodes."""
        given = self.scaling
        return given.min, given.min if given.desired is None else given.desired, given.max

    def cron(self) -> str:
        """Return the schedule in the format of EventBridge Scheduler."""
        hour, minute = map(int, self.at.split(":"))
        days = "*" if len(self.days) == len(_DAYS) else ",".join(day for day in _DAYS if day in self.days)
        return f"cron({minute} {hour} ? * {days} *)"

    def recurrence(self) -> str:
        """Return the schedule in the format of EC2 Auto Scaling."""
        hour, minute = map(int, self.at.split(":"))
        numbers = (str(number) for number, day in enumerate(_DAYS) if day in self.days)
        return f"{minute} {hour} * * {'*' if len(self.days) == len(_DAYS) else ','.join(numbers)}"


def schedule_problems(schedules: object) -> Iterator[str]:
    """Yield the mistakes in the schedules of a group."""
    if not isinstance(schedules, list | tuple) or not all(isinstance(one, ScheduledScaling) for one in schedules):
        yield f"schedules needs a list of ScheduledScaling, got {schedules!r}"
        return
    yield from (f"schedules has {name!r} twice" for name in repeated([one.name for one in schedules]))


class ManagedSchedules(Construct):
    """Schedules of a managed group in EventBridge Scheduler, which calls EKS.

    EKS has no schedules, and CloudFormation does not return the Auto Scaling group of a managed group.
    Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        group: eks.CfnNodegroup,
        schedules: Sequence[ScheduledScaling],
    ) -> None:
        """Create the schedules, and the role with which EventBridge Scheduler can change only this group.

        Args:
            scope: the parent construct.
            id: construct ID.
            cluster: the group's cluster.
            group: the managed group.
            schedules: the schedules.
        """
        from aws_cdk import aws_scheduler as scheduler  # groups without schedules do not load it

        super().__init__(scope, id)
        key_arn = key_arn_of(cluster.keys.notifications)
        made = role(
            self,
            "Role",
            description=f"EventBridge Scheduler changes the size of a node group of EKS cluster {cluster.name}",
            trust=trust("scheduler.amazonaws.com"),
            aws_policies={},
            statements=[
                {"Action": "eks:UpdateNodegroupConfig", "Resource": group.attr_arn},
                {"Action": "kms:Decrypt", "Resource": key_arn},
            ],
        )
        role_arn: str = made.attr_arn
        for one in schedules:
            least, desired, most = one.sizes
            # The parameters have the SDKs' names, not the API's: Scheduler refuses clusterName.
            call = {
                "ClusterName": cluster.ref,
                "NodegroupName": group.attr_nodegroup_name,
                "ScalingConfig": {"MinSize": least, "DesiredSize": desired, "MaxSize": most},
            }
            place = Construct(self, one.name)
            create(
                scheduler.CfnSchedule,
                place,
                "Resource",
                name=in_stack(place),
                description=f"{least} to {most} nodes at {one.at} {one.timezone}",
                schedule_expression=one.cron(),
                schedule_expression_timezone=one.timezone,
                flexible_time_window={"mode": "OFF"},
                kms_key_arn=key_arn,
                target={
                    "arn": f"arn:{_aws.partition()}:scheduler:::aws-sdk:eks:updateNodegroupConfig",
                    "roleArn": role_arn,
                    "input": stack_of(self).to_json_string(call),
                    "retryPolicy": _RETRY,
                },
            )


def schedule_own(scope: Construct, group_name: str, schedules: Sequence[ScheduledScaling]) -> None:
    """Create the scheduled actions of a self-managed group.

    Args:
        scope: the parent construct.
        group_name: name of the Auto Scaling group.
        schedules: the schedules.
    """
    for one in schedules:
        least, desired, most = one.sizes
        create(
            autoscaling.CfnScheduledAction,
            scope,
            one.name,
            auto_scaling_group_name=group_name,
            recurrence=one.recurrence(),
            time_zone=one.timezone,
            min_size=least,
            max_size=most,
            desired_capacity=desired,
        )
