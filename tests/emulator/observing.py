"""What tests on the emulator use to put events in and to see messages come out.

Stand-ins for people and for the systems of others: nothing here is AWS's.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Protocol, TypeVar

ROUTE = "/stand-in/receiver"
"""Parameter of the emulated Parameter Store in which a `Receiver` says where it is."""
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

    def saying(self, *parts: str) -> list[str]:
        """Return the texts that have come and hold all of some parts."""
        return [m["Message"] for m in self.messages() if all(part in m["Message"] for part in parts)]

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


@dataclass(frozen=True)
class Request:
    """A request that arrived at the receiver; `host` is the one it was meant for."""

    host: str
    method: str
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: str

    @property
    def json(self) -> Any:
        """Body, parsed."""
        return json.loads(self.body)


class Receiver:
    """A local HTTP server that plays PagerDuty, ServiceNow, Zendesk and any other https endpoint, by the Host header.

    ``with Receiver(account) as receiver: ...`` It answers 202 to everything, and a token where the path has "oauth" in it.
    """

    def __init__(self, account: Clients) -> None:
        """Make it for an account; the emulator finds it by a parameter that a reset of the account removes."""
        self._account, self.requests = account, list[Request]()
        self._answers: dict[str, list[int]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    def answer(self, host: str, *statuses: int) -> None:
        """Answer with these statuses, one a request; the last one stays."""
        self._answers[host] = list(statuses)

    def of(self, host: str) -> list[Request]:
        """Return what has come for a host."""
        return [request for request in self.requests if request.host == host]

    def wait(self, host: str, count: int = 1) -> list[Request]:
        """Wait for `count` requests for a host."""
        return eventually(lambda: self.of(host), lambda found: len(found) >= count)

    def __enter__(self) -> Receiver:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._account.client("ssm").put_parameter(Name=ROUTE, Value=url, Type="String", Overwrite=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _take(self, request: Request) -> tuple[int, bytes]:
        self.requests.append(request)
        if "oauth" in request.path:
            return 200, json.dumps({"access_token": "a-token", "token_type": "Bearer", "expires_in": 3600}).encode()
        statuses = self._answers.get(request.host, [202])
        return (statuses.pop(0) if len(statuses) > 1 else statuses[0]), b"{}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        take = self._take

        class Handler(BaseHTTPRequestHandler):
            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, answer = take(Request(headers["host"], self.command, self.path, headers, body))
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_POST = do_PUT = do_PATCH = do_GET = _any

            def log_message(self, *_: object) -> None:
                """Keep the test's output quiet."""

        return Handler
