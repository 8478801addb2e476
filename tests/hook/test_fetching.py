"""How the payload comes: from Amazon S3 alone, again where it fails, and never without end."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from hardened_eks.hook.function import fetching
from hardened_eks.hook.function.fetching import PayloadError, fetch
from hardened_eks.hook.variables import SUFFIX

Answer = tuple[int, bytes]
PAYLOAD = {"template": "{}", "previousTemplate": "{}"}


class Server:
    """A stand-in for Amazon S3, where AWS_ENDPOINT_URL_S3 says that it is."""

    def __init__(self) -> None:
        self.answers: list[Answer | Callable[[BaseHTTPRequestHandler], None]] = []
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                answer = outer.answers.pop(0)
                if callable(answer):
                    answer(self)
                    return
                self.send_response(answer[0])
                self.end_headers()
                self.wfile.write(answer[1])

            def log_message(self, *arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    found = Server()
    thread = threading.Thread(target=found.server.serve_forever, args=(0.01,))
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", found.url)
    yield found
    found.server.shutdown()
    thread.join()
    found.server.server_close()


def got(server: Server, left: float = 20.0) -> dict[str, Any]:
    return fetch(f"{server.url}/b/k?X-Amz-Signature=secret", left=lambda: left, sleep=lambda _: None)


def why(server: Server, left: float = 20.0) -> str:
    with pytest.raises(PayloadError) as caught:
        got(server, left)
    assert "secret" not in str(caught.value)
    return str(caught.value)


def test_it_is_read_with_its_signature(s3: Server) -> None:
    s3.answers = [(200, json.dumps(PAYLOAD).encode())]
    assert got(s3) == PAYLOAD
    assert s3.asked == ["/b/k?X-Amz-Signature=secret"]


def test_it_is_asked_for_again_where_the_service_fails(s3: Server) -> None:
    s3.answers = [(503, b""), (500, b""), (200, json.dumps(PAYLOAD).encode())]
    assert got(s3) == PAYLOAD


def test_fails_after_three_attempts(s3: Server) -> None:
    s3.answers = [(503, b"")] * 3
    assert why(s3) == "the template cannot be read from 127.0.0.1: HTTP 503"
    assert len(s3.asked) == 3


def test_fails_at_once_where_it_is_refused(s3: Server) -> None:
    s3.answers = [(403, b"<Code>AccessDenied</Code>")]
    assert "HTTP 403" in why(s3)
    assert len(s3.asked) == 1


def test_fails_at_once_where_there_is_no_time_for_another(s3: Server) -> None:
    s3.answers = [(503, b"")]
    assert "HTTP 503" in why(s3, left=1.1)


def test_fails_where_nothing_comes(s3: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_ONCE", 0.1)
    s3.answers = [lambda _: time.sleep(0.5)]
    assert "timed out" in why(s3, left=1.0)


def test_fails_where_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    with pytest.raises(PayloadError, match="refused"):
        fetch(f"{url}/b/k", left=lambda: 0.1, sleep=lambda _: None)


@pytest.mark.parametrize(("raw", "words"), [
    (b"<xml/>", "not JSON"), (b"[]", "no template"), (b"{}", "no template"), (b'{"template": {}}', "no template"),
    (b"[" * 100_000, "not JSON"),
])  # fmt: skip
def test_fails_where_it_is_no_payload(s3: Server, raw: bytes, words: str) -> None:
    s3.answers = [(200, raw)]
    assert words in why(s3)


def test_an_answer_that_ends_too_early_is_asked_for_again(s3: Server) -> None:
    def short(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"{")

    s3.answers = [short, (200, json.dumps(PAYLOAD).encode())]
    assert got(s3) == PAYLOAD
    s3.answers = [short] * 3
    assert why(s3) == "the template cannot be read from 127.0.0.1: the response ends too early"


def test_the_signature_is_in_no_message(s3: Server) -> None:
    for path in ("b k?X-Amz-Signature=secret", "b\n?X-Amz-Signature=secret"):
        with pytest.raises(PayloadError) as caught:
            fetch(f"{s3.url}/{path}", left=lambda: 0.5, sleep=lambda _: None)
        assert "secret" not in str(caught.value)


def test_fails_where_it_is_endless(s3: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_BYTES", 2**20)
    s3.answers = [(200, b" " * (2**20 + 2))]
    assert why(s3) == "the payload has more than 1 MiB"


def test_a_redirect_leads_to_s3_alone(s3: Server) -> None:
    def elsewhere(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("Location", "http://169.254.169.254/latest/meta-data")
        handler.end_headers()

    s3.answers = [elsewhere]
    assert why(s3) == "the payload is at http://169.254.169.254, which is not Amazon S3"


HOSTS = [
    "bucket.s3.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com", "s3.amazonaws.com", "b.s3-eu-west-1.amazonaws.com",
    "bucket.vpce-0a1b-c.s3.eu-west-1.vpce.amazonaws.com", "b.s3.dualstack.eu-west-1.amazonaws.com",
]  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_hosts_of_s3(host: str) -> None:
    fetching._check(f"https://{host}/key?X-Amz-Signature=a")


def test_hosts_of_s3_in_china(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SUFFIX, "amazonaws.com.cn")
    fetching._check("https://b.s3.cn-north-1.amazonaws.com.cn/k")
    with pytest.raises(PayloadError):
        fetching._check("https://b.s3.amazonaws.com/k")


@pytest.mark.parametrize("url", [
    "http://bucket.s3.amazonaws.com/k", "https://evil.example/s3.amazonaws.com", "https://s3.amazonaws.com.evil.example/k",
    "https://s3.amazonaws.com@evil.example/k", "file:///etc/passwd", "https://sqs.eu-west-1.amazonaws.com/k", "", "x",
    "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next", "https://[::1/k", "ftp://s3.amazonaws.com/k",
])  # fmt: skip
def test_fails_elsewhere(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(PayloadError, match="which is not Amazon S3"):
        fetch(url, left=lambda: 5.0)
