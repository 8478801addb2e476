"""The stand-in for metric filters answers as AWS documents.

Every example of https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html, of its older edition
(awsdocs/amazon-cloudwatch-logs-user-guide on GitHub) what the newer one has no more, and what is known beyond both.
"""

import json

import pytest

from tests.detections.metric_filters import InvalidPattern, matches

ERRORS = ["[ERROR 400] BAD REQUEST", "[ERROR 401] UNAUTHORIZED REQUEST", "[ERROR 419] MISSING ARGUMENTS",
          "[ERROR 420] INVALID ARGUMENTS"]  # fmt: skip
EVENT = json.dumps({
    "eventType": "UpdateTrail", "sourceIPAddress": "111.111.111.111", "arrayKey": ["value", "another value"],
    "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}], "SomeObject": None, "cluster.name": "c",
})  # fmt: skip
USERS = json.dumps({
    "user": {"id": 1, "email": "John.Stiles@example.com"},
    "users": [{"id": 2, "email": "John.Doe@example.com"}, {"id": 3, "email": "Jane.Doe@example.com"}],
    "actions": ["GET", "PUT", "DELETE"], "coordinates": [[0, 1, 2], [4, 5, 6], [7, 8, 9]],
})  # fmt: skip
ACCESS = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'
LEVELS = ["INFO 09/25/2014 12:00:00 GET /service/resource/67 1200",
          "INFO 09/25/2014 12:00:01 POST /service/resource/67/part/111 1310",
          "WARNING 09/25/2014 12:00:02 Invalid user request",
          "ERROR 09/25/2014 12:00:02 Failed to process request"]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("ERROR", [True, True, True, True]),
        ("error", [False, False, False, False]),
        ("ERROR ARGUMENTS", [False, False, True, True]),
        ("?ERROR ?ARGUMENTS", [True, True, True, True]),
        ("?MISSING ?INVALID", [False, False, True, True]),
        ("?MISSING ?INVALID REQUEST", [True, True, False, False]),
        ("ERROR -ARGUMENTS", [True, True, False, False]),
        ('"BAD REQUEST"', [True, False, False, False]),
        ('" "', [True, True, True, True]),
        ("%AUTHORIZED%", [False, True, False, False]),
    ],
)
def test_terms(pattern: str, expected: list[bool]) -> None:
    assert [matches(pattern, line) for line in ERRORS] == expected


def test_optional_terms_beside_others_are_void() -> None:
    lines = ["[INFO] REQUEST FAILED", "[WARN] UNAUTHORIZED REQUEST", "[ERROR] 400 BAD REQUEST"]
    assert all(matches("?ERROR ?ARGUMENTS REQUEST", line) for line in lines)
    assert matches('"INTERNAL SERVER ERROR"', "[ERROR 500] INTERNAL SERVER ERROR")
    assert matches("%AUTHORIZED%", "[SUCCESS 200] AUTHORIZED REQUEST")


