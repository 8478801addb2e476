"""A stand-in for Logs Insights: queries that really filter. ministack ignores what it does not know; this one refuses it.

Commands: ``fields`` and ``display`` (names, `coalesce`, ``as``), ``filter``, ``stats`` (count, count_distinct, sum, avg, min, max,
earliest, latest; ``by`` names and ``bin(5m)``; ``as``), ``sort``, ``dedup``, ``limit``, comments with ``#``.
Conditions: ``= != < <= > >=``, ``like`` and ``=~`` with a text or ``/regex/``, ``not like``, ``in [...]``, ``not in``,
``and or not ( )``, `ispresent`, `isempty`, `isblank`, `strcontains`, `isIpv4InSubnet`, `toMillis`.

Fields of JSON lines are found as Insights finds them: nested names and indices joined by dots, ``sourceIPs.0``; names with
odd characters stand in backticks. A comparison with an absent field is false, ``!=`` and ``not like`` too (AWS does not
document it: ask for `ispresent` as well). A query is Running for `SECONDS`, so that who does not wait sees nothing.

Not here: parse, pattern, diff, functions in ``fields``, arithmetic; the delay until a line is indexed.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.emulator.standins.insights_language import (
    MalformedQueryError,
    Row,
    Test,
    Tokens,
    commands,
    condition,
    read_names,
    number_of,
    text_of,
    tokens_of,
)

SECONDS = 0.3
_BIN = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {
    "count": len,
    "count_distinct": lambda values: len({str(value) for value in values}),
    "sum": lambda values: sum(map(float, values)),
    "avg": lambda values: sum(map(float, values)) / len(values) if values else None,
    "min": lambda values: min(values, default=None),
    "max": lambda values: max(values, default=None),
    "earliest": lambda values: values[0] if values else None,
    "latest": lambda values: values[-1] if values else None,
}


def install() -> None:
    """Put the stand-in into ministack's CloudWatch Logs."""
    from ministack.core.responses import error_response_json, json_response
    from ministack.services import cloudwatch_logs as logs

    start, results = logs._start_query, logs._get_query_results

    def start_query(data: dict[str, Any]) -> Any:
        try:
            query = Query(data["queryString"])
        except MalformedQueryError as error:
            return error_response_json("MalformedQueryException", str(error), 400)
        plain = {**data, "queryString": "fields @timestamp"}
        plain.pop("limit", None)
        answer = start(plain)
        if answer[0] != 200:
            return answer
        record = logs._queries[json.loads(answer[2])["queryId"]]
        groups = logs._resolve_query_log_groups(data)
        # The end is within the range: all of its second is, since state machines wait less here than there.
        end = int(data.get("endTime", time.time())) + 1
        found = logs._collect_query_records(groups, data.get("startTime", 0), end)
        rows, matched = query.run([_row(one) for one in found])
        rows = rows[: int(data.get("limit") or 10000)]
        record.update(queryString=data["queryString"], results=rows, standInStarted=time.monotonic())
        record["statistics"]["recordsMatched"] = float(matched)
        return answer

    def get_query_results(data: dict[str, Any]) -> Any:
        record = logs._queries.get(data.get("queryId")) or {}
        if time.monotonic() - record.get("standInStarted", 0) < SECONDS:
            return json_response({"status": "Running", "results": [], "statistics": record["statistics"]})
        return results(data)

    logs._start_query, logs._get_query_results = start_query, get_query_results


def _row(record: dict[str, Any]) -> Row:
    """Return the fields of a log event."""
    row = {name: value for name, value in record.items() if name.startswith("@")}
    row["toMillis(@timestamp)"] = record["_timestamp_ms"]
    try:
        line = json.loads(record["@message"])
    except ValueError:
        return row
    return {**dict(_flat(line)), **row} if isinstance(line, dict) else row


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict | list):
        for name, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _flat(child, f"{path}.{name}" if path else str(name))
    elif value is not None:
        yield path, int(value) if isinstance(value, bool) else value


