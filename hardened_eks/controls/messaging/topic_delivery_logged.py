from collections.abc import Iterator

from hardened_eks.controls.messaging._policies import TOPIC
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_SUBSCRIPTION = "AWS::SNS::Subscription"


@control(
    id="MQ-06",
    title="Deliveries of topics are logged, and failed messages are kept",
    requirement="sns.delivery_logging",
    types=(TOPIC, _SUBSCRIPTION),
    needs="assembly",
    severity=Severity.LOW,
    why="Otherwise an alert that could not be delivered is lost, and nobody learns that it existed.",
    fix=(
        "Set DeliveryStatusLogging with a FailureFeedbackRoleArn on the topic, and a RedrivePolicy with a dead-letter "
        "queue on the subscription."
    ),
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html",
    blind=(
        "Whether anybody reads the dead-letter queue, which email and SMS subscriptions can have as well. A topic "
        "that has only email subscriptions has no delivery status logging and passes."
    ),
    enforced_by="BreakGlassRole",
)
def topic_delivery_logged(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == _SUBSCRIPTION:
        if resource.get("RedrivePolicy") in (None, ""):
            yield Problem("messages that cannot be delivered are dropped", "RedrivePolicy")
        return
    for index, item in enumerate(resource.items("Subscription")):
        if isinstance(item, dict):
            yield Problem("an inline subscription cannot have a dead-letter queue", f"Subscription.{index}")
    protocols = {str(s.get("Protocol", "")) for s in assembly.referring(resource, _SUBSCRIPTION)}
    if protocols and protocols <= {"email", "email-json"}:
        return
    if not resource.items("DeliveryStatusLogging"):
        yield Problem("the outcome of deliveries is not logged", "DeliveryStatusLogging")
