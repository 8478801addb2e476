"""The provider schemas that cfn-lint carries, as CloudFormation applies them to resolved properties."""

from __future__ import annotations

import functools
from typing import Any

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

REGION = "us-east-1"


class InvalidPropertiesError(ValueError):
    pass


@functools.cache
def known_types() -> frozenset[str]:
    from cfnlint.schema.manager import ProviderSchemaManager  # noqa: F401

    return frozenset(PROVIDER_SCHEMA_MANAGER.get_resource_types(REGION))


def has(type_: str) -> bool:
    return type_ in known_types()


@functools.cache
def schema(type_: str) -> dict[str, Any]:
    return PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, type_).schema


def create_only(type_: str) -> tuple[str, ...]:
    return tuple(
        p.removeprefix("/properties/").replace("/", ".") for p in schema(type_).get("createOnlyProperties", ())
    )


def read_only(type_: str) -> tuple[str, ...]:
    return tuple(p.removeprefix("/properties/").replace("/", ".") for p in schema(type_).get("readOnlyProperties", ()))


def longest(type_: str, name: str) -> int | None:
    """Return the most characters that a property at the top may have; None where the schema does not say."""
    root = schema(type_)
    found = root["properties"].get(name, {})
    if "$ref" in found:
        found = root["definitions"][found["$ref"].rpartition("/")[2]]
    most: int | None = found.get("maxLength")
    return most


def validate(type_: str, props: Any) -> None:
    """Raise what CloudFormation would say of the properties."""
    root = schema(type_)
    props = _without_own_tags(props)
    problems = list(
        _problems(
            props, {k: root[k] for k in ("properties", "required", "additionalProperties") if k in root}, root, "#"
        )
    )
    if problems:
        raise InvalidPropertiesError(
            f"Properties validation failed for resource of type {type_} with message: [{'; '.join(problems)}]"
        )


def _without_own_tags(props: Any) -> Any:
    """Leave out the tags that the engine adds by itself: CloudFormation validates what the template says."""
    tags = props.get("Tags") if isinstance(props, dict) else None
    if not isinstance(tags, list):
        return props
    kept = [tag for tag in tags if not (isinstance(tag, dict) and str(tag.get("Key")).startswith("aws:"))]
    return {**props, "Tags": kept}


def _problems(value: Any, rule: dict[str, Any], root: dict[str, Any], where: str):  # type: ignore[no-untyped-def]
    if "$ref" in rule:
        target: Any = root
        for part in rule["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        yield from _problems(value, target, root, where)
    wanted = rule.get("type")
    if wanted and not _is_type(value, wanted):
        yield f"{where}: expected type: {wanted}, found: {type(value).__name__}"
        return
    if "enum" in rule and str(value) not in map(str, rule["enum"]):
        yield f"{where}: {value!r} is not a valid enum value"
    if isinstance(value, str):
        yield from _text_problems(value, rule, where)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if "minimum" in rule and value < rule["minimum"]:
            yield f"{where}: {value} is not greater or equal to {rule['minimum']}"
        if "maximum" in rule and value > rule["maximum"]:
            yield f"{where}: {value} is not less or equal to {rule['maximum']}"
    if isinstance(value, list):
        if not rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", len(value)):
            yield f"{where}: expected {rule.get('minItems', 0)} to {rule.get('maxItems')} items, found {len(value)}"
        for index, item in enumerate(value):
            if isinstance(rule.get("items"), dict):
                yield from _problems(item, rule["items"], root, f"{where}/{index}")
    if isinstance(value, dict):
        yield from _object_problems(value, rule, root, where)


def _text_problems(value: str, rule: dict[str, Any], where: str):  # type: ignore[no-untyped-def]
    import regex

    if not rule.get("minLength", 0) <= len(value) <= rule.get("maxLength", len(value)):
        yield f"{where}: expected length {rule.get('minLength', 0)} to {rule.get('maxLength')}, found {len(value)}"
    if "pattern" in rule and not regex.search(rule["pattern"], value):
        yield f"{where}: {value!r} does not match pattern {rule['pattern']}"


def _object_problems(value: dict[str, Any], rule: dict[str, Any], root: dict[str, Any], where: str):  # type: ignore[no-untyped-def]
    properties = rule.get("properties")
    for name in rule.get("required", ()):
        if name not in value:
            yield f"{where}: required key [{name}] not found"
    if properties is None:
        return
    for name, item in value.items():
        if name in properties:
            yield from _problems(item, properties[name], root, f"{where}/{name}")
        elif rule.get("additionalProperties") is False and not rule.get("patternProperties"):
            yield f"{where}: extraneous key [{name}] is not permitted"


def _is_type(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return any(_is_type(value, one) for one in wanted)
    # CloudFormation converts texts to the type a schema wants.
    checks = {
        "string": isinstance(value, str | int | float | bool),
        "boolean": isinstance(value, bool) or str(value).lower() in {"true", "false"},
        "integer": (isinstance(value, int) and not isinstance(value, bool))
        or (isinstance(value, str) and value.lstrip("-").isdecimal()),
        "number": isinstance(value, int | float) or (isinstance(value, str) and value.replace(".", "", 1).isdecimal()),
        "object": isinstance(value, dict),
        "array": isinstance(value, list),
    }
    if wanted == "object" and isinstance(value, str):
        return True  # documents may be given as text
    return checks.get(wanted, True)
