"""The messages of alerts: principal, action, cluster, source, time, and the first step of the response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks.alerts._channel import Sender
from hardened_eks.alerts._words import CONSOLE
from hardened_eks.detections import EventPattern
from hardened_eks.detections.clauses import ABSENT
from hardened_eks.detections.expressions import fill_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hardened_eks.detections import Detection, Parameters
    from hardened_eks.detections.grouping import Group
    from hardened_eks.severity import Severity

_MOST_CALLS = 3
_LONGEST = 3500
"""Maximum characters: input templates have at most 8,192, and some channels send the text twice
(https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """The message for a family of events."""

    text: str
    fields: Mapping[str, str]
    key: tuple[str, ...]
    """The fields that are the same for repeats of an event, and different for another attack."""
    link: str


_PLACE = {"account": "$.account", "region": "$.region", "when": "$.time"}
_CALL = {
    **_PLACE, "who": "$.detail.userIdentity.arn", "call": "$.detail.eventName", "from": "$.detail.sourceIPAddress",
    "error": "$.detail.errorCode", "event": "$.detail.eventID",
}  # fmt: skip
_TRAIL_LINK = f"{CONSOLE}/cloudtrailv2/home?region=<region>#/events/<event>"
_FINDING_LINK = f"{CONSOLE}/guardduty/home?region=<region>#/findings?search=id%3D<finding>"
_SHAPES: Final[Mapping[str, _Shape]] = {
    "Eks": _Shape(
        text="<who> called <call> on EKS cluster '<cluster>' from <from> at <when> (account <account>, "
        "<region>)",
        fields={**_CALL, "cluster": "$.detail.requestParameters.name"},
        key=("call", "who", "from"),
        link=_TRAIL_LINK,
    ),
    "Account": _Shape(
        text="<who> called <call> of <service> from <from> at <when> (account <account>, <region>)",
        fields={**_CALL, "service": "$.detail.eventSource"},
        key=("call", "who", "from"),
        link=_TRAIL_LINK,
    ),
    "GuardDuty": _Shape(
        # Without the title: it can contain the name of a file or process, and a quote in it would break the JSON.
        text="GuardDuty finding <type>, severity <level>, at <when> (account <account>, <region>), EKS cluster "
        "'<target>', pod '<pod>'",
        fields={
            **_PLACE, "type": "$.detail.type", "level": "$.detail.severity",
            "finding": "$.detail.id", "target": "$.detail.resource.eksClusterDetails.name",
            "pod": "$.detail.resource.kubernetesDetails.kubernetesWorkloadDetails.name",
        },
        key=("finding",),
        link=_FINDING_LINK,
    ),
    "Findings": _Shape(
        # Each kind of finding has only some of these fields; a field that an event lacks is empty.
        text="<kind> at <when> (account <account>, <region>), about <repository><code> <digest> <target> <resource> "
        "<item> <query> <headline>",
        fields={
            **_PLACE, "kind": "$.detail-type", "event": "$.id", "target": "$.resources[0]",
            "repository": "$.detail.repository-name", "digest": "$.detail.image-digest",
            "resource": "$.detail.resource", "finding": "$.detail.id",
            "item": "$.detail.resourceId", "rule": "$.detail.configRuleARN",
            "query": "$.detail.query-name", "client": "$.detail.src-addr",
            "headline": "$.detail.findings[0].Title", "created": "$.detail.findings[0].CreatedAt",
            "backup": "$.detail.backupJobId", "copy": "$.detail.copyJobId", "restore": "$.detail.restoreJobId",
            "code": "$.detail.eventTypeCode", "notice": "$.detail.eventArn",
        },
        key=(
            "kind", "repository", "digest", "finding", "rule", "client", "created", "backup", "copy", "restore",
            "notice",
        ),
        link=f"{CONSOLE}/events/home?region=<region>#/",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The message of a rule."""

    title: str
    text: str
    fields: Mapping[str, str]
    key: tuple[str, ...]
    first: str
    """The first step of the response, if the rule has only one detection."""
    link: str

    def sender(self, severity: Severity, rule_arn: str) -> Sender:
        """Return the rule as a sender of this message."""
        return Sender(
            service="events.amazonaws.com",
            arn=rule_arn,
            text=self.text,
            fields=self.fields,
            severity=severity,
            title=self.title,
            key=self.key,
            first=self.first,
            link=self.link,
        )


def words(group: Group, cluster: str, parameters: Parameters, runbook: str | None) -> Words:
    """Return the message of a rule.

    Args:
        group: the detections of the rule. With several, the reader identifies the detection by the call.
        cluster: name of the cluster that is watched.
        parameters: values for the first steps.
        runbook: URL of the runbook page. None: there is no page.
    """
    shape, found = _SHAPES[group.family], group.detections
    one = found[0] if len(found) == 1 else None
    title = one.title if one else _TITLES[group.family]
    head = f"{shape.text} (watch over EKS cluster {cluster})"
    fields = dict(shape.fields)
    if "error" in fields and _may_have_failed(group):
        head += ", error code '<error>' (empty: the call succeeded)"
    else:
        fields.pop("error", None)
    steps: dict[str, list[Detection]] = {}
    for detection in found:
        steps.setdefault(first_step(detection, parameters), []).append(detection)
    told = [f"{n}) {_named(some, runbook)}: {step}" for n, (step, some) in enumerate(steps.items(), 1)]
    text = f"{head}. It is one of these, each with its first step: {' '.join(told)}"
    if one or len(text) > _LONGEST:
        text = f"{head}. Runbook: {', '.join(link(runbook, detection) for detection in found)}."
    first = next(iter(steps)) if one else ""
    return Words(title=title, text=text, fields=fields, key=shape.key, first=first, link=shape.link)


def _named(detections: Sequence[Detection], runbook: str | None) -> str:
    return "; ".join(f"{one.title}{_by(one)} {link(runbook, one)}" for one in detections)


def _by(detection: Detection) -> str:
    """Return the calls of a detection if they are few, so that the reader can identify it by the call."""
    details = [e.pattern.get("detail", {}) for e in detection.expressions if isinstance(e, EventPattern)]
    calls = [call for detail in details for call in detail.get("eventName", [])]
    few = 0 < len(calls) <= _MOST_CALLS and all(isinstance(call, str) for call in calls)
    return f", by {' or '.join(calls)}" if few else ""


def _may_have_failed(group: Group) -> bool:
    """Return whether the rule also matches failed calls. Most detections require a call without an error."""
    asked = [
        e.pattern.get("detail", {}) for d in group.detections for e in d.expressions if isinstance(e, EventPattern)
    ]
    return any(detail.get("errorCode") != [ABSENT] for detail in asked)


_TITLES: Final = {
    "Eks": "EKS was changed",
    "Account": "Something that protects the cluster was changed or used",
    "GuardDuty": "GuardDuty has a finding",
    "Findings": "A check of AWS has a finding",
}
_PLACEHOLDER: Final = regex(r"<([^<>]*)>")


def first_step(detection: Detection, parameters: Parameters) -> str:
    """Return the first step of the runbook in one or two sentences, without quotes and ``<...>``.

    A quote would end the string of an input transformer, which also treats every ``<name>`` as a field.
    """
    step = _PLACEHOLDER.sub(r"\1", fill_text(detection.first[0], parameters))
    if '"' in step:  # a command with JSON, which only the runbook contains
        step = step.split(": `")[0].split(" `")[0] + " (command in the runbook)."
    return step.replace("`", "'").replace('"', "'")


def link(runbook: str | None, detection: Detection) -> str:
    """Return the link to the runbook of a detection, whose ID is an anchor on the page."""
    return f"({detection.id})" if runbook is None else f"{runbook}#{detection.id}"


def described(detection: Detection, parameters: Parameters, runbook: str | None) -> str:
    """Return the description of an alarm, at most 1,024 characters."""
    text = f"{detection.severity.upper()}: {detection.title}. First: {first_step(detection, parameters)}"
    end = f" {link(runbook, detection)}"
    return text[: 1024 - len(end)] + end
