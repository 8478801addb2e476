"""One emulator a worker; every test starts on an empty account."""

from __future__ import annotations

import json
import re
import socket
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.emulator.service import REGION, serving


class StackFailed(AssertionError):
    """A stack ended in a state that is no success; the events say why."""


class Account:
    """An empty AWS account on the emulator, seen from one Region."""

    def __init__(self, url: str, region: str = REGION) -> None:
        self.url, self.region = url, region
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                endpoint_url=self.url,
                region_name=self.region,
                aws_access_key_id="test",
                aws_secret_access_key="test",
            )
        return self._clients[service]

    def reset(self) -> None:
        urllib.request.urlopen(
            urllib.request.Request(f"{self.url}/_ministack/reset", method="POST"), timeout=30
        ).close()

    def deploy(self, name: str, template: dict[str, Any]) -> dict[str, str]:
        """Create the stack, or update it where it exists; return logical id -> physical id."""
        call = {
            "StackName": name,
            **self._source(name, json.dumps(_plain(template))),
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
        }
        if self._status(name) is None:
            self.client("cloudformation").create_stack(**call)
        else:
            self.client("cloudformation").update_stack(**call)
        self._settle(name, {"CREATE_COMPLETE", "UPDATE_COMPLETE"})
        return self.resources(name)

    def _source(self, name: str, text: str) -> dict[str, str]:
        """Pass a template as it is, or by a bucket where it is longer than CloudFormation takes in a call."""
        if len(text) <= 51_200:
            return {"TemplateBody": text}
        s3 = boto3.client(
            "s3", endpoint_url=self.url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test",
            config=Config(s3={"addressing_style": "path"}),
        )  # fmt: skip
        s3.create_bucket(Bucket="templates")
        s3.put_object(Bucket="templates", Key=name, Body=text.encode())
        return {"TemplateURL": f"{self.url}/templates/{name}"}

    def delete(self, name: str) -> None:
        self.client("cloudformation").delete_stack(StackName=name)
        self._settle(name, {None, "DELETE_COMPLETE"})

    def resources(self, name: str) -> dict[str, str]:
        pages = self.client("cloudformation").describe_stack_resources(StackName=name)["StackResources"]
        return {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in pages}

    def _status(self, name: str) -> str | None:
        try:
            return self.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        except self.client("cloudformation").exceptions.ClientError:
            return None

    def _settle(self, name: str, good: set[str | None]) -> None:
        deadline = time.monotonic() + 60
        while (
            (status := self._status(name)) is not None
            and status.endswith("_IN_PROGRESS")
            and time.monotonic() < deadline
        ):
            time.sleep(0.05)
        if status not in good:
            pages = self.client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=name)
            events = [event for page in pages for event in page["StackEvents"]]
            why = [
                f"{e['LogicalResourceId']}: {e.get('ResourceStatusReason')}"
                for e in events
                if "FAILED" in e["ResourceStatus"]
            ]
            raise StackFailed(f"{name} is {status}: " + "; ".join(why))


def _plain(template: dict[str, Any]) -> dict[str, Any]:
    """Leave out the CDK's own bootstrap check, which needs a bootstrapped account."""
    return {k: v for k, v in template.items() if k not in {"Rules", "Parameters"}}


def _without_account(host: Any) -> Any:
    """Return the host itself: S3 Control puts the account's ID before it, for which a loopback address has no name."""
    return re.sub(r"^\d{12}\.(?=127\.)", "", host) if isinstance(host, str) else host


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    ask = socket.getaddrinfo
    with pytest.MonkeyPatch.context() as patch, serving() as url:
        patch.setattr(socket, "getaddrinfo", lambda host, *more, **other: ask(_without_account(host), *more, **other))
        yield url


@pytest.fixture
def account(emulator: str) -> Account:
    fresh = Account(emulator)
    fresh.reset()
    return fresh
