"""The channel to Microsoft Teams, through Amazon Q Developer in chat applications."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from hardened_eks._kinds import key_argument_problems
from hardened_eks._l1 import create
from hardened_eks._tokens import is_literal
from hardened_eks.alerts._channel import makes_nothing
from hardened_eks.alerts._chat import chat, shown
from hardened_eks.alerts._given import text_problems
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from hardened_eks.alerts._channel import Sender, Target

_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_CHANNEL: Final = re.compile(r"19(?::|%3[aA])[\w=+/.,-]+(?:@|%40)thread\.(?:tacv2|skype)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Teams:
    """A channel that shows alerts in a Microsoft Teams channel.

    Authorize the tenant once in the console of Amazon Q Developer in chat applications, and add the app *Amazon Q
    Developer* to the team. All three IDs are in the channel's link (*Get link to channel*). The configuration has a
    role without permissions and a guardrail that refuses every command.

    Raises:
        ConfigurationError: an ID is malformed, or `encryption_key` is not a key. The error lists all mistakes.
    """

    tenant_id: str
    """ID of the tenant, a UUID: ``tenantId=`` in the link."""
    team_id: str
    """ID of the team, a UUID: ``groupId=`` in the link."""
    channel_id: str
    """ID of the channel from the link, ``19%3a...%40thread.tacv2``, or decoded, ``19:...@thread.tacv2``."""
    encryption_key: kms.IKey | None = None
    """KMS key that encrypts the messages; it must admit the services that send, see `Topic`. Default: the stack's key
    for alerts."""

    def __post_init__(self) -> None:
        """Check the arguments."""
        problems = Problems("alerts.Teams")
        uuid = "a UUID such as 12345678-90ab-cdef-1234-567890abcdef"
        problems.extend(text_problems("tenant_id", self.tenant_id, _UUID, uuid))
        problems.extend(text_problems("team_id", self.team_id, _UUID, uuid))
        channel = "an ID such as 19%3aab12%40thread.tacv2, from the channel's link"
        problems.extend(text_problems("channel_id", self.channel_id, _CHANNEL, channel))
        problems.extend(key_argument_problems("encryption_key", self.encryption_key, use="notifications"))
        problems.raise_any()

    @makes_nothing()
    def connect(self, scope: Construct, sender: Sender) -> Sequence[Target]:
        """Return the stack's topic of this channel as the target of a sender.

        Args:
            scope: the sender's scope, for the resources of this connection.
            sender: the rule or the alarm that sends.

        Returns:
            The topic.
        """
        different = (self.tenant_id, self.team_id, self.channel_id)
        arn = chat(scope, "Teams", different, key=self.encryption_key, configure=self._configure)
        return shown(scope, "Teams", arn, sender)

    def _configure(self, scope: Construct, common: dict[str, Any]) -> None:
        from aws_cdk import aws_chatbot as chatbot

        encoded = self.channel_id if "%" in self.channel_id else quote(self.channel_id, safe="=+/.,-_")
        create(
            chatbot.CfnMicrosoftTeamsChannelConfiguration,
            scope,
            "Configuration",
            teams_tenant_id=self.tenant_id,
            team_id=self.team_id,
            teams_channel_id=encoded if is_literal(self.channel_id) else self.channel_id,
            **common,
        )
