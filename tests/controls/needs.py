"""How much of a case a control must see: worked out by showing it less, and comparing what it finds."""

import copy
from collections.abc import Iterable, Iterator
from typing import Any

from hardened_eks.controls.model import NEEDS, Control, Needs
from hardened_eks.evidence import Assembly, Template
from hardened_eks.evidence.expressions import VARIABLE
from hardened_eks.judging.evaluation import evaluate
from tests.controls.cases import Body, Case, apply

Verdict = frozenset[tuple[str, str]]
"""What is wrong with one resource or not seen of it, and with what is not a resource: subject and property path."""
# What every template of a stack can say; the rest is seen by who sees the template.
_SHARED = ("Parameters", "Mappings", "Conditions", "Transform")


def needed(control: Control, cases: Iterable[Case]) -> Needs:
    """Return the narrowest mark with which `control` comes to the same verdict on all of its cases."""
    found: set[Needs] = {"resource"}
    for case in cases:
        for body in (case.good, *(apply(other, case.good) for other in (*case.bad.values(), *case.edge.values()))):
            found.update(_needed(control, body, case.previous))
    return max(found, key=NEEDS.index)


def _needed(control: Control, body: Body, previous: Body | None) -> Iterator[Needs]:
    """Yield what the verdict on each resource needs."""
    whole = verdicts(control, [body], [previous])
    for name, resource in resources(body).items():
        if resource.get("Type") not in control.types and control.types != ("*",):
            continue
        alone = verdicts(control, [only(body, name)], [only(previous, name)])
        if alone.get(name) != whole.get(name) or alone.get("") != whole.get(""):
            yield "stack"
        # The resource and the rest of its template in two stacks: what is seen across them is not in its own template.
        apart = split(body, name)
        earlier = split(previous, name)
        together, own = verdicts(control, apart, earlier), verdicts(control, apart[:1], earlier[:1])
        if together.get(name) != own.get(name) or together.get("") != own.get(""):
            yield "assembly"


def verdicts(control: Control, bodies: list[Body], previous: list[Body | None]) -> dict[str, Verdict]:
    """Return the verdict on each resource by logical id; under "" that on the rest of the first template and on all."""
    earlier = [Template(f"T{n}", body) for n, body in enumerate(previous) if body]
    assembly = Assembly(
        [Template(f"T{n}", body) for n, body in enumerate(bodies)], previous=Assembly(earlier) if earlier else None
    )
    found: dict[str, set[tuple[str, str]]] = {}
    outcome = evaluate(assembly, [control])
    # A value that another template exports is read there: whoever sees the resource alone is given the value itself.
    unseen = (one for one in outcome.unseen if not one.problem.openings)
    for finding in (*outcome.findings, *unseen):
        name = finding.resource.logical_id if finding.resource else ""
        if name or finding.subject.stack in {"", "T0"}:
            found.setdefault(name, set()).add((finding.subject.id, finding.problem.path))
    return {name: frozenset(problems) for name, problems in found.items()}


def resources(body: Body | None) -> dict[str, Any]:
    found = (body or {}).get("Resources")
    return {name: entry for name, entry in found.items() if isinstance(entry, dict)} if isinstance(found, dict) else {}


def only(body: Body | None, name: str) -> Body:
    """Return the template with that resource alone."""
    shared = {section: body[section] for section in _SHARED if body and section in body}
    return {**shared, "Resources": {k: entry for k, entry in resources(body).items() if k == name}}


def split(body: Body | None, name: str) -> list[Body]:
    """Return the resource and its template's outputs, and the other resources, as two stacks that import by name."""
    if body is None:
        return []
    here = {**body, "Resources": {k: entry for k, entry in resources(body).items() if k == name}}
    there = {**only(body, ""), "Resources": {k: entry for k, entry in resources(body).items() if k != name}}
    exports: list[dict[str, Any]] = [{}, {}]
    apart = [
        _imports(part, other, into) for part, other, into in ((here, there, exports[1]), (there, here, exports[0]))
    ]
    for part, exported in zip(apart, exports, strict=True):
        outputs = part.get("Outputs")
        part["Outputs"] = {**(outputs if isinstance(outputs, dict) else {}), **exported}
    return apart


def _imports(part: Body, other: Body, exports: dict[str, Any]) -> Body:
    """Return `part` with references to resources of `other` as imports, and note what `other` exports for them."""
    theirs = set(other["Resources"])

    def imported(reference: dict[str, Any], name: str) -> dict[str, str]:
        exports[f"Export{len(exports)}"] = {"Value": reference, "Export": {"Name": name}}
        return {"Fn::ImportValue": name}

    def rewrite(value: Any) -> Any:
        if isinstance(value, list):
            return [rewrite(item) for item in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((function, argument),) = value.items()
            if function == "Ref" and isinstance(argument, str) and argument in theirs:
                return imported(value, f"split:{argument}")
            parts = argument.split(".", 1) if isinstance(argument, str) else argument
            if function == "Fn::GetAtt" and isinstance(parts, list) and parts and parts[0] in theirs:
                return imported(value, f"split:{'.'.join(map(str, parts))}")
            if function == "Fn::Sub":
                return substituted(argument)
        return {key: rewrite(item) for key, item in value.items()}

    def substituted(argument: Any) -> dict[str, Any]:
        pattern, variables = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
        if not isinstance(pattern, str) or not isinstance(variables, dict):
            return {"Fn::Sub": argument}
        variables = rewrite(variables)
        for literal, mentioned in VARIABLE.findall(pattern):
            if literal or mentioned in variables or mentioned.split(".")[0] not in theirs:
                continue
            parts = mentioned.split(".", 1)
            reference = {"Fn::GetAtt": parts} if len(parts) == 2 else {"Ref": mentioned}
            variable = f"Import{len(variables)}"
            variables[variable] = imported(reference, f"split:{mentioned}")
            pattern = pattern.replace(f"${{{mentioned}}}", f"${{{variable}}}")
        return {"Fn::Sub": [pattern, variables] if variables else pattern}

    return {key: rewrite(copy.deepcopy(section)) for key, section in part.items()}
