"""The channel to Slack, through Amazon Q Developer in chat applications."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._kinds import key_argument_problems
from hardened_eks._l1 import create
from hardened_eks.alerts._channel import makes_nothing
from hardened_eks.alerts._chat import chat, shown
from hardened_eks.alerts._given import text_problems
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from hardened_eks.alerts._channel import Sender, Target

_WORKSPACE: Final = re.compile(r"T[0-9A-Z]{1,254}")
_CHANNEL: Final = re.compile(r"[CG][0-9A-Z]{1,255}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """A channel that shows alerts in a Slack channel.

    Authorize the workspace once in the console of Amazon Q Developer in chat applications, and invite the app into a
    private channel (``/invite @Amazon Q``). The configuration has a role without permissions and a guardrail that
    refuses every command. An account can configure each channel of Slack once, in all its Regions, so use it in one
    stack. AWS creates its error log, ``/aws/chatbot/<name>``, in us-east-1, and it never expires.

    Raises:
        ConfigurationError: an ID is malformed, or `encryption_key` is not a key. The error lists all mistakes.
    """

    workspace_id: str
    """ID of the workspace, ``T...``; shown in that console."""
    channel_id: str
    """ID of the channel, ``C...``, or ``G...`` for a private one: the end of the channel's link."""
    encryption_key: kms.IKey | None = None
    """KMS key that encrypts the messages; it must admit the services that send, see `Topic`. Default: the stack's key
    for alerts."""

    def __post_init__(self) -> None:
        """Check the arguments."""
        problems = Problems("alerts.Slack")
        problems.extend(text_problems("workspace_id", self.workspace_id, _WORKSPACE, "an ID such as T0123ABCD"))
        problems.extend(text_problems("channel_id", self.channel_id, _CHANNEL, "an ID such as C0123ABCD, not a name"))
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
        different = (self.workspace_id, self.channel_id)
        arn = chat(scope, "Slack", different, key=self.encryption_key, configure=self._configure)
        return shown(scope, "Slack", arn, sender)

    def _configure(self, scope: Construct, common: dict[str, Any]) -> None:
        from aws_cdk import aws_chatbot as chatbot

        create(
            chatbot.CfnSlackChannelConfiguration,
            scope,
            "Configuration",
            slack_workspace_id=self.workspace_id,
            slack_channel_id=self.channel_id,
            **common,
        )
