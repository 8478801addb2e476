"""What tests on the emulator use to put events in and to see messages come out.

Stand-ins for people and for the systems of others: nothing here is AWS's.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

INJECTED = "Root=stand-in"
"""The trace header that lets an event of an ``aws.*`` source in: PutEvents refuses it, only AWS's services send such."""

T = TypeVar("T")


class Clients(Protocol):
    """What the fixtures `account` and `deployed` are."""

    def client(self, service: str) -> Any: ...


def eventually(look: Callable[[], T], wanted: Callable[[T], Any] = bool, seconds: float = 10) -> T:
    """Return what `look` sees as soon as it is `wanted`.

    Raises:
        AssertionError: It was not within `seconds`; the last thing seen is in the message.
    """
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if wanted(seen):
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s; seen last: {seen!r}")
        time.sleep(0.05)


def observe(account: Clients, event: dict[str, Any]) -> str:
    """Put an event in the shape in which a target gets it on the default bus; return the id that the emulator gives."""
    entry = {
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
        "Resources": event.get("resources", []),
        "TraceHeader": INJECTED,
    }
    answer = account.client("events").put_events(Entries=[entry])
    assert answer["FailedEntryCount"] == 0, answer
    return str(answer["Entries"][0]["EventId"])


def write(account: Clients, group: str, *lines: str, ago: float = 0, stream: str = "kube-apiserver-audit-1") -> None:
    """Write log events into a log group, `ago` seconds in the past; the stream is made."""
    logs = account.client("logs")
    try:
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
    except logs.exceptions.ResourceAlreadyExistsException:
        pass
    at = int((time.time() - ago) * 1000)
    events = [{"timestamp": at, "message": line} for line in lines]
    logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)


class Inbox:
    """A queue that stands in for the person or the chat behind a topic."""

    def __init__(self, account: Clients, topic: str) -> None:
        """Subscribe a new queue to the topic of that ARN."""
        self._sqs, name = account.client("sqs"), f"inbox-{time.monotonic_ns()}"
        self.url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = self._sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        account.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        self.seen: list[dict[str, Any]] = []

    def messages(self) -> list[dict[str, Any]]:
        """Return everything that has come so far, oldest first, as SNS wraps it: Message, Subject, TopicArn ..."""
        self.seen += [json.loads(body) for body in drain(self._sqs, self.url)]
        return self.seen

    def wait(self, count: int = 1) -> list[dict[str, Any]]:
        """Wait for `count` messages."""
        return eventually(self.messages, lambda found: len(found) >= count)


def drain(sqs: Any, url: str) -> list[str]:
    """Return the bodies of all messages of a queue, and delete them."""
    return [message["Body"] for message in drain_whole(sqs, url)]


def drain_whole(sqs: Any, url: str) -> list[dict[str, Any]]:
    """Return all messages of a queue with their attributes, and delete them."""
    found: list[dict[str, Any]] = []
    while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]).get(
        "Messages"
    ):
        found += batch
        for message in batch:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found
