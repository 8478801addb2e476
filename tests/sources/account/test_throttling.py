"""What AWS throttles is asked again, more slowly, by the real SDK; what it throttles for good is not seen."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.config import Config

from hardened_eks.sources.account import sdk
from hardened_eks.sources.account.asking import Asker, Clients

ACCOUNT, REGION = "111122223333", "eu-west-1"


class Eks(BaseHTTPRequestHandler):
    """Stands for EKS, on this machine: throttles some requests, then answers."""

    throttled = 0
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        late = self.asked <= self.throttled
        body = json.dumps({"message": "Rate exceeded"} if late else {"clusters": ["payments"]}).encode()
        self.send_response(429 if late else 200)
        if late:
            self.send_header("x-amzn-errortype", "ThrottlingException")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def eks(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Eks]]:
    monkeypatch.setattr(Eks, "asked", 0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Eks)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_EKS", f"http://127.0.0.1:{server.server_port}")
    yield Eks
    server.shutdown()
    server.server_close()


def asker(other: Config | None = None) -> Asker:
    session = sdk.session()
    session.set_credentials("a", "b")
    settings = sdk.settings(session)

    def make(service: str, region: str) -> Any:
        return session.create_client(service, region_name=region, config=settings.merge(other) if other else settings)

    return Asker(Clients(make), ACCOUNT, REGION)


def test_it_is_asked_again(eks: type[Eks], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eks, "throttled", 2)
    asking = asker()
    assert asking.pages("eks:ListClusters", "clusters") == ["payments"]
    assert (asking.refusals, eks.asked) == ([], 3)


def test_what_is_throttled_for_good_is_not_seen(eks: type[Eks], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eks, "throttled", 1_000)
    asking = asker(Config(retries={"mode": "adaptive", "total_max_attempts": 2}))
    assert asking.pages("eks:ListClusters", "clusters") == []
    assert [one.code for one in asking.refusals] == ["ThrottlingException"]
    assert eks.asked == 2
