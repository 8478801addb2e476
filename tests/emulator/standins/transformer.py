"""A stand-in for input transformers. ministack renders the placeholders, as EventBridge's guide says.

Added: JSON paths with array indices and wildcards, and a refusal of templates of a JSON object or list that an event makes
into broken JSON: the guide says that values are not escaped, so a quote within a value that stands inside a text breaks
it. A template that is a text, in quotes, may become anything: EventBridge takes several quoted lines, which are no JSON
either. A path that the event does not have yields an empty text.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

_STEP = re.compile(r"\.([A-Za-z0-9_/-]+|\*)|\[(\d+|\*)\]|\['([^']+)'\]")
_PATH = re.compile(rf"\$(?:{_STEP.pattern})*")


class TransformError(ValueError):
    """EventBridge cannot make the target's input."""


def install() -> None:
    """Put the stand-in into ministack's EventBridge."""
    from ministack.services import eventbridge

    eventbridge._apply_input_transformer = apply


def apply(transformer: dict[str, Any], rule: dict[str, Any], view: Any) -> str:
    """Return the target's input.

    Raises:
        TransformError: EventBridge refuses it, or it is broken JSON.
    """
    from ministack.services import eventbridge

    event = view.event_with_detail()
    values = {name: select(event, path) for name, path in (transformer.get("InputPathsMap") or {}).items()}
    values |= {
        "aws.events.event.json": event,
        "aws.events.event": view.envelope(),
        "aws.events.event.ingestion-time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws.events.rule-name": rule.get("Name", ""),
        "aws.events.rule-arn": rule.get("Arn", ""),
    }
    text = str(eventbridge._render_input_template(transformer["InputTemplate"], values))
    check(transformer, text)
    return text


def select(event: Any, path: str) -> Any:
    """Return what a path names; an empty text where there is nothing.

    Raises:
        TransformError: The path is outside EventBridge's subset.
    """
    if not _PATH.fullmatch(path):
        raise TransformError(f"EventBridge does not know the JSON path {path}")
    values, many = [event], False
    for name, index, odd in _STEP.findall(path.removeprefix("$")):
        many = many or "*" in (name, index)
        values = [child for value in values for child in _children(value, name or odd, index)]
    if many:
        return values
    return values[0] if values else ""


def _children(value: Any, name: str, index: str) -> list[Any]:
    if "*" in (name, index):
        return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if index:
        return value[int(index) : int(index) + 1] if isinstance(value, list) else []
    return [value[name]] if isinstance(value, dict) and name in value else []


def check(transformer: dict[str, Any], text: str) -> None:
    """Refuse what EventBridge refuses, and JSON that is broken.

    Raises:
        TransformError: It says why.
    """
    template = transformer.get("InputTemplate", "")
    named = {name for name in re.findall(r"<([A-Za-z0-9_.-]+)>", template) if not name.startswith("aws.events.")}
    if unknown := named - set(transformer.get("InputPathsMap") or {}):
        raise TransformError(f"the template names {sorted(unknown)}, which no path gives")
    if template.lstrip().startswith(("{", "[")):
        try:
            json.loads(text)
        except ValueError as error:
            raise TransformError(f"the template becomes broken JSON ({error}): {text}") from error
