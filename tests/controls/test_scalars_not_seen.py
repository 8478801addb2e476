"""A control never counts a resource as examined where a parameter holds the value that it asks for.

Mechanically, over every case: each plain value of a template that must be caught is put behind a parameter without a
default. The finding may then stay, or become another, or the control says that it does not see the resource: it never
passes. `ANSWERED` lists the exceptions; what one reference decides is in `test_references_not_seen.ANSWERED`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from tests.controls import test_references_not_seen as references
from tests.controls.cases import Body, Case, apply
from tests.controls.test_catalogue import CASES

_HIDDEN: Final = "HiddenByTest"
_CUSTOM: Final = "ReturnedByTest"
WAYS: Final[tuple[Any, ...]] = (
    {"Ref": _HIDDEN},
    {"Fn::ImportValue": _HIDDEN},
    {"Fn::GetStackOutput": {"StackName": _HIDDEN, "OutputName": "X"}},
    {"Fn::GetAtt": [_CUSTOM, "X"]},
    "{{resolve:ssm:/hidden/by/test}}",
)
_NONSENSE: Final = ("?", -1)
_A_KEY: Final = "what a parameter names there is a key of the account; AWS's own have an alias that templates write"

ANSWERED: Final[Mapping[tuple[str, str, str], str]] = {
    ("IA-12", "AWS::IAM::Role", "RoleName"): "a policy that names a role which is not seen is judged by itself",
    ("KB-23", "Kubernetes::karpenter.k8s.aws::EC2NodeClass", "spec.blockDeviceMappings.ebs.kmsKeyID"): _A_KEY,
    ("KB-31", "Kubernetes::eks.amazonaws.com::NodeClass", "spec.ephemeralStorage.kmsKeyID"): _A_KEY,
    ("ND-14", "AWS::EC2::LaunchTemplate", "LaunchTemplateData.UserData"): "user data is no list, whatever is in it",
}
"""(control, type, property) whose value the control's question does not need -> why."""

Path = tuple[str | int, ...]


def scalars(node: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the place of each plain value, but those inside functions."""
    if isinstance(node, dict):
        if len(node) == 1 and str(next(iter(node))).startswith(("Fn::", "Ref")):
            return
        for key, value in node.items():
            yield from scalars(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from scalars(value, (*path, index))
    elif isinstance(node, str | int | float):
        yield path


def replaced(node: Any, path: Path, value: Any) -> Any:
    """Return a template with another value at a path; what is beside the path is shared."""
    if not path:
        return value
    made = {**node} if isinstance(node, dict) else [*node]
    made[path[0]] = replaced(node[path[0]], path[1:], value)
    return made


def hidden(body: Body, path: Path, way: Any = None) -> Body:
    """Return a template with a value behind something that is given or read at deployment; by turns behind each."""
    changed = replaced(body, path, WAYS[len(str(path)) % len(WAYS)] if way is None else way)
    parameters = {**changed.get("Parameters", {}), _HIDDEN: {"Type": "String"}}
    return {
        **changed,
        "Parameters": parameters,
        "Resources": {**changed["Resources"], _CUSTOM: {"Type": "Custom::Any"}},
    }


def places(body: Body, names: set[str]) -> Iterator[Path]:
    """Yield the path of each plain value among the properties of resources."""
    for name in sorted(names):
        resource = body["Resources"].get(name)
        properties = resource.get("Properties") if isinstance(resource, dict) else None
        if isinstance(properties, dict):
            yield from scalars(properties, ("Resources", name, "Properties"))


def key_of(case: Case, body: Body, path: Path) -> tuple[str, str, str]:
    return case.control.id, body["Resources"][path[1]].get("Type", ""), references.written(path[3:])


def passes(case: Case) -> references.Found:
    """Return what passes after a value is hidden, of the templates that must be caught."""
    found: references.Found = {}
    proved: set[tuple[str, str, str]] = set()
    for row, bad in case.bad.items():
        body = apply(bad, case.good)
        if "Resources" not in body:
            continue
        told = references.judge(case, body)
        caught, before = references.said(told) & body["Resources"].keys(), told.examined[case.control]
        around = {subject: references.reached(body, subject) for subject in caught}
        for path in places(body, set().union(*around.values())):
            key = key_of(case, body, path)
            if key in found or key in proved:
                continue
            outcome = references.judge(case, hidden(body, path))
            silent = {s for s in caught - references.said(outcome) if path[1] in around[s]}
            if silent and outcome.examined[case.control] >= before:
                found[key] = row
            elif any(one.problem.openings for one in outcome.unseen):
                proved.add(key)  # and in the other rows likewise
    return found


def decides(case: Case) -> references.Found:
    """Return what passes after a value is hidden, of the template that passes, though nonsense there is caught."""
    found: references.Found = {}
    if "Resources" not in case.good:
        return found
    for path in places(case.good, set(case.good["Resources"])):
        key = key_of(case, case.good, path)
        if key in found or references.said(references.judge(case, hidden(case.good, path))):
            continue
        if any(references.said(references.judge(case, replaced(case.good, path, value))) for value in _NONSENSE):
            found[key] = "good"
    return found


@pytest.fixture(scope="module")
def unanswered() -> references.Found:
    found: references.Found = {}
    for case in CASES:
        if not case.control.unread:
            found |= {**passes(case), **decides(case)}
    return {key: row for key, row in found.items() if key not in references.ANSWERED}


def test_no_control_passes_what_a_parameter_hides(unanswered: references.Found) -> None:
    new = {key: row for key, row in unanswered.items() if key not in ANSWERED}
    assert new == {}, f"{new}: read the value by `Resource.get` or its items, or add why the answer does not need it"


def test_each_exception_is_one(unanswered: references.Found) -> None:
    assert [key for key in ANSWERED if key not in unanswered] == [], "take it out of ANSWERED"
