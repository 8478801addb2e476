"""CloudFormation properties as the service's own API spells them, after botocore's model."""

from __future__ import annotations

import functools
from typing import Any

import botocore.session
from botocore.model import ServiceModel, Shape


@functools.cache
def service_model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)


def as_api(service: str, shape: str, properties: Any) -> Any:
    """`properties` with the member names of `shape`; what the shape does not have is left out."""
    return _convert(properties, service_model(service).shape_for(shape))


def _convert(value: Any, shape: Shape) -> Any:
    if shape.type_name == "structure" and isinstance(value, dict):
        members = {name.lower(): name for name in shape.members}
        pairs = [(members.get(key.lower()), item) for key, item in value.items()]
        return {name: _convert(item, shape.members[name]) for name, item in pairs if name}
    if shape.type_name == "list" and isinstance(value, list):
        return [_convert(item, shape.member) for item in value]
    if shape.type_name in {"integer", "long"} and isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value
