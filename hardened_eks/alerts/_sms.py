"""The channel for text messages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from hardened_eks._kinds import key_argument_problems
from hardened_eks.alerts._channel import makes_nothing
from hardened_eks.alerts._given import PHONE, people_problems
from hardened_eks.alerts._people import subscribed, told
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from hardened_eks.alerts._channel import Sender, Target

_ROOM: Final = 100
"""Maximum characters of our text. The name of the topic and the time take the rest of the 140 bytes of one message
(https://docs.aws.amazon.com/sns/latest/dg/sms_sms-to-phone.html)."""
_PLACE: Final = re.compile(r"<[\w.-]+>")


@dataclass(frozen=True, slots=True, init=False)
class Sms:
    """A channel that sends text messages of 140 bytes with severity, event and time, but without further details.

    Use it only for critical alerts. A new account is in the SMS sandbox, sends only to verified numbers and may spend
    one dollar per month; some countries require a registered origination identity; and Amazon SNS sends SMS only from
    some Regions (https://docs.aws.amazon.com/sns/latest/dg/sns-supported-regions-countries.html). CloudFormation cannot
    change these settings. Set the account's message type to Transactional, which carriers prefer:
    ``aws sns set-sms-attributes --attributes DefaultSMSType=Transactional``.
    """

    numbers: tuple[str, ...]
    """The phone numbers of the recipients."""
    encryption_key: kms.IKey | None
    """The KMS key that encrypts the messages. None: the stack's key for alerts."""

    def __init__(self, *numbers: str, encryption_key: kms.IKey | None = None) -> None:
        """Create the channel.

        Args:
            *numbers: one or more telephone numbers in E.164 format: ``+``, country code, number, no spaces.
            encryption_key: KMS key that encrypts the messages; it must admit the services that send, see `Topic`.
                Default: a new key that the channels of the stack share.

        Raises:
            ConfigurationError: there is no number, one is malformed or occurs twice, or `encryption_key` is not a key.
                The error lists all mistakes.
        """
        problems = Problems("alerts.Sms")
        such_as = "telephone numbers such as +4915112345678"
        problems.extend(people_problems("numbers", numbers, PHONE, one="telephone number", such_as=such_as))
        problems.extend(key_argument_problems("encryption_key", encryption_key, use="notifications"))
        problems.raise_any()
        object.__setattr__(self, "numbers", numbers)
        object.__setattr__(self, "encryption_key", encryption_key)

    @makes_nothing()
    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        """Return the stack's topic of these numbers as the target of a sender.

        Args:
            scope: the sender's scope, for the resources of this connection.
            sender: the rule or the alarm that sends.

        Returns:
            The topic.
        """
        arn = subscribed(scope, "Sms", self.numbers, protocol="sms", key=self.encryption_key)
        if not sender.text:
            return [told(scope, "Sms", arn, sender)]
        fields = {**sender.fields, "sms_when": "$.time"}
        short = replace(sender, text=f"{_short(sender)} <sms_when>", title="", fields=fields)
        return [told(scope, "Sms", arn, short)]


def _short(sender: Sender) -> str:
    """Return the headline, or as much of the text as fits. A placeholder is never cut."""
    if sender.title:
        return sender.title if _PLACE.search(sender.title) else sender.title[:_ROOM]
    return _PLACE.sub("...", sender.text)[:_ROOM]
