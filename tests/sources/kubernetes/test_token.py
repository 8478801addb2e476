"""Tokens of EKS: what is signed, for which cluster, by which STS."""

import base64
from urllib.parse import parse_qs, urlsplit

import botocore.session
import pytest
from botocore.credentials import Credentials

from hardened_eks.sources.kubernetes import ApiError
from hardened_eks.sources.kubernetes.token import EksToken


def session(credentials: bool = True) -> botocore.session.Session:
    made = botocore.session.Session()
    made._credentials = Credentials("AKIDEXAMPLE", "secret", "session-token") if credentials else None
    made.get_credentials = lambda: made._credentials  # type: ignore[method-assign]
    return made


def decoded(token: str) -> str:
    prefix, _, text = token.partition(".")
    assert prefix == "k8s-aws-v1"
    assert "=" not in text
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


@pytest.mark.parametrize(("region", "host"), [
    ("eu-west-1", "sts.eu-west-1.amazonaws.com"),
    ("cn-north-1", "sts.cn-north-1.amazonaws.com.cn"),
    ("us-gov-west-1", "sts.us-gov-west-1.amazonaws.com"),
    ("eusc-de-east-1", "sts.eusc-de-east-1.amazonaws.eu"),
])  # fmt: skip
def test_it_is_a_presigned_call_of_the_regions_sts(region: str, host: str) -> None:
    url = urlsplit(decoded(EksToken("payments", region, session=session())()))
    query = {key: value[0] for key, value in parse_qs(url.query).items()}
    assert (url.scheme, url.netloc, url.path) == ("https", host, "/")
    assert query["Action"] == "GetCallerIdentity"
    assert query["X-Amz-SignedHeaders"] == "host;x-k8s-aws-id"
    assert query["X-Amz-Expires"] == "60"
    assert f"/{region}/sts/aws4_request" in query["X-Amz-Credential"]
    assert query["X-Amz-Security-Token"] == "session-token"


def test_it_is_good_for_one_cluster() -> None:
    def signature(cluster: str) -> str:
        return parse_qs(urlsplit(decoded(EksToken(cluster, "eu-west-1", session=session())())).query)[
            "X-Amz-Signature"
        ][0]

    assert signature("payments") != signature("shop")


def test_nobody_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert EksToken("payments", "eu-west-1", session=session())()


def test_an_endpoint_for_tests_is_not_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    assert "sts.eu-west-1.amazonaws.com" in decoded(EksToken("payments", "eu-west-1", session=session())())


def test_fails_without_credentials() -> None:
    with pytest.raises(ApiError, match="no AWS credentials"):
        EksToken("payments", "eu-west-1", session=session(credentials=False))()
