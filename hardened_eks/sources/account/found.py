"""Results of collectors: resources in CloudFormation format, and their references."""

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
"""Properties with policies or foreign strings, in which a resource name is not a reference."""
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
"""Types that are related to the network of a cluster but not part of it."""
_WHOLE: Final = frozenset({"topic", "queue", "function", "state-machine", "secret", "policy"})
"""Kinds of resources that are read by ARN; others are read by name."""


class Wanted(NamedTuple):
    """A resource to read, by its identifier, or a list of resources."""

    kind: str
    id: str


@dataclass(slots=True)
class Found:
    """One resource of the account."""

    type: str
    """CloudFormation type."""
    id: str
    """The value that ``Ref`` would return."""
    properties: dict[str, Any]
    """The properties as in a template, including values that AWS assigns (``Arn``, ``SubnetId``). A missing property
    has the same meaning as in a template."""
    arn: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    """All tags, including those of AWS."""
    version: str = ""
    """The version of the launch template."""


def references(found: Found, account: str, region: str) -> Iterator[Wanted]:
    """Yield the resources of the account and Region that the properties of a resource name."""
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
    """Yield the resource that an ARN of this account identifies, in this Region or globally."""
    parts = _OWN.fullmatch(arn)
    if parts is None or parts["account"] not in {"", account} or parts["region"] not in {"", region}:
        return
    service, rest = parts["service"], parts["rest"]
    split = _KIND.fullmatch(rest) if service != "s3" else None
    head, tail = (split["kind"], split["name"]) if split else ("", rest)
    kind = _KINDS.get((service, head)) or _KINDS.get((service, ""))
    if kind is None or (kind == "topic" and ":" in rest):  # a subscription ID comes after the topic name
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
