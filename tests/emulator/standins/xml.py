"""Answers of EC2, written by the shapes that botocore reads them with."""

from __future__ import annotations

from functools import cache
from typing import Any
from xml.sax.saxutils import escape


@cache
def _model(service: str) -> Any:
    import botocore.session

    return botocore.session.get_session().get_service_model(service)


def body(service: str, operation: str, answer: dict[str, Any]) -> str:
    """Return the inside of an answer. A key that the operation does not answer with is a mistake of the stand-in."""
    return _members(_model(service).operation_model(operation).output_shape, answer)


def _members(shape: Any, value: dict[str, Any]) -> str:
    unknown = set(value) - set(shape.members)
    if unknown:
        raise KeyError(f"{shape.name} has no {sorted(unknown)}")
    return "".join(
        _element(member.serialization.get("name", name), member, value[name])
        for name, member in shape.members.items()
        if value.get(name) is not None
    )


def _element(name: str, shape: Any, value: Any) -> str:
    if shape.type_name == "structure":
        inside = _members(shape, value)
    elif shape.type_name == "list":
        inside = "".join(_element("item", shape.member, item) for item in value)
    else:
        inside = escape(str(value).lower() if isinstance(value, bool) else str(value))
    return f"<{name}>{inside}</{name}>"
