"""Launch templates: ministack keeps all of them, and describes half."""

from __future__ import annotations

from functools import cache
from typing import Any
from xml.sax.saxutils import escape


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    from ministack.services import ec2

    ec2._lt_data_xml = _described
    return {}


def _described(data: dict[str, Any]) -> str:
    """Write launch template data as EC2 answers, by the shape that botocore reads."""
    metadata = data.get("MetadataOptions")
    return _members(_shape(), {**data, **({"MetadataOptions": {"State": "applied", **metadata}} if metadata else {})})


@cache
def _shape() -> Any:
    import botocore.session

    return botocore.session.get_session().get_service_model("ec2").shape_for("ResponseLaunchTemplateData")


def _members(shape: Any, value: dict[str, Any]) -> str:
    return "".join(
        f"<{member.serialization['name']}>{_xml(member, value[name])}</{member.serialization['name']}>"
        for name, member in shape.members.items()
        if name in value
    )


def _xml(shape: Any, value: Any) -> str:
    if shape.type_name == "structure":
        return _members(shape, value)
    if shape.type_name == "list":
        return "".join(f"<item>{_xml(shape.member, item)}</item>" for item in value)
    return escape(str(value).lower() if isinstance(value, bool) else str(value))
