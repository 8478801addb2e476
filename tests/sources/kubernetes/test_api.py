"""The reader of a live Kubernetes API, against a real HTTPS server with recorded answers."""

from __future__ import annotations

import base64
import gc
import itertools
import ssl
import time
import tracemalloc
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from hardened_eks.sources.kubernetes import Api, ApiError
from tests.sources.kubernetes.server import (
    Answers,
    Asked,
    Certificates,
    RecordedApi,
    Said,
    make_certificates,
    paged,
    serving,
    status,
)

PODS = "/api/v1/pods"
Served = Callable[[Answers], RecordedApi]


@pytest.fixture
def served(certificates: Certificates) -> Iterator[Served]:
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield lambda answers: stack.enter_context(serving(certificates, answers))


def reader(api: RecordedApi, **arguments: Any) -> Api:
    waits: list[float] = []
    given = {"token": lambda: "k8s-aws-v1.SECRET", "sleep": waits.append, **arguments}
    made = Api(api.url, certificate_authority=api.authority, **given)
    made.waits = waits  # type: ignore[attr-defined]
    return made


def in_turn(*answers: Answers | Said) -> Answers:
    """Answer each request with the next; the last one stays."""
    left = list(answers)

    def answer(asked: Asked) -> Said:
        one = left.pop(0) if len(left) > 1 else left[0]
        return one(asked) if callable(one) else one

    return answer


def pods(number: int) -> list[dict[str, Any]]:
    return [{"metadata": {"name": f"pod-{n}"}} for n in range(number)]


def names(items: list[dict[str, Any]]) -> list[str]:
    return [item["metadata"]["name"] for item in items]


def test_a_list_is_read_in_pages_with_a_bearer_token(served: Served) -> None:
    api = served(paged(pods(1201)))
    assert names(reader(api).all(PODS)) == [f"pod-{n}" for n in range(1201)]
    assert [one.query for one in api.asked] == [
        {"limit": "500"}, {"limit": "500", "continue": "500"}, {"limit": "500", "continue": "1000"},
    ]  # fmt: skip
    assert {one.headers["authorization"] for one in api.asked} == {"Bearer k8s-aws-v1.SECRET"}
    assert {one.headers["accept"] for one in api.asked} == {"application/json"}


def test_names_alone_are_asked_for(served: Served) -> None:
    api = served(paged(pods(1)))
    reader(api).all("/api/v1/namespaces", names_only=True)
    assert api.asked[0].headers["accept"] == "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"


def test_a_token_is_made_for_each_request(served: Served) -> None:
    api = served(paged(pods(3), size=1))
    tokens = (f"token-{n}" for n in itertools.count())
    reader(api, token=lambda: next(tokens)).all(PODS)
    assert [one.headers["authorization"] for one in api.asked] == ["Bearer token-0", "Bearer token-1", "Bearer token-2"]


