"""A handler for a type that nobody emulates: remembers the properties, validated by the schema, under a made-up id."""

from __future__ import annotations

import uuid
from typing import Any

from tests.emulator.resources import schemas

STORE: dict[tuple[str, str], dict[str, Any]] = {}
"""(type, physical id) -> properties."""


def handler(type_: str) -> dict[str, Any]:
    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
        physical_id = f"{stack_name}-{logical_id}-{uuid.uuid4().hex[:12]}"
        STORE[type_, physical_id] = props
        return physical_id, attributes(type_, physical_id)

    def update(
        physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str
    ) -> tuple[str, dict[str, Any]]:
        if any(old.get(name.split(".")[0]) != new.get(name.split(".")[0]) for name in schemas.create_only(type_)):
            return create(physical_id.rsplit("-", 1)[0].removeprefix(f"{stack_name}-"), new, stack_name)
        STORE[type_, physical_id] = new
        return physical_id, attributes(type_, physical_id)

    def delete(physical_id: str, props: dict[str, Any]) -> None:
        STORE.pop((type_, physical_id), None)

    return {"create": create, "update": update, "delete": delete}


def attributes(type_: str, physical_id: str) -> dict[str, Any]:
    """Answer Fn::GetAtt for every read-only property with a text that says what it stands for, or a UUID."""
    service = type_.split("::")[1].lower()
    return {
        name: str(uuid.uuid5(uuid.NAMESPACE_URL, f"{physical_id}/{name}"))
        if schemas.longest(type_, name) == len(str(uuid.NAMESPACE_URL))
        else f"arn:aws:{service}:{schemas.REGION}:123456789012:{physical_id}"
        if name.endswith("Arn")
        else f"{name}-of-{physical_id}"
        for name in schemas.read_only(type_)
    }
