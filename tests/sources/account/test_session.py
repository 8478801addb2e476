"""Credentials, profiles, roles and Regions that cannot be used: one clear line each."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import boto3
import pytest
from botocore.exceptions import TokenRetrievalError
from botocore.session import Session as Core
from botocore.stub import Stubber

from hardened_eks.sources import UnusableInputError
from hardened_eks.sources.account.session import Session
from tests.sources.account.credentials import take_away


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    take_away(monkeypatch, tmp_path)


def stubbed(monkeypatch: pytest.MonkeyPatch, operation: str, code: str, message: str = "") -> None:
    """Make STS answer with an error, by botocore's Stubber."""
    client = boto3.client("sts", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    stubber = Stubber(client)
    stubber.add_client_error(operation, service_error_code=code, service_message=message)
    stubber.activate()
    monkeypatch.setattr(Core, "create_client", lambda self, *args, **more: client)


def problem(ask: Any) -> str:
    with pytest.raises(UnusableInputError) as found:
        ask()
    (one,) = found.value.problems
    assert "\n" not in str(one)
    return str(one)


def test_no_credentials() -> None:
    assert problem(Session().identity) == (
        "credentials: no AWS credentials were found: pass --profile, set AWS_PROFILE, or log in"
    )


def test_an_unknown_profile_names_those_that_there_are(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile audit]\nregion = eu-west-1\n")
    assert problem(lambda: Session("nobody")) == (
        "--profile: the AWS configuration has no profile 'nobody'; its profiles: audit"
    )
    assert Session("audit").default_region == "eu-west-1"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ExpiredToken", "the credentials have expired; log in again (ExpiredToken)"),
        ("InvalidClientTokenId", "AWS does not accept the credentials (InvalidClientTokenId)"),
        ("AccessDenied", "AWS rejected the call: no (AccessDenied)"),
    ],
)
def test_credentials_that_aws_refuses(monkeypatch: pytest.MonkeyPatch, code: str, words: str) -> None:
    stubbed(monkeypatch, "get_caller_identity", code, "no")
    assert words in problem(Session().identity)


class DoubleOfSts(BaseHTTPRequestHandler):
    """Stands for STS, on this machine: refuses a role named closed; the credentials of others soon run out."""

    asked: list[str] = []

    def do_POST(self) -> None:
        given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        (action,) = given["Action"]
        self.asked.append(action)
        account, status = "444455556666", 200
        soon = (datetime.now(UTC) + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
        if given.get("RoleArn", [""])[0].endswith("/closed"):
            status = 403
            inner = (
                "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not for you</Message></Error></ErrorResponse>"
            )
        elif action == "AssumeRole":
            keys = f"<AccessKeyId>a</AccessKeyId><SecretAccessKey>b</SecretAccessKey><SessionToken>c</SessionToken><Expiration>{soon}</Expiration>"
            inner = f"<AssumeRoleResponse><AssumeRoleResult><Credentials>{keys}</Credentials></AssumeRoleResult></AssumeRoleResponse>"
        else:
            told = (
                f"<Account>{account}</Account><Arn>arn:aws:sts::{account}:assumed-role/audit/x</Arn><UserId>u</UserId>"
            )
            inner = f"<GetCallerIdentityResponse><GetCallerIdentityResult>{told}</GetCallerIdentityResult></GetCallerIdentityResponse>"
        self.send_response(status)
        self.send_header("Content-Length", str(len(inner)))
        self.end_headers()
        self.wfile.write(inner.encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def sts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    DoubleOfSts.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), DoubleOfSts)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    yield DoubleOfSts.asked
    server.shutdown()
    server.server_close()


def test_a_role_that_cannot_be_assumed(sts: list[str]) -> None:
    role = "arn:aws:iam::444455556666:role/closed"
    assert problem(lambda: Session().identity(role)) == "--role-arn: AWS rejected the call: not for you (AccessDenied)"
    assert problem(lambda: Session().identity(role, external="--organization-role")).startswith("--organization-role: ")


def test_a_role_is_assumed_anew_when_its_credentials_run_out(sts: list[str]) -> None:
    identity = Session().identity("arn:aws:iam::444455556666:role/audit")
    assert identity.account == "444455556666"
    before = sts.count("AssumeRole")
    identity.clients.get("sts", "eu-west-1").get_caller_identity()
    assert before >= 1
    assert identity.clients.get("sts", "eu-west-1").meta.config.retries["mode"] == "adaptive"
    assert sts.count("AssumeRole") > before


def test_a_role_without_credentials_to_assume_it() -> None:
    assert "no AWS credentials" in problem(lambda: Session().identity("arn:aws:iam::444455556666:role/audit"))


def test_a_session_of_the_profile_that_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    class Client:
        def get_caller_identity(self) -> None:
            raise TokenRetrievalError(provider="sso", error_msg="Token has expired and refresh failed")

    monkeypatch.setattr(Core, "create_client", lambda self, *args, **more: Client())
    assert "log in again with `aws sso login`" in problem(Session().identity)


@pytest.mark.parametrize("role", ["audit", "arn:aws:iam::1:role/x", "arn:aws:iam::111122223333:user/x"])
def test_what_is_no_role(role: str) -> None:
    assert "expected the ARN of a role" in problem(lambda: Session().identity(role))


@pytest.mark.parametrize(
    ("region", "words"),
    [
        ("mars-1", "is not a Region"),
        ("eu-west", "is not a Region"),
        ("", "is not a Region"),
        ("cn-north-1", "is not a Region"),
    ],
)
def test_a_region_without_eks(region: str, words: str) -> None:
    (one,) = Session().wrong_regions([region, "eu-west-1"], "aws")
    assert words in str(one)


def test_a_region_that_is_newer_than_the_sdk_is_asked() -> None:
    assert Session().wrong_regions(["eu-south-9", "us-east-1"], "aws") == []
    assert Session().wrong_regions(["cn-north-1"], "aws-cn") == []