class TestTls:
    def test_an_authority_as_eks_makes_it_is_taken_by_a_python_that_is_strict(
        self, served: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        default = ssl.create_default_context

        def strict(*args: Any, **kwargs: Any) -> ssl.SSLContext:  # as Python 3.13 and later make it
            context = default(*args, **kwargs)
            context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
            return context

        monkeypatch.setattr(ssl, "create_default_context", strict)
        assert names(reader(served(paged(pods(1)))).all(PODS)) == ["pod-0"]

    def test_fails_with_another_authority(self, served: Served, tmp_path: Path) -> None:
        api = served(paged(pods(1)))
        api.authority = make_certificates(tmp_path, "IP:127.0.0.1").authority
        with pytest.raises(ApiError, match="CERTIFICATE_VERIFY_FAILED"):
            reader(api).all(PODS)
        assert api.asked == []

    def test_fails_with_another_name(self, tmp_path: Path) -> None:
        with serving(make_certificates(tmp_path, "DNS:elsewhere.example"), paged(pods(1))) as api:
            with pytest.raises(ApiError, match="IP address mismatch"):
                reader(api).all(PODS)
            assert api.asked == []

    @pytest.mark.parametrize("endpoint", ["http://127.0.0.1", "127.0.0.1:443", "https://"])
    def test_fails_without_https(self, endpoint: str, certificates: Certificates) -> None:
        with pytest.raises(ApiError, match="needs https://"):
            Api(endpoint, certificate_authority=certificates.authority, token=str)

    def test_fails_with_no_certificate(self) -> None:
        with pytest.raises(ApiError, match="is not a certificate"):
            Api("https://localhost", certificate_authority="-----BEGIN", token=str)


class TestExpiredLists:
    def test_start_anew_and_are_never_mixed(self, served: Served) -> None:
        old, new = paged([{"metadata": {"name": "gone"}}, *pods(3)], size=2), paged(pods(3), size=2)
        api = served(in_turn(old, status(410, "The provided continue parameter is too old"), new))
        assert names(reader(api).all(PODS)) == ["pod-0", "pod-1", "pod-2"]

    def test_fails_when_they_expire_again_and_again(self, served: Served) -> None:
        page = paged(pods(3), size=2)
        api = served(lambda asked: status(410, "too old") if "continue" in asked.query else page(asked))
        with pytest.raises(ApiError, match="the list expired 4 times") as caught:
            reader(api).all(PODS)
        assert caught.value.status == 410
        assert len(api.asked) == 8


class TestRefusals:
    def test_403_is_tried_again_then_told_with_the_way_out(self, served: Served) -> None:
        api = served(in_turn(status(403, 'pods is forbidden: User "arn" cannot list resource "pods"')))
        made = reader(api)
        with pytest.raises(ApiError, match=r"/api/v1/pods: 403 pods is forbidden.*apply the ClusterRole") as caught:
            made.all(PODS)
        assert caught.value.status == 403
        assert len(api.asked) == 4
        assert made.waits == [1.0, 2.0, 4.0]  # type: ignore[attr-defined]
        assert "SECRET" not in str(caught.value)

    @pytest.mark.parametrize("first", [401, 403, 429, 500, 502, 503, 504])
    def test_what_passes_is_tried_again(self, served: Served, first: int) -> None:
        api = served(in_turn(status(first, "not now"), paged(pods(1))))
        assert names(reader(api).all(PODS)) == ["pod-0"]

    def test_the_server_says_how_long_to_wait(self, served: Served) -> None:
        late = status(429, "later", **{"Retry-After": "3"})
        made = reader(served(in_turn(late, status(429, "much later", **{"Retry-After": "600"}), paged(pods(1)))))
        made.all(PODS)
        assert made.waits == [3.0, 10.0]  # type: ignore[attr-defined]

    @pytest.mark.parametrize(("code", "words"), [(404, "does not have this API"), (400, "400 no"), (302, "302 no")])
    def test_what_does_not_pass_is_told_at_once(self, served: Served, code: int, words: str) -> None:
        api = served(in_turn(status(code, "no", Location="https://elsewhere.example/")))
        with pytest.raises(ApiError, match=words):
            reader(api).all(PODS)
        assert len(api.asked) == 1

    @pytest.mark.parametrize(
        "body", [b"<html>", b"[]", b'{"items": 5, "metadata": {}}', b'{"items": []}', b"[" * 10**5]
    )
    def test_fails_with_what_is_no_list(self, served: Served, body: bytes) -> None:
        with pytest.raises(ApiError, match=r"the response is (not JSON|not an object|not a list)"):
            reader(served(in_turn(Said(body)))).all(PODS)


def slow(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    time.sleep(1.5)
    handler.wfile.write(body)


def dripping(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    for number in range(40):
        handler.wfile.write(body[number : number + 1])
        time.sleep(0.05)


def cut(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.wfile.write(body[:10])
    handler.close_connection = True


class TestTime:
    @pytest.mark.parametrize(
        ("behave", "words"), [(slow, "timed out"), (dripping, "more than 0.3 seconds"), (cut, "Incomplete")]
    )
    def test_a_server_that_does_not_answer(self, served: Served, behave: Any, words: str) -> None:
        api = served(in_turn(Said({"metadata": {}, "items": pods(9)}, behave=behave)))
        with pytest.raises(ApiError, match=words):
            reader(api, timeout=0.3).all(PODS)
        assert len(api.asked) == 4

    def test_the_next_attempt_has_a_connection_of_its_own(self, served: Served) -> None:
        half = Said({"metadata": {}, "items": pods(9)}, behave=slow)
        assert names(reader(served(in_turn(half, paged(pods(1)))), timeout=0.3).all(PODS)) == ["pod-0"]

    def test_nobody_there(self, certificates: Certificates) -> None:
        with pytest.raises(ApiError, match="ConnectionRefusedError"):
            Api(
                "https://127.0.0.1:1", certificate_authority=certificates.authority, token=str, sleep=lambda _: None
            ).all(PODS)

    def test_the_time_of_the_caller_ends(self, served: Served) -> None:
        left = iter([9.0, 9.0, -1.0])  # asked once a request
        api = served(paged(pods(9), size=1))
        with pytest.raises(ApiError, match="no time was left"):
            reader(api, left=lambda: next(left)).all(PODS)
        assert len(api.asked) == 2

    def test_no_pause_is_longer_than_what_is_left(self, served: Served) -> None:
        made = reader(served(in_turn(status(503, "not now"))), left=lambda: 1.5)
        with pytest.raises(ApiError, match="no time was left to retry after 503"):
            made.all(PODS)
        assert made.waits == [1.0]  # type: ignore[attr-defined]


class TestMemory:
    def test_a_page_that_is_too_large_is_asked_for_in_parts(self, served: Served) -> None:
        big = [{"metadata": {"name": f"pod-{n}", "annotations": {"a": "x" * 2000}}} for n in range(500)]
        api = served(paged(big))
        assert len(reader(api, max_bytes=300_000).all(PODS)) == 500
        assert [one.query["limit"] for one in api.asked] == ["500", *["100"] * 5]

    def test_fails_when_one_object_is_too_large(self, served: Served) -> None:
        api = served(paged([{"metadata": {"name": "x" * 5000}}]))
        with pytest.raises(ApiError, match="one object exceeds the size limit"):
            reader(api, max_bytes=1000).all(PODS)

    def test_ten_thousand_pods_cost_a_page(self, served: Served) -> None:
        page = [{"metadata": {"name": f"pod-{n}", "annotations": {"a": "x" * 3000}}} for n in range(500)]
        whole = Said({"metadata": {"continue": "more"}, "items": page})
        last = Said({"metadata": {}, "items": page})
        api = served(in_turn(*[whole] * 19, last))

        def count(result: list[int], items: list[dict[str, Any]]) -> None:
            result[0] += len(items)

        gc.collect()
        tracemalloc.start()
        try:
            assert reader(api).fold(PODS, lambda: [0], count) == [10_000]
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        # 20 pages of 1.6 MB; two parsed pages and their texts at most.
        assert peak < 16 * 2**20, peak


class TestOfCluster:
    def test_endpoint_and_authority_are_those_that_eks_names(self, served: Served) -> None:
        api = served(paged(pods(2)))
        data = base64.b64encode(api.authority.encode()).decode()
        described = {"endpoint": api.url, "certificateAuthority": {"data": data}, "status": "ACTIVE"}
        assert names(Api.of_cluster(described, token=lambda: "t").all(PODS)) == ["pod-0", "pod-1"]

    @pytest.mark.parametrize(("described", "words"), [
        ({"status": "CREATING"}, r"no endpoint yet \(status CREATING\)"),
        ({"endpoint": "https://x", "certificateAuthority": {"data": "%"}}, "not base64"),
    ])  # fmt: skip
    def test_fails_without(self, described: dict[str, Any], words: str) -> None:
        with pytest.raises(ApiError, match=words):
            Api.of_cluster(described, token=str)
