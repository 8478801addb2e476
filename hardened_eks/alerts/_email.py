"""The e-mail channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hardened_eks._kinds import key_argument_problems
from hardened_eks.alerts._channel import makes_nothing
from hardened_eks.alerts._given import EMAIL, people_problems
from hardened_eks.alerts._people import subscribed, told
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from hardened_eks.alerts._channel import Sender, Target


@dataclass(frozen=True, slots=True, init=False)
class Email:
    """A channel that sends e-mails.

    Amazon SNS first sends each address a confirmation link, and no alerts until somebody follows it. Each e-mail
    contains a link to unsubscribe, which every recipient can use: use the address of a mailing list, and check the
    subscriptions regularly. Amazon SNS chooses the subject of the e-mails.
    """

    addresses: tuple[str, ...]
    """The recipients."""
    encryption_key: kms.IKey | None
    """The KMS key that encrypts the messages. None: the stack's key for alerts."""

    def __init__(self, *addresses: str, encryption_key: kms.IKey | None = None) -> None:
        """Create the channel.

        Args:
            *addresses: one or more e-mail addresses. The first one names the topic: keep it, and add others after it. A
                new first address creates a new topic, which all addresses must confirm again.
            encryption_key: KMS key that encrypts the messages; it must admit the services that send, see `Topic`.
                Default: a new key that the channels of the stack share.

        Raises:
            ConfigurationError: there is no address, one is malformed or occurs twice, or `encryption_key` is not a key.
                The error lists all mistakes.
        """
        problems = Problems("alerts.Email")
        such_as = "e-mail addresses such as on-call@example.com"
        problems.extend(people_problems("addresses", addresses, EMAIL, one="e-mail address", such_as=such_as))
        problems.extend(key_argument_problems("encryption_key", encryption_key, use="notifications"))
        problems.raise_any()
        object.__setattr__(self, "addresses", addresses)
        object.__setattr__(self, "encryption_key", encryption_key)

    @makes_nothing()
    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        """Return the stack's topic of these addresses as the target of a sender.

        Args:
            scope: the sender's scope, for the resources of this connection.
            sender: the rule or the alarm that sends.

        Returns:
            The topic.
        """
        arn = subscribed(scope, "Email", self.addresses, protocol="email", key=self.encryption_key)
        return [told(scope, "Email", arn, sender, whole=True)]
