"""A stand-in for a trail that records EKS: a call that changes something becomes an event of the default bus.

CloudFormation's own calls do not pass here, so they make no event: on AWS they do, by the role that deploys. The caller
is always the user "you", from 127.0.0.1, since ministack knows no users by their keys.
`tests.emulator.__main__` installs it; tests put the events they need themselves (`observing.observe`).
"""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import unquote

from tests.emulator.observing import INJECTED
from tests.emulator.service import ACCOUNT, REGION

_READS = ("Describe", "Get", "List")
_YOU = {
    "type": "IAMUser",
    "principalId": "AIDAEXAMPLE0000000000",
    "arn": f"arn:aws:iam::{ACCOUNT}:user/you",
    "accountId": ACCOUNT,
    "userName": "you",
}


def install() -> None:
    """Put an event on the bus after each change that EKS accepted."""
    from ministack.services import eks, eventbridge

    theirs = eks._handle_request_sync

    def handle(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        answer = theirs(method, path, headers, body, query)
        event = record(method, path, json.loads(body or b"{}")) if answer[0] < 300 else None
        if event:
            entry = {
                "Source": "aws.eks",
                "DetailType": "AWS API Call via CloudTrail",
                "Detail": json.dumps(event),
                "TraceHeader": INJECTED,
            }
            eventbridge._put_events({"Entries": [entry]})
        return answer

    eks._handle_request_sync = handle


def record(method: str, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
    """Return CloudTrail's record of a request, with the names of the path as they are in the URI; None for a read."""
    for name, verb, pattern in _operations():
        found = pattern.fullmatch(path)
        if verb == method and found and not name.startswith(_READS):
            return _record(name, {**{key: unquote(text) for key, text in found.groupdict().items()}, **body})
    return None


def _record(name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "eventVersion": "1.11",
        "userIdentity": _YOU,
        "eventTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": "eks.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "sourceIPAddress": "127.0.0.1",
        "requestParameters": parameters,
        "responseElements": None,
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
    }


@cache
def _operations() -> list[tuple[str, str, re.Pattern[str]]]:
    """Return each operation of EKS with its method and its path, as botocore's model has them."""
    import botocore.session

    service = botocore.session.get_session().get_service_model("eks")
    found = []
    for name in service.operation_names:
        http = service.operation_model(name).http
        path = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(http["requestUri"].partition("?")[0]))
        found.append((name, http["method"], re.compile(path)))
    return found
