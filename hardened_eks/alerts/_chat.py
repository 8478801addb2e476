"""Common parts of Slack and Teams: Amazon Q Developer in chat applications, formerly AWS Chatbot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_iam as iam

from hardened_eks import _aws, _owner
from hardened_eks._l1 import create
from hardened_eks._roles import document, role
from hardened_eks.alerts._channel import Target
from hardened_eks.alerts._given import offered
from hardened_eks.alerts._resources import topic
from hardened_eks.alerts._stack import StackAlerts
from hardened_eks.alerts._topic import every_sender
from hardened_eks.alerts._words import Raw, Words, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from hardened_eks.alerts._channel import Sender

_TYPES: Final = {
    "Slack": "AWS::Chatbot::SlackChannelConfiguration",
    "Teams": "AWS::Chatbot::MicrosoftTeamsChannelConfiguration",
}


def chat(
    scope: Construct,
    kind: str,
    different: tuple[str, ...],
    *,
    key: kms.IKey | None,
    configure: Callable[[Construct, dict[str, Any]], object],
) -> str:
    """Return the ARN of the stack's topic whose messages appear in a chat. The first use creates topic and chat.

    Args:
        scope: a construct in the stack.
        kind: kind of channel.
        different: strings that distinguish the channel from others of its kind.
        key: KMS key that encrypts messages. None: the stack's key for alerts.
        configure: function that creates the chat configuration in a scope, from the properties that both kinds share.
    """
    offered(scope, kind, _TYPES[kind])
    stack = StackAlerts.of(scope, key.key_arn if key else "")

    def make(own: Construct) -> str:
        _, arn = topic(own, key_arn=key.key_arn if key else stack.key_arn, admitted=every_sender())
        configure(
            own,
            {
                "configuration_name": name_of(own),
                "iam_role_arn": _role(own),
                "sns_topic_arns": [arn],
                "guardrail_policies": [_guardrail(own)],
                "logging_level": "ERROR",
                "user_role_required": True,
            },
        )
        return arn

    return stack.once(kind, different, make)


def name_of(scope: Construct) -> str:
    """Return a name for a configuration, which must be unique in the account."""
    return f"{_owner.stack_name()}-{scope.node.id}"


def _role(scope: Construct) -> str:
    trust = document(
        {
            "Principal": {"Service": "chatbot.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": _aws.account()}},
        }
    )
    made = role(scope, "Role", description="Show alerts in a chat; it may do nothing", trust=trust, aws_policies={})
    arn: str = made.attr_arn
    return arn


def _guardrail(scope: Construct) -> str:
    """Create the policy that limits commands from the chat. The default of AWS is AdministratorAccess.

    It must be a policy of the account. It denies everything, because alerts need no permission at all
    (https://docs.aws.amazon.com/chatbot/latest/adminguide/understanding-permissions.html).
    """
    made = create(
        iam.CfnManagedPolicy,
        scope,
        "Guardrail",
        description="Nobody does anything in AWS from the chat",
        policy_document=document({"Sid": "NoCommands", "Effect": "Deny", "Action": "*", "Resource": "*"}),
    )
    return made.ref


def shown(scope: Construct, kind: str, topic_arn: str, sender: Sender) -> Sequence[Target]:
    """Return a topic as the target of a sender. Chats can display alarms, but only some events."""
    if sender.service != "events.amazonaws.com":
        return [Target(id=kind, arn=topic_arn)]
    words = words_of(sender, scope)
    return [Target(id=kind, arn=topic_arn, properties={"inputTransformer": words.transformer(_notification(words))})]


def _notification(words: Words) -> dict[str, Any]:
    """Return a custom notification. Chats silently drop messages with another format.

    Source: https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
    """
    steps: list[Any] = [words.first] if words.first else []
    if words.link:
        steps.append(words.link)
    severity: list[Any] = [words.severity.value] if words.severity else []
    # A field that may contain quotes cannot be inside a string, so it is a keyword, and the text refers to the details.
    apart = [words.details[name] for name in words.hidden if name in words.details]
    content: dict[str, Any] = {"textType": "client-markdown", "title": words.title, "description": words.text}
    if steps:
        content["nextSteps"] = steps
    if severity or apart:
        content["keywords"] = [*severity, *apart]
    return {
        "version": "1.0",
        "source": "custom",
        "id": Raw('"<aws.events.rule-name>-<aws.events.event.ingestion-time>"'),
        "content": content,
        "metadata": {"threadId": words.key, "summary": words.title},
    }
