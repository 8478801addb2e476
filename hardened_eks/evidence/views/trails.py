"""The events that a trail records, for the controls on CloudTrail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Resource

TRAIL: Final = "AWS::CloudTrail::Trail"
_S3: Final = "AWS::S3::Object"
_KMS: Final = "kms.amazonaws.com"


def shortcomings(trail: Resource) -> Iterator[tuple[str, str]]:
    """Yield (message, path) for each reason why a trail is not the multi-Region record of the account."""
    if trail.flag("IsLogging", default=None) is not True:  # required by the schema
        yield "it does not log", "IsLogging"
    if trail.flag("IsMultiRegionTrail", default=False) is not True:
        yield "it records one Region only", "IsMultiRegionTrail"
    if trail.flag("IncludeGlobalServiceEvents", default=True) is False:
        yield "it does not record global services (IAM, STS)", "IncludeGlobalServiceEvents"
    if not _management(trail):
        yield "it does not record all management events", "EventSelectors"


def records_s3_objects(trail: Resource) -> bool:
    """Return whether a trail records reads and writes of all S3 objects."""
    kinds: set[str] = set()
    for selector in _dicts(trail.items("EventSelectors")):
        for data in _dicts(selector.get("DataResources", [])):
            values = data.get("Values", [])
            if data.get("Type") == _S3 and isinstance(values, list) and any(_all_buckets(str(v)) for v in values):
                kinds |= _kinds(selector.get("ReadWriteType", "All"))
    for selector in _dicts(trail.items("AdvancedEventSelectors")):
        fields = _fields(selector)
        if fields.get("eventCategory") == ["Data"] and fields.get("resources.type") == [_S3]:
            narrowed = set(fields) - {"eventCategory", "resources.type", "readOnly"}
            if not narrowed:
                kinds |= _advanced_kinds(fields)
    return kinds == {"read", "write"}


def _management(trail: Resource) -> bool:
    basic, advanced = trail.items("EventSelectors"), trail.items("AdvancedEventSelectors")
    if not basic and not advanced:
        return True  # absent means all management events
    kinds: set[str] = set()
    for selector in _dicts(basic):
        hidden = selector.get("ExcludeManagementEventSources") or []
        if not (isinstance(hidden, list) and _KMS not in hidden):
            continue  # use of keys is not recorded
        if str(selector.get("IncludeManagementEvents", True)).lower() == "true":
            kinds |= _kinds(selector.get("ReadWriteType", "All"))
    for selector in _dicts(advanced):
        fields = _fields(selector)
        if fields.get("eventCategory") == ["Management"] and set(fields) <= {"eventCategory", "readOnly"}:
            kinds |= _advanced_kinds(fields)
    return kinds == {"read", "write"}


def _kinds(value: Any) -> set[str]:
    return {"All": {"read", "write"}, "ReadOnly": {"read"}, "WriteOnly": {"write"}}.get(str(value), set())


def _advanced_kinds(fields: dict[str, Any]) -> set[str]:
    wanted = fields.get("readOnly")
    return {"read", "write"} if wanted is None else {"read"} if wanted == ["true"] else {"write"}


def _fields(selector: dict[str, Any]) -> dict[str, Any]:
    fields = _dicts(selector.get("FieldSelectors", []))
    return {str(field.get("Field")): field.get("Equals", []) for field in fields}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _all_buckets(value: str) -> bool:
    return value.endswith((":s3", ":s3:::"))
