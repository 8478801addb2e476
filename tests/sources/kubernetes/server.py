"""A real HTTPS server that answers as a Kubernetes API has answered: recorded bodies, statuses and failures."""

from __future__ import annotations

import json
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

_AUTHORITY = """\
[req]
distinguished_name = name
x509_extensions = extensions
prompt = no
[name]
CN = kubernetes
[extensions]
basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = none
authorityKeyIdentifier = none
"""


@dataclass(frozen=True)
class Certificates:
    """An authority as EKS makes them, without key identifiers, and a server's certificate by it."""

    authority: str
    chain: Path
    key: Path


def make_certificates(directory: Path, *names: str) -> Certificates:
    """Make both with OpenSSL's command, which every system has that can run these tests."""

    def run(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True, timeout=60)

    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    (directory / "ca.cnf").write_text(_AUTHORITY)
    run("req", "-x509", *curve, "-days", "2", "-config", "ca.cnf", "-keyout", "ca.key", "-out", "ca.pem")
    (directory / "names").write_text("subjectAltName=" + ",".join(names))
    run(
        "req", "-new", *curve, "-config", "ca.cnf", "-subj", "/CN=server", "-keyout", "server.key", "-out", "server.csr"
    )
    run(
        "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "1", "-days", "2",
        "-extfile", "names", "-out", "server.pem",
    )  # fmt: skip
    return Certificates((directory / "ca.pem").read_text(), directory / "server.pem", directory / "server.key")


@dataclass
class Asked:
    """A request that came in."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Said:
    """An answer: JSON unless it is bytes."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    behave: Callable[[BaseHTTPRequestHandler, bytes], None] | None = None
    """Writes the body instead: slowly, or not all of it."""


Answers = Callable[[Asked], Said]


@dataclass
class RecordedApi:
    """The server, and what it was asked."""

    url: str
    authority: str
    asked: list[Asked]
    answers: Answers


@contextmanager
def serving(certificates: Certificates, answers: Answers) -> Iterator[RecordedApi]:
    """Answer on a free port of the loopback interface."""
    asked: list[Asked] = []
    api = RecordedApi("", certificates.authority, asked, answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(url.query).items()}
            one = Asked(url.path, query, {key.lower(): value for key, value in self.headers.items()})
            asked.append(one)
            said = api.answers(one)
            body = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
            self.send_response(said.status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                **said.headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                if said.behave is None:
                    self.wfile.write(body)
                else:
                    said.behave(self, body)
            except OSError:
                self.close_connection = True  # the client left

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # a client that does not trust the certificate

        def get_request(self) -> Any:
            connection, address = self.socket.accept()
            connection.settimeout(30)
            wrapped = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
            return wrapped, address

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.chain, certificates.key)
    server = Server(("127.0.0.1", 0), Handler)
    api.url = f"https://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()


def paged(items: list[Any], *, size: int | None = None) -> Answers:
    """Answer with pages of a list, as an API server does."""

    def answer(asked: Asked) -> Said:
        limit = min(int(asked.query.get("limit", len(items) or 1)), size or 10**9)
        start = int(asked.query.get("continue", "0"))
        end = start + limit
        metadata = {"resourceVersion": "1", **({"continue": str(end)} if end < len(items) else {})}
        return Said({"kind": "List", "metadata": metadata, "items": items[start:end]})

    return answer


def status(code: int, message: str, **headers: str) -> Said:
    """Answer as the API server refuses."""
    body = {"kind": "Status", "status": "Failure", "message": message, "code": code}
    return Said(body, code, headers)