@pytest.mark.parametrize(
    ("regex", "yes", "no"),
    [
        ("%^[hc]at%", ["hat", "cat"], ["a cat", "bat"]),
        ("%[hc]at$%", ["hat", "a cat"], ["cats"]),
        ("%colou?r%", ["color", "colour"], ["colouur"]),
        ("%[abc]%", ["a", "b", "c"], ["d"]),
        ("%[a-z]%", ["m"], ["M"]),
        ("%[abcx-z]%", ["a", "y"], ["m"]),
        ("%^a{3,5}$%", ["aaa", "aaaa", "aaaaa"], ["aa", "aaaaaa"]),
        ("%gra|ey%", ["gray", "grey"], ["groy"]),
        ("%^starting|^initializing|^shutting down%", ["starting ...", "shutting down"], ["skipping initializing"]),
        ("%abcc|ab[^c]$%", ["abcc ...", "aba"], ["aac ..."]),
        (r"%\[.\]%", ["[a]", "[7]", "[ ]"], ["a"]),
        (r"%10\.10\.0\.1%", ["10.10.0.1"], ["10010,051"]),
        ("%10.10.0.1%", ["10.10.0.1", "10010,051"], ["10.10"]),
        ("%ab*c%", ["ac", "abc", "abbbc"], ["ab"]),
        ("%ab[0-9]*%", ["ab", "ab0", "ab129"], ["a1"]),
        ("%ab+c%", ["abc", "abbc"], ["ac"]),
        ("%.at%", ["hat", "4at", " at"], ["at"]),
        (r"%\d%", ["7"], ["x"]),
        (r"%\D%", ["x"], ["7"]),
        (r"%^\s%", [" x", "\tx"], ["x"]),
        (r"%^\S%", ["x"], [" x"]),
        (r"%^\w$%", ["_", "a"], ["-"]),
        (r"%^\W$%", ["-"], ["_"]),
        (r"%\x3A%", ["a:b"], ["ab"]),
        (r"%\x28%", ["f(x)"], ["fx"]),
    ],
)
def test_regular_expressions(regex: str, yes: list[str], no: list[str]) -> None:
    assert [text for text in yes if not matches(regex, text)] == []
    assert [text for text in no if matches(regex, text)] == []


@pytest.mark.parametrize("regex", ["%something!%", "%(a)%", "%é%"])
def test_refuses_regular_expressions(regex: str) -> None:
    with pytest.raises(InvalidPattern, match="not supported"):
        matches(regex, "x")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ('{ $.eventType = "UpdateTrail" }', True),
        ('{ $.eventType = "updatetrail" }', False),
        ("{ $.sourceIPAddress != 123.123.* }", True),
        ("{ $.sourceIPAddress != 111.111.* }", False),
        ('{ $.arrayKey[0] = "value" }', True),
        ('{ $.arrayKey[1] = "value" }', False),
        ("{ $.eventType = %Trail% }", True),
        ("{ $.arrayKey[*] = %val.{2}% }", True),
        (r"{ $.* = %111\.111\.111\.1[0-9]{1,2}% }", True),
        ("{ $.['cluster.name'] = \"c\" }", True),
        ("{ $.objectList[1].id = 2 }", True),
        ("{ $.SomeObject IS NULL }", True),
        ("{ $.eventType IS NULL }", False),
        ("{ $.SomeOtherObject NOT EXISTS }", True),
        ("{ $.SomeObject NOT EXISTS }", False),
        ('{ $.eventType = "*" && $.sourceIPAddress != 123.123.* }', True),
    ],
)
def test_json_event(pattern: str, expected: bool) -> None:
    assert matches(pattern, EVENT) is expected


