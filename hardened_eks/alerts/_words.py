"""The text of an alert, as templates of EventBridge's input transformer that stay valid for every event.

AWS documents that values inside a quoted string are not escaped
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html). With one quote in a user
agent, the body is not JSON, the vendor refuses it, and an attacker who chose that user agent is not reported.
EventBridge quotes and escapes a value that is a whole JSON value of the template. So only values that cannot contain a
quote, a backslash or a line break go into a string; all others are whole values.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._asked import region_of
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from constructs import Construct

    from hardened_eks.alerts._channel import Sender
    from hardened_eks.severity import Severity

_NAME: Final = re.compile(r"<([\w.-]+)>")
_HARMLESS: Final = frozenset({
    "$.account", "$.detail-type", "$.id", "$.region", "$.source", "$.time",
    "$.detail.awsRegion", "$.detail.eventID", "$.detail.eventName", "$.detail.eventSource", "$.detail.eventTime",
    "$.detail.errorCode", "$.detail.recipientAccountId", "$.detail.sourceIPAddress",
    "$.detail.requestParameters.name", "$.detail.cluster",
    "$.detail.backupJobId", "$.detail.configRuleARN", "$.detail.copyJobId", "$.detail.eventArn",
    "$.detail.eventTypeCode", "$.detail.findings[0].CreatedAt", "$.detail.image-digest", "$.detail.repository-name",
    "$.detail.restoreJobId", "$.detail.src-addr",
    "$.detail.accountId", "$.detail.id", "$.detail.resource.eksClusterDetails.name", "$.detail.severity",
    "$.detail.type",
    "$.detail.userIdentity.accountId", "$.detail.userIdentity.invokedBy", "$.detail.userIdentity.principalId",
    "$.detail.userIdentity.type", "$.detail.userIdentity.userName",
    "$.detail.userIdentity.sessionContext.sessionIssuer.userName",
})  # fmt: skip
"""Paths whose values are names and IDs in alphabets that AWS defines, without quotes, backslashes and line breaks. ARNs
of principals are not among them: they contain the path of a user or role, which may have quotes
(https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html). The only request parameter is the name of a
cluster, and `$.detail.cluster` the name in a report; the rules' patterns require both. All other request parameters are
free input of the caller, even in a refused call."""
_EVENT_ID: Final = "$.id"
"""The ID of an event, which is the same in all rules
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html)."""
_CALLER_ARN: Final = "$.detail.userIdentity.arn"
_CALLER: Final = {
    "caller-kind": "$.detail.userIdentity.type",
    "caller-role": "$.detail.userIdentity.sessionContext.sessionIssuer.userName",
    "caller-user": "$.detail.userIdentity.userName",
    "caller-id": "$.detail.userIdentity.principalId",
}
_CALLER_SAID: Final = "<caller-kind> <caller-role><caller-user> (<caller-id>)"
"""The text that replaces the ARN of a caller in a string: a role with the name of the session, or a user."""
_RESERVED: Final = frozenset({
    "aws.events.event", "aws.events.event.json", "aws.events.event.ingestion-time", "aws.events.rule-arn",
    "aws.events.rule-name",
})  # fmt: skip
WHOLE_EVENT: Final = "<aws.events.event.json>"
_LONGEST_LINE: Final = 600
CONSOLE: Final = "https://<region>.console.aws.amazon.com"
"""The console, in links of senders. In a stack of another partition, `console_link` replaces its domain."""
_DOMAINS: Final = {
    "cn-": "console.amazonaws.cn", "us-gov-": "console.amazonaws-us-gov.com", "eusc-": "console.amazonaws-eusc.eu",
}  # fmt: skip
"""Domains of the consoles of other partitions, by the beginning of the names of their Regions
(https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/using-govcloud-endpoints.html,
https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-Beijing.html)."""
LONGEST_TEMPLATE: Final = 8192
"""Characters (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html)."""


class Raw(str):
    """A part of a template that is already JSON, or a placeholder for JSON."""

    __slots__ = ()


def template(body: Any) -> str:
    """Return a body as an input template: `Raw` unchanged, everything else as JSON."""
    if isinstance(body, Raw):
        return body
    if isinstance(body, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{template(value)}" for key, value in body.items()) + "}"
    if isinstance(body, list | tuple):
        return "[" + ",".join(map(template, body)) + "]"
    return json.dumps(body, ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The strings of an alert. Each `Raw` is a JSON string with placeholders, or one placeholder for a JSON value."""

    paths: Mapping[str, str]
    """`inputPathsMap`."""
    title: Raw
    """The headline."""
    text: Raw
    """The message."""
    line: Raw
    """The message in one line: the text, or its first sentence if it is long, or the headline if it is only a field.
    PagerDuty refuses more than 1,024 characters, and the values of fields take about 400."""
    whole: Raw
    """The text with the first step and the link, for vendors that have no fields for them. The text alone if it is only
    a field, since nothing can be added to that."""
    hidden: tuple[str, ...]
    """Fields of the message whose values may have quotes: the text only says that the details have them."""
    key: Raw
    """A value that is the same for repeats of the alert."""
    kind: Raw
    """The same with only the first field of the key, for vendors that keep at most 100 characters."""
    details: Mapping[str, Raw]
    """Each field by its name, as a whole JSON value."""
    cluster: Raw
    """The subject of the alert, never empty: the cluster, or the rule."""
    severity: Severity | None
    """The severity; None if it is not known."""
    first: str
    """The first step of the response; empty if it is not known."""
    link: Raw | None
    """Link to details; None if it is not known."""

    def transformer(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the `inputTransformer` that creates a body from an event.

        Raises:
            ConfigurationError: the template is longer than EventBridge allows.
        """
        written = template(dict(body))
        problems = Problems("an alert's message")
        problems.require(
            len(written) <= LONGEST_TEMPLATE,
            f"the template has {len(written)} characters, EventBridge allows {LONGEST_TEMPLATE}: shorten text or title",
        )
        problems.raise_any()
        used = set(_NAME.findall(written))
        paths = {name: path for name, path in self.paths.items() if name in used}
        return {"inputTemplate": written, **({"inputPathsMap": paths} if paths else {})}


def words_of(sender: Sender, scope: Construct) -> Words:
    """Return the strings of a sender's alert.

    Args:
        sender: the sender.
        scope: a construct in its stack, whose Region decides about the domain of links to the console.

    Raises:
        ConfigurationError: `text`, `title` or `key` names a field that the sender does not have.
    """
    fields = dict(sender.fields)
    paths = {"region": "$.region", **_CALLER, **fields}
    problems = Problems(f"the sender {sender.title or sender.arn}")
    for name in _NAME.findall(f"{sender.text} {sender.title} {sender.link}"):
        problems.require(
            name in paths or name in _RESERVED,
            f"<{name}> is not one of its fields ({', '.join(sorted(fields)) or 'there are none'}): add it, or write "
            "the word without < and >",
        )
    problems.extend(_key_problems(sender, paths))
    problems.raise_any()
    text = _text(sender.text, paths) if sender.text else Raw('"An event matched the rule <aws.events.rule-name>."')
    title = _text(sender.title, paths) if sender.title else _headline(text)
    alone = _alone(sender.text)
    link = _link(console_link(sender.link or _events_of(fields), scope), paths)
    return Words(
        paths=paths,
        title=title,
        text=text,
        line=title if alone else _first_sentence(text),
        whole=text if alone else _joined(text, f"First: {sender.first}" if sender.first else "", link),
        hidden=() if alone else tuple(name for name in _NAME.findall(sender.text) if not _shown(name, paths)),
        key=_key(_key_names(sender), paths),
        kind=_key(_key_names(sender)[:1], paths),
        details={name: Raw(f"<{name}>") for name in fields},
        cluster=_text("eks <cluster>", paths) if "cluster" in fields else Raw("<aws.events.rule-name>"),
        severity=sender.severity,
        first=sender.first,
        link=link,
    )


def _text(text: str, paths: Mapping[str, str]) -> Raw:
    """Return a string with placeholders as JSON. A lone placeholder becomes a value that EventBridge escapes."""
    if alone := _alone(text):
        return Raw(f"<{alone}>")

    def harmless(match: re.Match[str]) -> str:
        names = _NAME.findall(match[0])
        if paths.get(names[0]) == _CALLER_ARN:
            return _CALLER_SAID
        return match[0] if _shown(names[0], paths) else f"({', '.join(names)}: see details)"

    hidden = "|".join(re.escape(name) for name in paths if not _shown(name, paths))
    together = re.compile(rf"<(?:{hidden})>(?: <(?:{hidden})>)*|{_NAME.pattern}") if hidden else _NAME
    return Raw(json.dumps(together.sub(harmless, text), ensure_ascii=False))


def _shown(name: str, paths: Mapping[str, str]) -> bool:
    """Return whether a string can have the value of a field, or for a caller what replaces it."""
    path, plain = paths.get(name), _RESERVED - {"aws.events.event", "aws.events.event.json"}
    return name in plain or path == _CALLER_ARN or path in _HARMLESS


def _alone(text: str) -> str:
    whole = _NAME.fullmatch(text.strip())
    return whole[1] if whole else ""


def _first_sentence(text: Raw) -> Raw:
    """Return the first sentence of a long message, or all of a short one.

    The cut is at a space, and placeholders have no spaces.
    """
    said = json.loads(text)
    end = said.find(". ", 0, _LONGEST_LINE)
    short = said if len(said) <= _LONGEST_LINE else said[: end + 1 if end > 0 else said.rfind(" ", 0, _LONGEST_LINE)]
    return Raw(json.dumps(short, ensure_ascii=False))


def _joined(text: Raw, first: str, link: Raw | None) -> Raw:
    parts = (json.loads(text), first, json.loads(link) if link else "")
    return Raw(json.dumps("\n\n".join(part for part in parts if part), ensure_ascii=False))


def _headline(text: Raw) -> Raw:
    return text if text.startswith('"') else Raw('"Alert of <aws.events.rule-name>"')


def _key_problems(sender: Sender, paths: Mapping[str, str]) -> Iterator[str]:
    names, known = _key_names(sender), ", ".join(sorted(sender.fields)) or "there are none"
    yield from (f"key needs the name of a field ({known}), got {name!r}" for name in names if name not in sender.fields)
    apart = [name for name in names if name in sender.fields and not _shown(name, paths)]
    if len(names) > 1 and apart:
        yield (
            f"key has the fields {', '.join(names)}: the values of {', '.join(apart)} may have quotes, so they can "
            "only be a whole key"
        )


def _key(names: Sequence[str], paths: Mapping[str, str]) -> Raw:
    if not names:
        return Raw("<aws.events.rule-name>")
    if len(names) == 1 and (paths[names[0]] == _EVENT_ID or not _shown(names[0], paths)):
        return Raw(f"<{names[0]}>")
    parts = ("caller-id" if paths[name] == _CALLER_ARN else name for name in names)
    # The rule's name keeps alerts of two rules with the same key apart. It is last, since vendors cut long keys.
    return Raw('"' + "/".join(f"<{part}>" for part in (*parts, "aws.events.rule-name")) + '"')


def _key_names(sender: Sender) -> tuple[str, ...]:
    names = (sender.key,) if isinstance(sender.key, str) else sender.key
    return tuple(name for name in names if name)


def console_link(link: str, scope: Construct) -> str:
    """Return a link; one to the console has the domain of the partition of the stack, as far as its Region is known."""
    if not link.startswith(CONSOLE):
        return link
    region = region_of(scope)
    domain = next((domain for prefix, domain in _DOMAINS.items() if region.startswith(prefix)), None)
    return link.replace(CONSOLE, f"https://<region>.{domain}", 1) if domain else link


def _events_of(fields: Mapping[str, str]) -> str:
    """Return a link to the CloudTrail events in the console; empty for other events."""
    by_call = any(path.startswith("$.detail.userIdentity") for path in fields.values())
    return f"{CONSOLE}/cloudtrailv2/home?region=<region>#/events" if by_call else ""


def _link(link: str, paths: Mapping[str, str]) -> Raw | None:
    return _text(link, paths) if link else None
