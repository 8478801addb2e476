"""The stand-in for Logs Insights."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.emulator.conftest import Account
from tests.emulator.observing import eventually, write
from tests.emulator.standins.insights_language import MalformedQueryError
from tests.emulator.standins.insights import Query

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
GROUP = "/aws/eks/ledger/cluster"


def line(user: str, code: int, ip: str = "10.40.7.8", **more: Any) -> str:
    return json.dumps({"user": {"username": user}, "responseStatus": {"code": code}, "sourceIPs": [ip], "verb": "get",
                       "annotations": {"authorization.k8s.io/decision": "allow"}, **more})  # fmt: skip


LINES = [
    line("alice", 403),
    line("alice", 403),
    line("bob", 401, "203.0.113.7"),
    line("carol", 200, flag=True),
    "no JSON",
]


def rows(account: Account, query: str, **more: Any) -> list[dict[str, str]]:
    logs = account.client("logs")
    query_id = logs.start_query(
        logGroupName=GROUP, startTime=int(time.time()) - 600, endTime=int(time.time()) + 60, queryString=query, **more)[
        "queryId"]  # fmt: skip
    found = eventually(lambda: logs.get_query_results(queryId=query_id), lambda answer: answer["status"] == "Complete")
    return [{cell["field"]: cell["value"] for cell in row if cell["field"] != "@ptr"} for row in found["results"]]


@pytest.fixture
def logged(account: Account) -> Account:
    account.client("logs").create_log_group(logGroupName=GROUP)
    for number, text in enumerate(LINES):
        write(account, GROUP, text, ago=300 - number)
    return account


@pytest.mark.parametrize(
    ("condition", "users"),
    [
        ("responseStatus.code = 403", "alice alice"),
        ("responseStatus.code in [401, 403]", "alice alice bob"),
        ("responseStatus.code not in [401, 403]", "carol"),
        ("responseStatus.code >= 400 and user.username != 'alice'", "bob"),
        ("(responseStatus.code = 401 or verb = 'list') and verb = \"get\"", "bob"),
        ("verb = 'list' or responseStatus.code < 300 and verb = 'get'", "carol"),
        ("not (user.username like /^[ab]/) and ispresent(verb)", "carol"),
        ("user.username like /^A/i", "alice alice"),
        ("user.username =~ /ro/", "carol"),
        ("user.username like 'o'", "bob carol"),
        ("user.username not like 'o'", "alice alice"),
        ("@logStream like 'kube-apiserver-audit' and flag = true", "carol"),
        ("@message like /203\\.0\\./", "bob"),
        ("ispresent(flag) and flag = 1", "carol"),
        ("`annotations.authorization.k8s.io/decision` = 'allow' and strcontains(user.username, 'bo')", "bob"),
        ("isIpv4InSubnet(sourceIPs.0, '10.40.0.0/16')", "alice alice carol"),
        ("nothing != 'x'", ""),
        ("responseStatus.code > 'x'", ""),
        ("toMillis(@timestamp) < 1", ""),
    ],
)
def test_filter(logged: Account, condition: str, users: str) -> None:
    found = rows(logged, f"fields user.username | filter {condition} | sort user.username")
    assert " ".join(row["user.username"] for row in found) == users


def test_evidence_of_a_surge(logged: Account) -> None:
    query = """fields @timestamp, user.username, sourceIPs.0   # who, from where
        | filter @logStream like "kube-apiserver-audit"
        | filter responseStatus.code in [401,403]
        | stats count(*) by user.username, sourceIPs.0
        | sort count(*) desc
        | limit 1"""
    assert rows(logged, query) == [{"user.username": "alice", "sourceIPs.0": "10.40.7.8", "count(*)": "2"}]
    by_name = "stats count(*) as calls, count_distinct(user.username) as users, max(responseStatus.code) | display calls, users"
    assert rows(logged, by_name) == [{"calls": "5", "users": "3"}]


def test_fields_order_and_limits(logged: Account) -> None:
    found = rows(logged, "fields user.username as who | sort @timestamp desc | limit 3", limit=2)
    assert found == [{}, {"who": "carol"}]
    assert [row["user.username"] for row in rows(logged, "fields user.username | filter ispresent(verb) | dedup user.username")] == [
        "alice", "bob", "carol"]  # fmt: skip
    first = "fields coalesce(flag, user.username, `a-b`) as what | stats count(*) as n by what | sort n desc, what"
    assert [row.get("what") for row in rows(logged, first)] == ["alice", None, "1", "bob"]
    assert {"@timestamp", "@message"} <= set(rows(logged, "filter user.username = 'bob'")[0])
    assert sum(int(row["n"]) for row in rows(logged, "stats count(*) as n by bin(1h)")) == 5


def test_it_is_running_first(logged: Account) -> None:
    logs = logged.client("logs")
    query = logs.start_query(
        logGroupName=GROUP, startTime=0, endTime=int(time.time()) + 9, queryString="fields @message"
    )
    assert logs.get_query_results(queryId=query["queryId"])["status"] == "Running"


def test_what_it_does_not_know_is_refused(logged: Account) -> None:
    logs = logged.client("logs")
    with pytest.raises(logs.exceptions.MalformedQueryException, match="does not know the command parse"):
        logs.start_query(logGroupName=GROUP, startTime=0, endTime=9, queryString="parse @message '*' as x")
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.start_query(logGroupName="none", startTime=0, endTime=9, queryString="fields @message")


@pytest.mark.parametrize(
    "query",
    ["filter a LIKES 1", "filter a = ", "filter (a = 1", "stats median(a)", "fields concat(a, b)", "filter f(a)", "limit x",
     "sort", "filter a = 1 b", "filter a in 1", "fields a; b", "filter a not = 1"],
)  # fmt: skip
def test_malformed(query: str) -> None:
    with pytest.raises(MalformedQueryError):
        Query(query)
