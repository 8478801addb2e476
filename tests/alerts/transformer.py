"""What EventBridge's input transformer makes of an event, with the worst of what is documented.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html: a value that stands alone in a
JSON template is quoted and escaped; one inside a text is not escaped (`escaping=False`), or is, as some report
(`escaping=True`): a template has to be right with both. A path that is not in the event gives an empty text; an object
inside a text loses its quotes.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

RULE_ARN = "arn:aws:events:eu-west-1:123456789012:rule/Payments-Rule1A2B"
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|<[\w.-]+>')
_PLACE = re.compile(r"<([\w.-]+)>")
_PATH = re.compile(r"\.([\w-]+)|\[(\d+)\]")


def apply(transformer: Mapping[str, Any], event: dict[str, Any], *, escaping: bool = False) -> str:
    """Return the input of the target; `transformer` in CloudFormation's spelling."""
    reserved = {
        "aws.events.event.json": event,
        "aws.events.event": {key: value for key, value in event.items() if key != "detail"},
        "aws.events.rule-arn": RULE_ARN,
        "aws.events.rule-name": RULE_ARN.rpartition("/")[2],
        "aws.events.event.ingestion-time": "2026-11-29T08:00:00Z",
    }
    values = {name: look_up(path, event) for name, path in transformer.get("InputPathsMap", {}).items()} | reserved
    unknown = set(_PLACE.findall(transformer["InputTemplate"])) - set(values)
    assert not unknown, f"EventBridge refuses a template with undefined names: {unknown}"

    def inside(match: re.Match[str]) -> str:
        value = values[match[1]]
        text = value if isinstance(value, str) else json.dumps(value).replace('"', "")
        return json.dumps(text)[1:-1] if escaping else text

    def one(match: re.Match[str]) -> str:
        token = match[0]
        return _PLACE.sub(inside, token) if token.startswith('"') else json.dumps(values[token[1:-1]])

    return _TOKEN.sub(one, transformer["InputTemplate"])


def look_up(path: str, event: dict[str, Any]) -> Any:
    value: Any = event
    assert path.startswith("$")
    for key, index in _PATH.findall(path[1:]):
        try:
            value = value[int(index)] if index else value[key]
        except (KeyError, IndexError, TypeError):
            return ""
    return value
