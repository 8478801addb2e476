"""Checks of the arguments of a detection, before any construct is created."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._asked import place_problems, region_of
from hardened_eks._kinds import (
    LOG_GROUP,
    ROLE,
    TRAIL,
    cluster_problems,
    flag_problems,
    is_a,
    key_argument_problems,
    kind_problems,
    metric_filter_problems,
)
from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks._tokens import is_literal, is_number_token, is_text_token, is_token
from hardened_eks.alerts._channel import MOST_TARGETS
from hardened_eks.alerts._combined import channel_problems, unseen_key_problems
from hardened_eks.data.regions import lacking
from hardened_eks.data.retention import DAYS
from hardened_eks.detection._channels import listed
from hardened_eks.detection._global import choices, home
from hardened_eks.detection._own import own_problems
from hardened_eks.detections import DETECTIONS, PARAMETERS, Detection, read
from hardened_eks.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from constructs import Construct

LEVELS: Final = ("default", "full")
EVIDENCE: Final = ("query", "log-alarm", "none")
ELSEWHERE: Final = "elsewhere"
_LOG_ALARM: Final = "AWS::CloudWatch::LogAlarm"
_ROLE_ARN = regex(r"arn:aws[a-z-]*:iam::\d{12}:role/([\w+=,.@/-]*/)?[\w+=,.@-]{1,64}")
_RESERVED = frozenset({"account", "region", "cluster", "trusted_automation", "break_glass_role"})
"""Parameters that are arguments of the construct, or depend on its account and Region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """The arguments of `Detection`, which describes them."""

    cluster: Any
    alerts: Any
    level: Any
    trusted_automation: Any
    break_glass_role: Any
    watched_roles: Any
    trail: Any
    containers_log_group: Any
    global_events: Any
    parameters: Any
    exclude: Any
    extra: Any
    evidence: Any
    digest_hour: Any
    dashboard: Any
    archive_retention_days: Any
    encryption_key: Any
    runbook_url: Any

    def problems(self, scope: Construct) -> Iterator[str]:
        """Yield every mistake."""
        yield from cluster_problems(self.cluster)
        yield from self._channel_problems()
        yield from _choice("level", self.level, LEVELS)
        yield from _choice("evidence", self.evidence, EVIDENCE)
        here = region_of(scope)
        if self.evidence == "log-alarm":
            yield from lacking(here, _LOG_ALARM, needed_by="evidence='log-alarm'", instead="pass 'query' or 'none'")
        if self.global_events is not None:
            yield from _choice("global_events", self.global_events, choices(here))
        yield from flag_problems(dashboard=self.dashboard)
        yield from self._trust_problems()
        yield from self._trail_problems(scope)
        yield from kind_problems(LOG_GROUP, containers_log_group=self.containers_log_group)
        yield from metric_filter_problems("containers_log_group", self.containers_log_group)
        yield from self._parameter_problems()
        yield from self._selection_problems()
        yield from self._number_problems()
        yield from key_argument_problems("encryption_key", self.encryption_key, use="notifications")
        url = self.runbook_url
        if url is not None and not is_text_token(url) and not (isinstance(url, str) and url.startswith("https://")):
            yield f"runbook_url needs a URL that begins with https://, got {self.runbook_url!r}"
        yield from self._place_problems(scope)

    def _channel_problems(self) -> Iterator[str]:
        channels = listed(self.alerts)
        if self.alerts is None or not channels:
            yield (
                f"alerts needs a channel, got {self.alerts!r}: pass one such as alerts.Topic, or "
                "alerts.nobody(reason=...) if nobody needs to be notified"
            )
            return
        if len(channels) > MOST_TARGETS:
            yield f"alerts needs at most {MOST_TARGETS} channels, the limit of a rule, got {len(channels)}"
        for number, channel in enumerate(channels):
            yield from channel_problems(alerts=channel)
            yield from unseen_key_problems(alerts=channel)
            if any(channel is other for other in channels[:number]):
                yield f"alerts names {channel!r} twice: remove one"

    def _trust_problems(self) -> Iterator[str]:
        if not isinstance(self.trusted_automation, list | tuple):
            yield f"trusted_automation needs a list of role ARNs, got {self.trusted_automation!r}"
        else:
            for value in self.trusted_automation:
                arn_like = isinstance(value, str) and (is_token(value) or _ROLE_ARN.fullmatch(value))
                if not arn_like and not is_a(ROLE, value):
                    yield (
                        f"trusted_automation needs the ARN of a role, arn:aws:iam::111122223333:role/NAME, or a role, "
                        f"got {value!r}"
                    )
        if (
            self.break_glass_role is not None
            and not hasattr(type(self.break_glass_role), "access_entry")
            and not hasattr(self.break_glass_role, "role_arn")
        ):
            yield f"break_glass_role needs a BreakGlassRole, got {self.break_glass_role!r}"
        if not isinstance(self.watched_roles, list | tuple):
            yield f"watched_roles needs a list of roles, got {self.watched_roles!r}"
            return
        for role in self.watched_roles:
            if not role or (not isinstance(role, str) and not is_a(ROLE, role)):
                yield f"watched_roles needs roles or names of roles, got {role!r}"
            elif isinstance(role, str) and is_literal(role) and role.startswith("arn:"):
                name = role.rsplit("/", 1)[-1]
                yield f"watched_roles needs names of roles, not ARNs, got {role!r}: pass {name!r}"

    def _trail_problems(self, scope: Construct) -> Iterator[str]:
        if self.trail is None or self.trail == ELSEWHERE:
            if self.global_events == "trail":
                yield f"global_events='trail' needs trail, the trail or its log group, got {self.trail!r}"
            return
        if not is_a(TRAIL, self.trail) and not is_a(LOG_GROUP, self.trail):
            yield f"trail needs {TRAIL.text}, {LOG_GROUP.text} or {ELSEWHERE!r}, got {self.trail!r}"
        elif is_a(TRAIL, self.trail) and self.trail.log_group is None and self.global_events in (None, "trail"):
            yield (
                "trail needs a log group: pass send_to_cloud_watch_logs=True to the trail, "
                f"or global_events={home(region_of(scope))!r} or 'none'"
            )
        elif self.global_events in (None, "trail"):
            group = self.trail.log_group if is_a(TRAIL, self.trail) else self.trail
            yield from metric_filter_problems("trail's log group", group)

    def _parameter_problems(self) -> Iterator[str]:
        if not isinstance(self.parameters, dict):
            yield f"parameters needs a mapping of names to values, got {self.parameters!r}"
            return
        for name in sorted(_RESERVED & set(self.parameters)):
            yield f"parameters names {name!r}, which is an argument or depends on the cluster: leave it out"
        now = {
            name: [v for v in value if not is_token(v)] if isinstance(value, list | tuple) else value
            for name, value in self.parameters.items()
            if not is_token(value) and name not in _RESERVED
        }
        many = {parameter.name for parameter in PARAMETERS if parameter.many}
        now = {name: value for name, value in now.items() if value or name not in many}
        try:
            read(now, "parameters")
        except ConfigurationError as error:
            yield from (f"parameters: {problem}" for problem in error.problems)

    def _selection_problems(self) -> Iterator[str]:
        own = self.extra if isinstance(self.extra, list | tuple) else ()
        if not isinstance(self.extra, list | tuple) or not all(isinstance(one, Detection) for one in own):
            yield f"extra needs a list of detections (hardened_eks.detections.Detection), got {self.extra!r}"
            return
        known = tuple(detection.id for detection in DETECTIONS)
        yield from own_problems(own)
        if isinstance(self.exclude, str) or not isinstance(self.exclude, list | tuple):
            yield f"exclude needs a list of IDs of detections, got {self.exclude!r}"
            return
        for id_ in self.exclude:
            if id_ not in known:
                near = get_close_matches(str(id_), known)
                yield f"exclude names {id_!r}, which is not a detection" + (
                    f"; did you mean {near[0]!r}" if near else ""
                )

    def _number_problems(self) -> Iterator[str]:
        for name, value, least, most in (
            ("digest_hour", self.digest_hour, 0, 23),
            ("archive_retention_days", self.archive_retention_days, 1, DAYS[-1]),
        ):
            if (value is None and name == "archive_retention_days") or is_number_token(value):
                continue
            if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
                yield f"{name} needs a whole number from {least} to {most}, got {value!r}"

    def _place_problems(self, scope: Construct) -> Iterator[str]:
        if list(cluster_problems(self.cluster)):
            return
        yield from place_problems(scope, cluster=self.cluster)
        # Only a log group that was passed to the cluster: the cluster itself creates groups of class STANDARD, and
        # reading its property would create a child construct.
        group = getattr(getattr(self.cluster, "_given", None), "log_group", None)
        yield from metric_filter_problems("cluster's log group", group)


def _choice(name: str, value: Any, allowed: Sequence[str]) -> Iterator[str]:
    if value not in allowed:
        yield f"{name} needs one of {', '.join(map(repr, allowed))}, got {value!r}"


def role_arn(role: Any) -> str:
    """Return the ARN of a role that is passed as a role or as its ARN."""
    return role if isinstance(role, str) else str(role.role_arn)


def role_name(role: Any) -> str:
    """Return the name of a role that is passed as a role or as its name."""
    return role if isinstance(role, str) else str(role.role_name)


__all__ = ["ELSEWHERE", "Arguments", "role_arn", "role_name"]