class Query:
    """A query that is read, to be run over rows."""

    def __init__(self, text: str) -> None:
        """Read it.

        Raises:
            MalformedQueryError: It says what cannot be read.
        """
        self._steps: list[Callable[[list[Row]], list[Row]]] = []
        self._shown: list[str] | None = None
        self._by_event = True
        self._filters: list[Test] = []
        for command in commands(tokens_of(re.sub(r"(?m)(^|\s)#.*$", "", text))):
            self._read(Tokens(command))

    def run(self, rows: list[Row]) -> tuple[list[list[dict[str, str]]], int]:
        """Return the result, as GetQueryResults has it, and the number of events that match."""
        matched = sum(all(test(row) for test in self._filters) for row in rows)
        for step in self._steps:
            rows = step(rows)
        shown = self._shown or ["@timestamp", "@message", "@logStream", "@log"]
        if self._by_event and "@ptr" not in shown:
            shown = [*shown, "@ptr"]
        found = [[{"field": name, "value": text_of(row[name])} for name in shown if name in row] for row in rows]
        return found, matched

    def _read(self, tokens: Tokens) -> None:
        command = tokens.word().lower()
        if command in {"fields", "display"}:
            self._fields(tokens, command)
        elif command == "filter":
            test = condition(tokens)
            self._filters += [test] if self._by_event else []
            self._steps.append(lambda rows: [row for row in rows if test(row)])
        elif command == "stats":
            self._stats(tokens)
        elif command == "sort":
            self._sort(tokens)
        elif command == "dedup":
            names = read_names(tokens)
            self._steps.append(
                lambda rows: list({tuple(row.get(n) for n in names): row for row in reversed(rows)}.values())[::-1]
            )
        elif command == "limit":
            most = int(tokens.take("number"))
            self._steps.append(lambda rows: rows[:most])
        else:
            raise MalformedQueryError(f"this stand-in does not know the command {command}")
        tokens.end()

    def _fields(self, tokens: Tokens, command: str) -> None:
        shown: list[str] = []
        made: dict[str, list[str]] = {}
        while True:
            name, sources = tokens.name(), list[str]()
            if tokens.accept("("):
                if name != "coalesce":
                    raise MalformedQueryError(f"this stand-in does not know the function {name}")
                sources = read_names(tokens)
                tokens.expect(")")
            if tokens.accept("as"):
                sources = sources or [name]
                name = tokens.name()
            if sources:
                made[name] = sources
            shown.append(name)
            if not tokens.accept(","):
                break

        def compute(row: Row) -> Row:
            found = {new: next((row[old] for old in olds if old in row), None) for new, olds in made.items()}
            return row | {new: value for new, value in found.items() if value is not None}

        self._steps.append(lambda rows: [compute(row) for row in rows])
        before = self._shown if command == "fields" and self._shown else []
        self._shown = [*before, *(name for name in shown if name not in before)]

    def _stats(self, tokens: Tokens) -> None:
        made: list[tuple[str, str, str]] = []
        while True:
            function = tokens.word()
            if function not in _AGGREGATES:
                raise MalformedQueryError(f"this stand-in does not know the function {function}")
            tokens.expect("(")
            field = "*" if tokens.accept("*") else tokens.name()
            tokens.expect(")")
            name = tokens.name() if tokens.accept("as") else f"{function}({field})"
            made.append((name, function, field))
            if not tokens.accept(","):
                break
        keys = read_names(tokens, bins=True) if tokens.accept("by") else []

        def stats(rows: list[Row]) -> list[Row]:
            groups: dict[tuple[Any, ...], list[Row]] = {} if keys else {(): []}
            for row in rows:
                groups.setdefault(tuple(_key(row, key) for key in keys), []).append(row)
            return [
                {key: value for key, value in zip(keys, group, strict=True) if value is not None}
                | {name: _aggregate(function, field, members) for name, function, field in made}
                for group, members in groups.items()
            ]

        self._steps.append(stats)
        self._shown, self._by_event = [*keys, *(name for name, _, _ in made)], False

    def _sort(self, tokens: Tokens) -> None:
        orders: list[tuple[str, bool]] = []
        while True:
            name = tokens.name()
            if tokens.accept("("):
                name += "(" + ("*" if tokens.accept("*") else tokens.name()) + ")"
                tokens.expect(")")
            orders.append((name, tokens.accept("desc") or (tokens.accept("asc") and False)))
            if not tokens.accept(","):
                break

        def sort(rows: list[Row]) -> list[Row]:
            for name, down in reversed(orders):
                rows = sorted(rows, key=lambda row: _order(row.get(name)), reverse=down)
            return rows

        self._steps.append(sort)


def _key(row: Row, key: str) -> Any:
    found = re.fullmatch(r"bin\((\d+)([smhd])\)", key)
    if found is None:
        return row.get(key)
    wide = int(found[1]) * _BIN[found[2]]
    at = row["toMillis(@timestamp)"] // 1000 // wide * wide
    return time.strftime("%Y-%m-%d %H:%M:%S.000", time.gmtime(at))


def _aggregate(function: str, field: str, rows: list[Row]) -> Any:
    return _AGGREGATES[function](rows if field == "*" else [row[field] for row in rows if field in row])


def _order(value: Any) -> tuple[int, float, str]:
    number = number_of(value)
    return (0, 0, "") if value is None else (1, number, "") if number is not None else (2, 0, str(value))
