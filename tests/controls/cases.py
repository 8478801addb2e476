"""The table every control is tested with: a good template, and mutations of it that must be caught.

A mutation is a function from a template to a template, addressed by CloudFormation type, so the same mutation also
applies to the templates our constructs synthesize. A control's case is `CASE` in ``tests/controls/<area>/<control>.py``.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hardened_eks.controls.model import Control
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import Finding, Outcome, evaluate

Body = dict[str, Any]
Mutation = Callable[[Body], Body]

ITSELF = ""
"""The path of a finding about a resource or the assembly as a whole: no property of its own is wrong."""


@dataclass(frozen=True, init=False)
class Bad:
    """What must be caught, and at which properties: ``Bad(change(TYPE, "A.B", True), "A.B")``."""

    mutation: Mutation | Body
    """A mutation of the good template, or a whole template."""
    paths: tuple[str, ...]
    """The path of each finding, once."""

    def __init__(self, mutation: Mutation | Body, *paths: str) -> None:
        if not paths:
            raise TypeError('Bad needs the path that the finding names: Bad(change(...), "Some.Property")')
        object.__setattr__(self, "mutation", mutation)
        object.__setattr__(self, "paths", paths)


def at(path: str | tuple[str, ...], rows: Mapping[str, Mutation | Body]) -> dict[str, Bad]:
    """Expect the same path, or paths, of every row: ``bad=at("A.B", {"on": change(...), "left out": drop(...)})``."""
    paths = (path,) if isinstance(path, str) else path
    return {name: Bad(mutation, *paths) for name, mutation in rows.items()}


@dataclass(frozen=True)
class Case:
    """How one control is proved."""

    control: Control
    good: Body
    """A whole template that passes with at least one resource examined."""
    bad: Mapping[str, Bad]
    """Name -> what must be caught, and where."""
    edge: Mapping[str, Mutation | Body] = field(default_factory=dict)
    """Name -> a mutation of `good`, or a template, that must pass all the same (a false alarm if caught)."""
    previous: Body | None = None
    """What is deployed now, for controls that judge a change."""


def template(resources: Mapping[str, tuple[str, Mapping[str, Any]] | Mapping[str, Any]], **sections: Any) -> Body:
    """Build a template: ``template({"Cluster": ("AWS::EKS::Cluster", {...})}, Parameters={...})``."""
    built = {
        name: {"Type": entry[0], "Properties": dict(entry[1])} if isinstance(entry, tuple) else dict(entry)
        for name, entry in resources.items()
    }
    return {"Resources": built, **sections}


def change(type_: str, path: str, value: Any) -> Mutation:
    """Set the property at dotted `path` of every resource of a type (parents are made where missing)."""
    return _at(type_, path, lambda parent, key: parent.__setitem__(key, copy.deepcopy(value)), make=True)


def drop(type_: str, path: str) -> Mutation:
    """Remove the property at dotted `path` of every resource of a type. An empty path removes the resources."""
    if not path:
        return lambda body: {
            **body,
            "Resources": {k: r for k, r in copy.deepcopy(body["Resources"]).items() if r["Type"] != type_},
        }
    return _at(
        type_, path, lambda parent, key: parent.pop(key, None) if isinstance(parent, dict) else parent.pop(int(key))
    )


def add(**resources: Any) -> Mutation:
    """Add resources: ``add(Extra=(type, properties))``."""
    return lambda body: {**body, "Resources": {**body["Resources"], **template(resources)["Resources"]}}


def without(*names: str) -> Mutation:
    """Remove the resources with these logical IDs."""
    return lambda body: {**body, "Resources": {k: v for k, v in body["Resources"].items() if k not in names}}


def hide(type_: str, path: str) -> Mutation:
    """Put the property at dotted `path` behind a parameter, whose value the template does not determine."""

    def mutate(body: Body) -> Body:
        changed = change(type_, path, {"Ref": "HiddenByMutation"})(body)
        return {**changed, "Parameters": {**changed.get("Parameters", {}), "HiddenByMutation": {"Type": "String"}}}

    return mutate


def both(*mutations: Mutation) -> Mutation:
    """Apply several mutations, one after the other."""

    def mutate(body: Body) -> Body:
        for mutation in mutations:
            body = mutation(body)
        return body

    return mutate


def _at(type_: str, path: str, act: Callable[[Any, Any], Any], *, make: bool = False) -> Mutation:
    def mutate(body: Body) -> Body:
        changed = _apart(body)
        for resource in changed["Resources"].values():
            if resource["Type"] != type_:
                continue
            node: Any = resource.setdefault("Properties", {})
            *parents, last = path.split(".")
            for step in parents:
                if isinstance(node, list):
                    node = node[int(step)]
                elif make:
                    node = node.setdefault(step, {})
                else:
                    node = node.get(step, {})
            act(node, int(last) if isinstance(node, list) else last)
        return changed

    return mutate


def _apart(value: Any) -> Any:
    """Return a copy in which no two resources share a list, so that changing one changes one."""
    if isinstance(value, dict):
        return {key: _apart(item) for key, item in value.items()}
    return [_apart(item) for item in value] if isinstance(value, list) else value


def apply(change_: Bad | Mutation | Body, good: Body) -> Body:
    change_ = change_.mutation if isinstance(change_, Bad) else change_
    return change_(good) if callable(change_) else change_


def findings(control: Control, *bodies: Body, previous: Body | None = None) -> list[str]:
    """Return the messages of one control over templates that form one assembly (stacks T0, T1, ...)."""
    return [f"{f.problem.path}: {f.problem.message}" for f in _outcome(control, *bodies, previous=previous).findings]


def caught(case: Case, name: str) -> list[Finding]:
    """Return what the control finds in the mutant `name` of its case."""
    return list(_outcome(case.control, apply(case.bad[name], case.good), previous=case.previous).findings)


def said(case: Case, name: str) -> list[str]:
    """Return what the control says of the mutant `name`, with the resource or other subject it says it of."""
    return [f"{f.subject.id.removeprefix('T0/')}: {f.problem.message}" for f in caught(case, name)]


def examined(control: Control, *bodies: Body) -> int:
    return _outcome(control, *bodies).examined[control]


def _outcome(control: Control, *bodies: Body, previous: Body | None = None) -> Outcome:
    earlier = Assembly([Template("T0", previous)]) if previous else None
    assembly = Assembly([Template(f"T{n}", body) for n, body in enumerate(bodies)], previous=earlier)
    return evaluate(assembly, [control])
