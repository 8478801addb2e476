"""What collectors yield: resources in CloudFormation's shape, and what they refer to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STACK_NAME: Final = "aws:cloudformation:stack-name"
LOGICAL_ID: Final = "aws:cloudformation:logical-id"

_POLICIES: Final = frozenset({
    "AssumeRolePolicyDocument", "DefinitionString", "EventPattern", "FileSystemPolicy", "Input", "KeyPolicy",
    "LifecyclePolicy", "Policies", "PolicyDocument", "PolicyText", "RepositoryPolicyText", "ResourcePolicy", "Tags",
})  # fmt: skip
"""What names who may do what, or holds strings of others: naming a resource there is no use of it."""
_OWN: Final = re.compile(
    r"arn:[^:]+:(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9-]*):(?P<account>\d{12}|):(?P<rest>.+)", re.DOTALL
)
_KINDS: Final[Mapping[tuple[str, str], str]] = {
    ("iam", "role"): "role", ("iam", "policy"): "policy", ("iam", "user"): "user",
    ("iam", "instance-profile"): "instance-profile", ("kms", "key"): "key", ("kms", "alias"): "key",
    ("logs", "log-group"): "log-group", ("lambda", "function"): "function", ("states", "stateMachine"): "state-machine",
    ("secretsmanager", "secret"): "secret", ("events", "event-bus"): "event-bus", ("sns", ""): "topic",
    ("sqs", ""): "queue", ("s3", ""): "bucket",
}  # fmt: skip
_BY_NAME: Final = {"S3BucketName": "bucket", "DestinationBucketName": "bucket", "LogGroupName": "log-group"}
_KIND: Final = re.compile(r"(?P<kind>[\w-]+)[:/](?P<name>.+)", re.DOTALL)
_VPC: Final = re.compile(r"vpc-[0-9a-f]+")
_PREFIX_LIST: Final = re.compile(r"pl-[0-9a-f]+")
_KEY_ID: Final = re.compile(
    r"(?:mrk-)?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|(?:mrk-[0-9a-f]{32})"
)
_NOT_USED: Final = frozenset({"PeerVpcId"})
"""What is beside a cluster's network, not in it."""
_WHOLE: Final = frozenset({"topic", "queue", "function", "state-machine", "secret", "policy"})
"""Kinds that are asked for by their ARN; the others by their name."""


class Wanted(NamedTuple):
    """Something to ask for: a resource by what identifies it, or a list of them."""

    kind: str
    id: str


@dataclass(slots=True)
class Found:
    """One resource of the account."""

    type: str
    """CloudFormation type."""
    id: str
    """What ``Ref`` would return."""
    properties: dict[str, Any]
    """As in a template; what AWS assigns (``Arn``, ``SubnetId``) too. Absent means what it means in a template."""
    arn: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    """All tags, those of AWS too."""
    version: str = ""
    """The version of a launch template that is shown."""


def references(found: Found, account: str, region: str) -> Iterator[Wanted]:
    """Yield what a resource uses: other resources of the account and Region that stand among its properties."""
    for key, text in _texts(found.properties, ""):
        yield from _wanted(key, text, account, region)


def _wanted(key: str, text: str, account: str, region: str) -> Iterator[Wanted]:
    if key in _NOT_USED:
        return
    named = _BY_NAME.get(key)
    if named and not text.startswith("arn:"):
        yield Wanted(named, text)
    elif _VPC.fullmatch(text):
        yield Wanted("vpc", text)
    elif _PREFIX_LIST.fullmatch(text):
        yield Wanted("prefix-list", text)
    elif ("Key" in key and _KEY_ID.fullmatch(text)) or (
        "Kms" in key and text.startswith("alias/") and not text.startswith("alias/aws/")
    ):
        yield Wanted("key", text)
    elif text.startswith("arn:"):
        yield from by_arn(text, account, region)


def by_arn(arn: str, account: str, region: str) -> Iterator[Wanted]:
    """Yield what an ARN of this account and Region, or of all Regions, stands for."""
    parts = _OWN.fullmatch(arn)
    if parts is None or parts["account"] not in {"", account} or parts["region"] not in {"", region}:
        return
    service, rest = parts["service"], parts["rest"]
    split = _KIND.fullmatch(rest) if service != "s3" else None
    head, tail = (split["kind"], split["name"]) if split else ("", rest)
    kind = _KINDS.get((service, head)) or _KINDS.get((service, ""))
    if kind is None or (kind == "topic" and ":" in rest):  # behind a topic's name stands a subscription
        return
    if kind == "bucket":
        yield Wanted(kind, rest.split("/")[0])
    elif kind == "log-group":
        yield Wanted(kind, tail.removesuffix(":*"))
    elif kind in {"role", "user", "instance-profile"}:
        yield Wanted(kind, tail.rpartition("/")[2])
    elif kind == "key":  # by its id, whatever names it: each is asked for once
        yield Wanted(kind, rest if head == "alias" else tail)
    else:
        yield Wanted(kind, arn if kind in _WHOLE else tail)


def _texts(value: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in _POLICIES:
                yield from _texts(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, key)