@pytest.mark.parametrize(
    ("pattern", "record", "expected"),
    [
        ("{ $.bandwidth > 75 }", {"bandwidth": 76}, True),
        ("{ $.bandwidth > 75 }", {"bandwidth": 75}, False),
        ("{ $.latency < 50 }", {"latency": 49.5}, True),
        ("{ $.refreshRate >= 60 }", {"refreshRate": 60}, True),
        ("{ $.responseTime <= 5 }", {"responseTime": 6}, False),
        ("{ $.errorCode = 400}", {"errorCode": 400}, True),
        ("{ $.errorCode != 500 }", {"errorCode": 400}, True),
        ("{ $.number[0] = 1e+3 }", {"number": [1000]}, True),
        ("{ $.number[0] != 1e-3 }", {"number": [0.001]}, False),
        ("{ $.latency = * }", {"latency": 50, "requestType": "GET"}, True),
        # beyond the page
        ("{ $.a != 1 }", {"b": 1}, False),
        ('{ $.a != "x" }', {"a": None}, False),
        ('{ $.a != "x" }', {"a": ["y"]}, False),
        ('{ $.a = "*" }', {"a": {"b": 1}}, False),
        ("{ $.a IS TRUE }", {"a": True}, True),
        ("{ $.a IS TRUE }", {"a": "true"}, False),
        ("{ $.a IS FALSE }", {}, False),
        ("{ $.a < 300 }", {"a": "x"}, False),
        ('{ $.a = "\\"q\\"" }', {"a": '"q"'}, True),
        ('{ $.a = "x*" }', {"a": "x\nyz"}, True),
        ('{ $.a = "*y*" }', {"a": "x\nyz"}, True),
        ('{ $.a = "x.z" }', {"a": "xyz"}, False),
    ],
)
def test_json_values(pattern: str, record: dict[str, object], expected: bool) -> None:
    assert matches(pattern, json.dumps(record)) is expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ('{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', True),
        ('{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch" && $.actions[2] = "nonmatch" }', True),
        ('{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch") && $.actions[2] = "nonmatch" }', False),
        ('{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', False),
        ("{ $.coordinates[1][2] = 6 }", True),
        ("{ $.users[2].id NOT EXISTS }", True),
    ],
)  # fmt: skip
def test_compound_expressions(pattern: str, expected: bool) -> None:
    assert matches(pattern, USERS) is expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"[ip=%127\.0\.0\.[1-9]%, user, username, timestamp, request =*.html*, status_code = 4*, bytes]", True),
        (r"[ip=%127\.0\.1\.[1-9]%, user, username, timestamp, request =*.html*, status_code = 4*, bytes]", False),
        ("[..., request =*.html*, status_code = 4*, bytes]", True),
        ("[..., request =*.php*, status_code = 4*, bytes]", False),
        ("[ip, user, username, timestamp, request =*.html*, status_code = 404 || status_code = 410, bytes]", True),
        ("[ip, user, username, timestamp, request =*.html*, status_code = 403 || status_code = 410, bytes]", False),
        ("[ip, server, username, timestamp, request, status_code, bytes > 1000]", True),
        ("[ip, server, username, timestamp, request, status_code, bytes > 2000]", False),
    ],
)
def test_space_delimited(pattern: str, expected: bool) -> None:
    assert matches(pattern, ACCESS) is expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("[w1=ERROR, w2]", [False, False, False, True]),
        ("[w1=ERROR || w1=WARNING, w2]", [False, False, True, True]),
        ("[w1!=ERROR && w1!=WARNING, w2]", [True, True, False, False]),
        ("[logLevel, date, time, method, url=%/service/resource/[0-9]+$%, response_time]", [True, False, False, False]),
        (
            "[logLevel, date, time, method, url=%/service/resource/[0-9]+/part/[0-9]+$%, response_time]",
            [False, True, False, False],
        ),
    ],
)
def test_space_delimited_in_order(pattern: str, expected: list[bool]) -> None:
    assert [matches(pattern, line) for line in LEVELS] == expected


@pytest.mark.parametrize(
    "pattern",
    [
        '{ $.a = "x" ', '{ ($.a = "x" }', "{ $.a IS NOT NULL }", "{ $.a EXISTS }", '{ a = "x" }', '{ $.a["b"] = "x" }',
        '{ $.a.b/c = "x" }', "{ $.a = }", '{ $.a = "x" $.b = "y" }', '{ $.a < "x" }', "{ $.a = %a% && $.b = %b% && $.c = %c% }",
        '{ $.a[*].b[*] = "x" }', "{ $.a = 1 " + "|| $.a = 1 " * 100 + "}", "a.b/c",
    ],
)  # fmt: skip
def test_refuses(pattern: str) -> None:
    with pytest.raises(InvalidPattern):
        matches(pattern, '{"a":1}')


TERMS = {
    "ERROR": ["[ERROR] A fatal exception has occurred", "Exiting with ERRORCODE: -1"],
    "ERROR Exception": ["[ERROR] Caught IllegalArgumentException", "[ERROR] Unhandled Exception"],
    "Failed to process the request": ["[WARN] Failed to process the request",
                                      "[ERROR] Unable to continue: Failed to process the request"],
}  # fmt: skip


