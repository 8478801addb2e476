"""The policies of topics and queues, which are separate resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource

TOPIC: Final = "AWS::SNS::Topic"
QUEUE: Final = "AWS::SQS::Queue"
_WHERE: Final = {
    TOPIC: (("AWS::SNS::TopicPolicy", "Topics"), ("AWS::SNS::TopicInlinePolicy", "TopicArn")),
    QUEUE: (("AWS::SQS::QueuePolicy", "Queues"), ("AWS::SQS::QueueInlinePolicy", "Queue")),
}
POLICIES: Final = {owner: tuple(type_ for type_, _ in pairs) for owner, pairs in _WHERE.items()}


def policies_of(owner: Resource, assembly: Assembly) -> Iterator[Resource]:
    """Yield the policies that are attached to a topic or queue of the assembly."""
    for type_, path in _WHERE[owner.type]:
        for policy in assembly.referring(owner, type_):
            if any(assembly.target(value, owner.type, near=policy) is owner for value in policy.items(path)):
                yield policy
