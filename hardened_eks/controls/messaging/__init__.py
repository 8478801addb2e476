"""Messages: topics, queues, event buses and chats."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.messaging.chat_guardrail import chat_guardrail
    from hardened_eks.controls.messaging.event_bus_not_open import event_bus_not_open
    from hardened_eks.controls.messaging.queue_dead_letters import queue_dead_letters
    from hardened_eks.controls.messaging.queue_encrypted import queue_encrypted
    from hardened_eks.controls.messaging.queue_policy_safe import queue_policy_safe
    from hardened_eks.controls.messaging.rule_dead_letters import rule_dead_letters
    from hardened_eks.controls.messaging.subscription_not_http import subscription_not_http
    from hardened_eks.controls.messaging.topic_customer_key import topic_customer_key
    from hardened_eks.controls.messaging.topic_delivery_logged import topic_delivery_logged
    from hardened_eks.controls.messaging.topic_encrypted import topic_encrypted
    from hardened_eks.controls.messaging.topic_policy_not_public import topic_policy_not_public
    from hardened_eks.controls.messaging.topic_tagged import topic_tagged
    from hardened_eks.controls.messaging.topic_tls_only import topic_tls_only

MESSAGING = controls_of(
    __name__,
    "topic_encrypted",
    "topic_customer_key",
    "topic_tls_only",
    "topic_policy_not_public",
    "subscription_not_http",
    "topic_delivery_logged",
    "topic_tagged",
    "event_bus_not_open",
    "rule_dead_letters",
    "queue_encrypted",
    "queue_policy_safe",
    "queue_dead_letters",
    "chat_guardrail",
)

__all__ = [
    "MESSAGING",
    "chat_guardrail",
    "event_bus_not_open",
    "queue_dead_letters",
    "queue_encrypted",
    "queue_policy_safe",
    "rule_dead_letters",
    "subscription_not_http",
    "topic_customer_key",
    "topic_delivery_logged",
    "topic_encrypted",
    "topic_policy_not_public",
    "topic_tagged",
    "topic_tls_only",
]
