"""Mutants of policies: each line removed, each operand of each expression, each anchor, each item of each list."""

import copy
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Spec = dict[str, Any]


@dataclass(frozen=True)
class Mutant:
    what: str
    policy: Spec
    part: str | None = None
    """Which list of the specification holds what was changed; None: the constraints."""
    index: int = 0
    expression: str | None = None
    """What the entry says now. None: it is gone."""


def mutants(policy: Spec) -> Iterator[Mutant]:
    """Yield changed copies of a rendered ValidatingAdmissionPolicy."""
    spec = policy["spec"]
    yield from _constraints(policy)
    for part in ("matchConditions", "validations", "variables"):
        for index, entry in enumerate(spec.get(part, ())):
            name = entry.get("name") or entry.get("message", "")[:40]
            if part != "validations" or len(spec[part]) > 1:
                yield Mutant(f"{part}: without {name!r}", policy, part, index)
            count: Counter[str] = Counter()
            for what, expression in expressions(entry["expression"]):
                count[what] += 1
                label = f"{part} {name!r}: {what}" + (f" ({count[what]})" if count[what] > 1 else "")
                yield Mutant(label, policy, part, index, expression)


def _constraints(policy: Spec) -> Iterator[Mutant]:
    rules = policy["spec"]["matchConstraints"]["resourceRules"]
    for index, rule in enumerate(rules):
        for key in ("apiGroups", "apiVersions", "operations", "resources"):
            for item in rule[key]:
                changed = copy.deepcopy(policy)
                changed["spec"]["matchConstraints"]["resourceRules"][index][key].remove(item)
                yield Mutant(f"matches no {key} {item!r} in rule {index}", changed)


def expressions(text: str) -> Iterator[tuple[str, str]]:
    """Yield what was changed and the changed expression."""
    masked = _mask(text)
    for start, end in _groups(masked):
        for operator in ("||", "&&"):
            parts = _split(masked, start, end, operator)
            if len(parts) > 1:
                for index, (first, last) in enumerate(parts):
                    rest = [text[a:b].strip() for i, (a, b) in enumerate(parts) if i != index]
                    changed = f"{text[:start]} {f' {operator} '.join(rest)} {text[end:]}"
                    yield f"without {operator} {text[first:last].strip()!r}", changed
                break  # operands of || are groups of && and are split below
        else:
            continue
        if operator == "||":
            for first, last in parts:
                inner = _split(masked, first, last, "&&")
                if len(inner) > 1:
                    for index, (a, b) in enumerate(inner):
                        rest = [text[x:y].strip() for i, (x, y) in enumerate(inner) if i != index]
                        yield f"without && {text[a:b].strip()!r}", f"{text[:first]} {' && '.join(rest)} {text[last:]}"
    for match in re.finditer(r"!(?!=)", masked):
        yield f"without ! at {match.start()}", text[: match.start()] + text[match.end() :]
    for match in re.finditer(r"\.startsWith\(", masked):
        changed = f"{text[: match.start()]}.contains({text[match.end() :]}"
        yield f"contains{text[match.end() - 1 : match.end() + 40]!r}", changed
    for match in re.finditer(r"['\"]((?:[^'\"\\]|\\.)*)['\"]", text):
        yield from _strings(text, match)
    for start, end in _lists(masked):
        items = _split(masked, start, end, ",")
        if len(items) > 1:
            for index, (a, b) in enumerate(items):
                rest = ",".join(text[x:y] for i, (x, y) in enumerate(items) if i != index)
                yield f"without item {text[a:b].strip()!r}", text[:start] + rest + text[end:]


def _strings(text: str, match: re.Match[str]) -> Iterator[tuple[str, str]]:
    if not re.search(r"matches\($", text[: match.start()]):
        return
    pattern = match[1]
    if pattern.startswith("^"):
        yield f"without ^ in {pattern!r}", text[: match.start(1)] + pattern[1:] + text[match.end(1) :]
    if pattern.endswith("$"):
        yield f"without $ in {pattern!r}", text[: match.start(1)] + pattern[:-1] + text[match.end(1) :]
    if "(?i)" in pattern:
        yield (
            f"without (?i) in {pattern!r}",
            text[: match.start(1)] + pattern.replace("(?i)", "") + text[match.end(1) :],
        )


def _mask(text: str) -> str:
    """Return the text with what is in quotes blanked out, of the same length."""
    return re.sub(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", lambda m: "_" * len(m[0]), text)


def _groups(masked: str) -> Iterator[tuple[int, int]]:
    """Yield the span of the whole, and of what is between brackets, at commas and at the parts of a ternary."""
    stack = [0]
    spans = [(0, len(masked))]
    for index, char in enumerate(masked):
        if char in "([{":
            stack.append(index + 1)
        elif char in ")]}":
            spans.append((stack.pop(), index))
    for start, end in spans:
        for first, last in _split(masked, start, end, ","):
            yield from _ternary(masked, first, last)


def _ternary(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    cuts = [
        start - 1,
        *(i for i in _top(masked, start, end) if masked[i] in "?:" and masked[i - 1 : i + 2] != "'::'"),
        end,
    ]
    for first, last in zip(cuts, cuts[1:], strict=False):
        yield first + 1, last


def _lists(masked: str) -> Iterator[tuple[int, int]]:
    stack = []
    for index, char in enumerate(masked):
        if char in "([{":
            stack.append(index)
        elif char in ")]}":
            start = stack.pop()
            if char == "]" and (start == 0 or masked[start - 1] in " ([,"):
                yield start + 1, index


def _top(masked: str, start: int, end: int) -> Iterator[int]:
    depth = 0
    for index in range(start, end):
        if masked[index] in "([{":
            depth += 1
        elif masked[index] in ")]}":
            depth -= 1
        elif depth == 0:
            yield index


def _split(masked: str, start: int, end: int, operator: str) -> list[tuple[int, int]]:
    parts, last = [], start
    for index in _top(masked, start, end):
        if index >= last and masked[index : index + len(operator)] == operator:
            parts.append((last, index))
            last = index + len(operator)
    return [*parts, (last, end)]
