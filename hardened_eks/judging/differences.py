"""Compare the properties of a template with those of an account, each with its path."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hardened_eks.evidence import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTHING: Final = None
"""A placeholder for a missing property or list entry on one side."""
_NAMES: Final = ("Key", "Name", "Sid", "Id", "PolicyName", "DeviceName", "ResourceType", "AttributeName", "Type")
"""Properties that identify the entries of a list, the best first."""
_TEXTS: Final = frozenset({"Action", "NotAction", "Resource", "NotResource"})
_ROOT: Final = ":root"


class Difference(NamedTuple):
    """One property that differs."""

    path: str
    """The dotted path; list entries that no index identifies have the path of the list."""
    written: Any
    """The value in the template; None if it is missing."""
    live: Any
    """The value in the account; None if it is missing."""


def differences(written: Any, live: Any, path: str = "", *, exact: bool = False) -> Iterator[Difference]:
    """Yield the differences between `live` and `written`.

    A value that is known only at deployment differs only from a missing value, and a value that was not seen never
    differs. Numbers and booleans may be strings, policies may be JSON strings, and lists may have any order. Keys that
    are not in the template belong to the service, unless `exact`.
    """
    if isinstance(live, Unknown):
        return
    if isinstance(written, Unknown):
        if live in (None, "", [], {}) and _is_made(written):
            yield Difference(path, str(written), NOTHING)
        return
    written, live = _read(written), _read(live)
    if isinstance(written, list) != isinstance(live, list):
        written, live = (_listed(side) for side in (written, live))
    if isinstance(written, dict) and isinstance(live, dict):
        policy = "Statement" in written or "Statement" in live
        if policy:
            written, live = _policy(written), _policy(live)
        yield from _of_mappings(written, live, path, exact=exact or policy)
    elif isinstance(written, list) and isinstance(live, list):
        yield from _of_lists(written, live, path, exact=exact)
    elif _word(written) != _word(live):
        yield Difference(path, written if written not in ("", [], {}) else NOTHING, live)


def _of_mappings(written: dict[str, Any], live: dict[str, Any], path: str, *, exact: bool) -> Iterator[Difference]:
    for key in (*written, *(key for key in live if key not in written and exact)):
        yield from differences(written.get(key), live.get(key), f"{path}.{key}" if path else key, exact=exact)


def _of_lists(written: list[Any], live: list[Any], path: str, *, exact: bool) -> Iterator[Difference]:
    missing: list[tuple[int, Any]] = []
    beyond = list(enumerate(live))
    open_: list[Unknown] = []
    for index, item in enumerate(written):
        if isinstance(item, Unknown):
            open_.append(item)
            continue
        same = next((one for one in beyond if not any(differences(item, one[1], exact=exact))), None)
        if same is None:
            missing.append((index, item))
        else:
            beyond.remove(same)
    for index, item in list(missing):
        twin = _twin(item, [one for _, one in beyond]) or (
            beyond[0][1] if len(missing) == len(beyond) == 1 and isinstance(item, dict) and not open_ else None
        )
        if twin is not None and isinstance(twin, dict):
            yield from differences(item, twin, f"{path}.{index}", exact=exact)
            missing.remove((index, item))
            beyond = [one for one in beyond if one[1] is not twin]
    yield from (Difference(path, _shown(item), NOTHING) for _, item in missing)
    yield from (Difference(path, NOTHING, _shown(item)) for _, item in beyond[len(open_) :])
    yield from (Difference(path, str(item), NOTHING) for item in open_[len(beyond) :] if _is_made(item))


def _is_made(value: Unknown) -> bool:
    """Return whether a value that is known only at deployment is certainly not empty."""
    expression = value.expression
    if not isinstance(expression, dict) or "Fn::If" in expression:
        return False
    name = expression.get("Ref")
    return "Ref" not in expression or (isinstance(name, str) and name in value.template.resources)


def _twin(item: Any, others: list[Any]) -> Any:
    """Return the entry with the same identifying property."""
    if not isinstance(item, dict):
        return None
    for name in _NAMES:
        if isinstance(item.get(name), str):
            named = [one for one in others if isinstance(one, dict) and one.get(name) == item[name]]
            return named[0] if len(named) == 1 else None
    return None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def _read(value: Any) -> Any:
    """Return the content of a JSON string, and any other value unchanged."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _word(value: Any) -> Any:
    """Return a value as a comparable string: empty and false values equal a missing value."""
    if value in (None, "", False, [], {}) or value == "false":
        return ""
    return "true" if value is True else f"{value:g}" if isinstance(value, float) else str(value)


def _policy(document: dict[str, Any]) -> dict[str, Any]:
    statements = document.get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    return {"Statement": [_statement(one) if isinstance(one, dict) else one for one in listed]}


def _statement(statement: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in statement.items():
        if key in _TEXTS:
            found[key] = value if isinstance(value, list) else [value]
        elif key in {"Principal", "NotPrincipal"} and isinstance(value, dict):
            found[key] = {kind: _principals(one) for kind, one in value.items()}
        elif key in {"Principal", "NotPrincipal"} and value == "*":
            found[key] = {"AWS": ["*"]}
        elif key == "Condition" and isinstance(value, dict):
            found[key] = {
                operator: {name: one if isinstance(one, list) else [one] for name, one in tests.items()}
                if isinstance(tests, dict) else tests
                for operator, tests in value.items()
            }  # fmt: skip
        elif value not in ("", [], {}):
            found[key] = value
    return found


def _principals(value: Any) -> Any:
    """Return principals as a list, with the account number in place of its root principal."""
    listed = value if isinstance(value, list) else [value]
    return [
        one.split(":")[4] if isinstance(one, str) and one.startswith("arn:") and one.endswith(_ROOT) else one
        for one in listed
    ]


def _shown(value: Any) -> Any:
    """Return a value for a report, with unknown values rendered as strings."""
    if isinstance(value, Unknown):
        return str(value)
    if isinstance(value, dict):
        return {key: _shown(item) for key, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list) else value
