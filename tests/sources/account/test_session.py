"""Credentials, profiles, roles and Regions that cannot be used: one clear line each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import TokenRetrievalError
from botocore.stub import Stubber

from hardened_eks.sources import UnusableInputError
from hardened_eks.sources.account import session as module
from hardened_eks.sources.account.session import Session


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials of this machine, and no way to ask it for some."""
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION",
                 "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def stubbed(monkeypatch: pytest.MonkeyPatch, operation: str, code: str, message: str = "") -> None:
    """Make STS answer with an error, by botocore's Stubber."""
    client = boto3.client("sts", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    stubber = Stubber(client)
    stubber.add_client_error(operation, service_error_code=code, service_message=message)
    stubber.activate()
    monkeypatch.setattr(module.boto3.Session, "client", lambda self, *args, **more: client)


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
        "--profile: there is no profile 'nobody' in the AWS configuration, there are: audit"
    )
    assert Session("audit").default_region == "eu-west-1"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ExpiredToken", "the credentials have expired, log in again (ExpiredToken)"),
        ("InvalidClientTokenId", "AWS does not accept the credentials (InvalidClientTokenId)"),
        ("AccessDenied", "AWS refuses: no (AccessDenied)"),
    ],
)
def test_credentials_that_aws_refuses(monkeypatch: pytest.MonkeyPatch, code: str, words: str) -> None:
    stubbed(monkeypatch, "get_caller_identity", code, "no")
    assert words in problem(Session().identity)


def test_a_role_that_cannot_be_assumed(monkeypatch: pytest.MonkeyPatch) -> None:
    stubbed(monkeypatch, "assume_role", "AccessDenied", "not for you")
    role = "arn:aws:iam::111122223333:role/audit"
    assert problem(lambda: Session().identity(role)) == "--role-arn: AWS refuses: not for you (AccessDenied)"


def test_a_session_of_the_profile_that_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    class Client:
        def get_caller_identity(self) -> None:
            raise TokenRetrievalError(provider="sso", error_msg="Token has expired and refresh failed")

    monkeypatch.setattr(module.boto3.Session, "client", lambda self, *args, **more: Client())
    assert "log in again with `aws sso login`" in problem(Session().identity)


@pytest.mark.parametrize("role", ["audit", "arn:aws:iam::1:role/x", "arn:aws:iam::111122223333:user/x"])
def test_what_is_no_role(role: str) -> None:
    assert "expected the ARN of a role" in problem(lambda: Session().identity(role))


@pytest.mark.parametrize(
    ("region", "words"),
    [("mars-1", "is no Region"), ("eu-west", "is no Region"), ("", "is no Region"), ("cn-north-1", "is no Region")],
)
def test_a_region_without_eks(region: str, words: str) -> None:
    (one,) = Session().wrong_regions([region, "eu-west-1"], "aws")
    assert words in str(one)


def test_a_region_that_is_newer_than_the_sdk_is_asked() -> None:
    assert Session().wrong_regions(["eu-south-9", "us-east-1"], "aws") == []
    assert Session().wrong_regions(["cn-north-1"], "aws-cn") == []
