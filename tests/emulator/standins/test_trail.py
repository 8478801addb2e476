"""Calls to EKS as a trail records them, and mails as they are printed."""

import json

import pytest

from tests.emulator.standins.mailbox import mail
from tests.emulator.standins.trail import record


@pytest.mark.parametrize(
    ("method", "path", "body", "name", "parameters"),
    [
        (
            "POST", "/clusters/payments/update-config", {"deletionProtection": False},
            "UpdateClusterConfig", {"name": "payments", "deletionProtection": False},
        ),
        ("DELETE", "/clusters/payments", {}, "DeleteCluster", {"name": "payments"}),
        ("POST", "/clusters", {"name": "payments"}, "CreateCluster", {"name": "payments"}),
        (
            "POST", "/clusters/payments/access-entries/arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa/access-policies", {},
            "AssociateAccessPolicy", {"name": "payments", "principalArn": "arn:aws:iam::1:role/a"},
        ),
    ],
)  # fmt: skip
def test_a_change_is_recorded(method: str, path: str, body: dict, name: str, parameters: dict) -> None:
    found = record(method, path, body)
    assert found is not None
    assert (found["eventName"], found["requestParameters"]) == (name, parameters)
    assert found["eventSource"] == "eks.amazonaws.com"
    json.dumps(found)


@pytest.mark.parametrize("path", ["/clusters/payments", "/clusters", "/elsewhere"])
def test_what_reads_is_not(path: str) -> None:
    assert record("GET", path, {}) is None


def test_a_mail_is_printed_without_the_quotes_of_json() -> None:
    text = mail("ana@example.com", '"CRITICAL: ' + "word " * 40 + '"')
    first, *rest = text.strip().splitlines()
    assert first == "e-mail to ana@example.com:"
    assert rest[0].startswith("  CRITICAL: word")
    assert all(len(line) <= 112 for line in rest)
    assert '"' not in text
