"""Input that `hardened-eks audit` cannot use, with the real SDK: one clear line each, and exit code 2."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hardened_eks.cli import group

REGION = "eu-west-1"
from tests.sources.account.credentials import take_away


class Sts(BaseHTTPRequestHandler):
    """Stands for STS, on this machine: answers with an error that a test chooses."""

    code, message = "ExpiredToken", "The security token included in the request is expired"

    def do_POST(self) -> None:
        body = (
            f"<ErrorResponse><Error><Code>{self.code}</Code><Message>{self.message}</Message></Error></ErrorResponse>"
        )
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    take_away(monkeypatch, tmp_path)


@pytest.fixture
def sts(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Sts]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sts)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    yield Sts
    server.shutdown()
    server.server_close()


def audit(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["audit", *arguments], catch_exceptions=False)


def line(result: Result) -> str:
    assert (result.exit_code, result.stdout) == (2, "")
    (one,) = result.stderr.splitlines()
    return one.removeprefix("error: ")


def test_no_credentials() -> None:
    assert line(audit("--region", REGION)).startswith("credentials: no AWS credentials were found: pass --profile")


def test_an_unknown_profile() -> None:
    assert line(audit("--profile", "nobody", "--region", REGION)).startswith(
        "--profile: the AWS configuration has no profile 'nobody'"
    )


def test_an_expired_token(sts: type[Sts]) -> None:
    assert line(audit("--region", REGION)) == "credentials: the credentials have expired; log in again (ExpiredToken)"


def test_credentials_that_are_refused(sts: type[Sts], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sts, "code", "InvalidClientTokenId")
    assert "AWS does not accept the credentials (InvalidClientTokenId)" in line(audit("--region", REGION))


def test_half_of_the_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    assert "no AWS credentials were found" in line(audit("--region", REGION))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no configuration [", "Unable to parse config file"),
        ("[default]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = gone\n", "gone"),
        ("[default]\ncredential_process = false\n", "Error when retrieving credentials"),
    ],
)
def test_a_configuration_that_cannot_be_used(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "config").write_text(text)
    assert words in line(audit("--region", REGION))
