"""The channel to any HTTPS endpoint."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.alerts._channel import makes_nothing
from hardened_eks.alerts._destination import ALARMS, Endpoint, as_rule, on_alarm
from hardened_eks.alerts._given import (
    field_problems,
    secret_problems,
    secret_value,
    text_problems,
    told_apart,
    url_problems,
)
from hardened_eks.alerts._words import WHOLE_EVENT, Raw, Words, words_of
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import Construct

    from hardened_eks.alerts._channel import Sender, Target

_HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,512}")
_PLACE: Final = re.compile(r"<([a-z_]+)>")
_PARTS: Final = ("title", "text", "key", "severity", "first", "link", "details", "event")
_DEFAULT: Final = {name: f"<{name}>" for name in _PARTS}


@dataclass(frozen=True, slots=True)
class Https:
    """A channel that sends each alert to an HTTPS endpoint, as JSON and with a secret in a header.

    The endpoint must answer within five seconds. EventBridge retries only after the status codes 401, 407, 409, 429 and
    5xx (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html).

    Raises:
        ConfigurationError: the URL, the secret, the header, the field or the body is invalid. The error lists all
            mistakes.
    """

    url: str
    """The URL, with https. The template contains it, so it must not contain a secret: put a token into `secret`."""
    secret: secretsmanager.ISecret | str
    """The secret with the credentials, or its complete ARN."""
    header: str = "Authorization"
    """The header that carries the secret's value. Default: ``Authorization``."""
    field: str = "token"
    """The key in the secret's JSON with the value of the header. Default: ``token``."""
    body: Mapping[str, Any] | None = None
    """The request body: JSON in which the strings ``<title>``, ``<text>``, ``<key>``, ``<severity>``, ``<first>``,
    ``<link>``, ``<details>`` (the sender's fields) and ``<event>`` are replaced by values. Default: an object with all
    of them."""

    def __post_init__(self) -> None:
        """Check the arguments."""
        problems = Problems("alerts.Https")
        problems.extend(url_problems("url", self.url))
        problems.extend(secret_problems("secret", self.secret))
        problems.extend(text_problems("header", self.header, _HEADER, "the name of an HTTP header"))
        problems.extend(field_problems("field", self.field))
        problems.extend(_body_problems(self.body))
        problems.raise_any()

    @makes_nothing(lambda _channel, sender: sender.service != ALARMS)
    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        """Return the target of a rule. For an alarm, create rules on its state changes.

        Args:
            scope: the sender's scope, for the resources of this connection.
            sender: the rule or the alarm that sends.

        Returns:
            The target of a rule; none for an alarm, whose rules have it.
        """
        if sender.service != ALARMS:
            return [self._target(scope, words_of(sender, scope))]
        words = words_of(as_rule(sender), scope)
        on_alarm(scope, "Https", sender, {state: lambda: self._target(scope, words) for state in ("ALARM", "OK")})
        return ()

    def _target(self, scope: Construct, words: Words) -> Target:
        value = secret_value(self.secret, self.field)
        endpoint = Endpoint(
            kind="Https",
            url=self.url,
            authorization="API_KEY",
            parameters={"apiKeyAuthParameters": {"apiKeyName": self.header, "apiKeyValue": value}},
            different=(told_apart(self.url), self.header, self.field, told_apart(self.secret)),
            per_second=10,
        )
        filled = _filled(_DEFAULT if self.body is None else self.body, _values(words))
        return endpoint.target(scope, words.transformer(filled))


def _values(words: Words) -> dict[str, Any]:
    return {
        "title": words.title,
        "text": words.text,
        "key": words.key,
        "severity": words.severity.value if words.severity else "unknown",
        "first": words.first,
        "link": words.link or "",
        "details": dict(words.details),
        "event": Raw(WHOLE_EVENT),
    }


def _filled(body: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(body, dict):
        return {key: _filled(value, values) for key, value in body.items()}
    if isinstance(body, list | tuple):
        return [_filled(item, values) for item in body]
    place = _PLACE.fullmatch(body) if isinstance(body, str) else None
    return values[place[1]] if place else body


def _body_problems(body: object) -> Iterator[str]:
    if body is None:
        return
    try:
        json.dumps(body)
    except (TypeError, ValueError) as error:
        yield f"body needs an object of JSON, got {body!r}: {error}"
        return
    if not isinstance(body, dict) or not body:
        yield f"body needs an object of JSON with one key or more, got {body!r}"
    for value in _texts(body):
        places = _PLACE.findall(value)
        if places and not (_PLACE.fullmatch(value) and places[0] in _PARTS):
            known = ", ".join(f"<{part}>" for part in _PARTS)
            yield f"body has {value!r}: {known} must be a whole string, because values inside others are not escaped"


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