@pytest.mark.parametrize("pattern", TERMS)
def test_terms_of_the_older_edition(pattern: str) -> None:
    assert [line for line in TERMS[pattern] if not matches(pattern, line)] == []
    assert matches('"ERROR" -"Exiting"', TERMS["ERROR"][0])
    assert not matches('"ERROR" -"Exiting"', TERMS["ERROR"][1])


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("ERROR", [True, True, False]), ("?ERROR ?WARN", [True, True, True]), ("ERROR WARN", [True, False, False]),
     ("ERROR -WARN", [False, True, False]), ("[w1=ERROR, w2]", [True, True, False]),
     ("[w1=ERROR || w1=WARN, w2]", [True, True, True]), ("[w1!=ERROR && w1!=WARN, w2]", [False, False, False])],
)  # fmt: skip
def test_alternatives_of_the_older_edition(pattern: str, expected: list[bool]) -> None:
    """The edition gives the first line to the last of the space-delimited patterns alone; they look at the first word."""
    assert [matches(pattern, line) for line in ("ERROR WARN message", "ERROR message", "WARN message")] == expected


@pytest.mark.parametrize(
    ("pattern", "record", "expected"),
    [
        ("{$.foo = bar}", {"foo": "bar"}, True), ("{$.foo = baz }", {"foo": "bar"}, False),
        ("{$.foo = bar || $.foo = baz }", {"foo": "baz"}, True),
        ("{ $.ThisFlag IS TRUE }", {"ThisFlag": True}, True), ("{ $.ThisFlag IS FALSE }", {"ThisFlag": True}, False),
        ("{ $.users = 1 }", {"users": [1, 2, 3]}, False), ("{ $.users != 1 }", {"users": [1, 2, 3]}, False),
        ("{ $.latency >= 500 }", {"latency": 500}, True), ("{ $.latency > +1000 }", {"latency": 1000.5}, True),
        ("{ $.numbers[0] < 10e3 }", {"numbers": [9999]}, True), ("{ $.numbers[0] < 10e-3 }", {"numbers": [0.01]}, False),
        ("{ $.processes[4].averageRuntime <= 55.5 }", {"processes": [0, 0, 0, 0, {"averageRuntime": 55.5}]}, True),
        ("{ $.name = *Event }", {"name": "PutEvent"}, True), ("{ $.name = *Event }", {"name": "EventId"}, False),
        ("{ $.name = Event* }", {"name": "EventName"}, True), ("{ $.name = Event* }", {"name": "GetEvent"}, False),
        ("{ $.name = Ev*ent }", {"name": "Ev*ent"}, True), ("{ $.name = Ev*ent }", {"name": "Event"}, False),
        ('{ $.name != "Ev*ent" }', {"name": "Event"}, True),
    ],
)  # fmt: skip
def test_json_of_the_older_edition(pattern: str, record: dict[str, object], expected: bool) -> None:
    assert matches(pattern, json.dumps(record)) is expected


FRANK = [f'127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /{page} HTTP/1.0" {code} {size}' for page, code, size in (
    ("apache_pb.gif", 200, 1534), ("apache_pb.gif", 500, 5324), ("index.html", 404, 1534), ("index.html", 403, 900))]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("[ip, user, username, timestamp, request, status_code, bytes]", [True, True, True, True]),
        ("[..., status_code, bytes]", [True, True, True, True]), ("[ip, user, ..., status_code, bytes]", [True] * 4),
        ("[ip, user, ...]", [True] * 4),
        ("[ip, user, username, timestamp, request, status_code, bytes > 1000]", [True, True, True, False]),
        ("[ip, user, username, timestamp, request, status_code = 200, bytes]", [True, False, False, False]),
        ("[ip, user, username, timestamp, request, status_code = 4*, bytes]", [False, False, True, True]),
        ("[ip, user, username, timestamp, request = *html*, status_code = 4*, bytes]", [False, False, True, True]),
        ("[ip, user, username, timestamp, request, status_code = 4* && status_code != 403, bytes]",
         [False, False, True, False]),
        ("[..., request=*.html*, status_code=4*,]", [False, False, True, True]),
    ],
)  # fmt: skip
def test_space_delimited_of_the_older_edition(pattern: str, expected: list[bool]) -> None:
    assert [matches(pattern, line) for line in FRANK] == expected
