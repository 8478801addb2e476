"""The request of CloudFormation to a hook, read from its event.

https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-create-lambda-function.html
"""

from __future__ import annotations

import re
from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARN: Final = re.compile(
    r"arn:[^:]+:cloudformation:(?P<region>[^:]*):(?P<account>[^:]*):(?P<kind>stack|changeSet)/(?P<name>[^/]+)"
)
_TOKEN: Final = "clientrequesttoken"  # noqa: S105 - the name of a field
_ALONE: Final = "resource"


class Target(StrEnum):
    """The kind of target, with CloudFormation's names."""

    STACK = "STACK"
    CHANGE_SET = "CHANGE_SET"
    RESOURCE = "RESOURCE"
    CLOUD_CONTROL = "CLOUD_CONTROL"

    @property
    def whole(self) -> bool:
        """Whether it is a whole template."""
        return self in {Target.STACK, Target.CHANGE_SET}


class EventError(Exception):
    """The event does not come from a hook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request of CloudFormation."""

    target: Target
    action: str
    """``CREATE``, ``UPDATE`` or ``DELETE``."""
    stack: str
    """Name of the stack; ``resource`` for Cloud Control, which has none."""
    account: str
    region: str
    url: str = ""
    """URL of the payload of a stack or change set."""
    type: str = ""
    """The type of the resource; empty for a template."""
    logical_id: str = ""
    """The logical ID of the resource; empty for a template."""
    properties: Mapping[str, Any] = field(default_factory=dict)
    """The properties of the resource."""
    previous: Mapping[str, Any] | None = None
    """Properties of a resource before the update; None for a new one."""

    @classmethod
    def of(cls, event: Any) -> Request:
        """Read an event.

        Raises:
            EventError: the event does not come from a hook; the message has the reason.
        """
        if not isinstance(event, dict):
            raise EventError(f"the event is a mapping, got {type(event).__name__}")
        data = event.get("requestData")
        if not isinstance(data, dict):
            raise EventError("the event has no requestData")
        action = _text(event, "actionInvocationPoint").partition("_")[0]
        if action not in {"CREATE", "UPDATE", "DELETE"}:
            raise EventError(f"actionInvocationPoint is {event.get('actionInvocationPoint')!r}, not one of a hook")
        stack_id = _text(event, "stackId")
        target = _target(data, stack_id)
        where = _ARN.match(stack_id) or _ARN.match(_text(data, "targetLogicalId"))
        common: dict[str, Any] = {
            "target": target,
            "action": action,
            "stack": where["name"] if where and where["kind"] == "stack" else _ALONE,
            "account": _text(event, "awsAccountId") or (where["account"] if where else ""),
            "region": where["region"] if where else "",
        }
        if target.whole:
            url = _text(data, "payload")
            if not url and action != "DELETE":
                raise EventError(f"requestData of a {target} has no payload, the URL of its template")
            return cls(**common, url=url)
        return cls(**common, **_resource(data, action))


def token_of(event: Any) -> str:
    """Return the token that the answer repeats. AWS's syntax and its examples spell the name differently."""
    for key, value in event.items() if isinstance(event, dict) else ():
        if str(key).lower() == _TOKEN and isinstance(value, str):
            return value
    return ""


def _target(data: Mapping[str, Any], stack_id: str) -> Target:
    named = [_text(data, key) for key in ("targetType", "targetName")]
    for name in named:
        if name in Target.__members__ and Target(name) is not Target.RESOURCE:
            return Target(name)
    if any("::" in name for name in named):
        return Target.RESOURCE if stack_id else Target.CLOUD_CONTROL
    raise EventError(f"targetName is {data.get('targetName')!r}, neither STACK, CHANGE_SET nor the type of a resource")


def _resource(data: Mapping[str, Any], action: str) -> dict[str, Any]:
    type_ = next((name for key in ("targetName", "targetType") if "::" in (name := _text(data, key))), "")
    if not type_:
        raise EventError(f"targetName is {data.get('targetName')!r}, not the type of a resource")
    model = data.get("targetModel")
    model = model if isinstance(model, dict) else {}
    properties, previous = (model.get(key) for key in ("resourceProperties", "previousResourceProperties"))
    if not isinstance(properties, dict) and action != "DELETE":
        raise EventError(f"targetModel of {type_} has no resourceProperties")
    return {
        "type": type_,
        "logical_id": _text(data, "targetLogicalId") or type_.rpartition("::")[2],
        "properties": properties if isinstance(properties, dict) else {},
        "previous": previous if isinstance(previous, dict) else None,
    }


def _text(mapping: Mapping[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""
