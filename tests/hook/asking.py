"""Ask the handler, with the payload at hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from hardened_eks.hook.function import handler
from hardened_eks.hook.function.accepting import Accepted
from hardened_eks.hook.function.handler import Surroundings
from hardened_eks.hook.function.judging import Settings

ROLE = "arn:aws:iam::123456789012:role/cluster"
OPEN = {"Type": "AWS::EKS::Cluster", "Properties": {"RoleArn": ROLE}}
"""A cluster with the defaults of the service: its API is open to the internet."""
BUCKET = {"Type": "AWS::S3::Bucket"}


class FakeSsm:
    """Systems Manager with one parameter."""

    def __init__(self, value: str | Exception) -> None:
        self.value, self.asked = value, 0

    def get_parameter(self, **arguments: Any) -> Mapping[str, Any]:
        self.asked += 1
        assert arguments == {"Name": "/eks/waivers", "WithDecryption": True}
        if isinstance(self.value, Exception):
            raise self.value
        return {"Parameter": {"Value": self.value}}


def parameter(value: str | Exception) -> Accepted:
    return Accepted("/eks/waivers", lambda: FakeSsm(value))


class Asked:
    """An answer, and what the function logged."""

    def __init__(self, answer: dict[str, Any], lines: list[str]) -> None:
        self.answer, self.lines = answer, lines
        self.status, self.message = answer["hookStatus"], answer["message"]
        self.annotations = answer.get("annotations", [])
        (line,) = lines
        self.line: dict[str, Any] = json.loads(line)

    def ids(self, status: str = "FAILED") -> list[str]:
        return [one["annotationName"].split(" ")[0] for one in self.annotations if one["status"] == status]


def ask(
    event: Any,
    payload: dict[str, Any] | Exception | Callable[[], dict[str, Any]] | None = None,
    *,
    settings: Settings = Settings(),
    accepted: Accepted | None = None,
    left: float = 27.0,
    own_stack: str = "Hook",
) -> Asked:
    lines: list[str] = []

    def fetched(url: str, *, left: Callable[[], float]) -> dict[str, Any]:
        assert url and left() > 0
        if isinstance(payload, Exception):
            raise payload
        found = payload() if callable(payload) else payload
        assert found is not None
        return found

    around = Surroundings(
        settings=settings,
        accepted=accepted or Accepted("", lambda: pytest.fail("nobody asks")),
        left=lambda: left,
        own_stack=own_stack,
        log=lines.append,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handler, "fetch", fetched)
        return Asked(handler.run(event, around), lines)


def payload(*, previous: Any = None, changes: Any = None, **resources: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"template": json.dumps({"Resources": resources})}
    if previous is not None:
        found["previousTemplate"] = json.dumps({"Resources": previous})
    if changes is not None:
        found["changedResources"] = changes
    return found
