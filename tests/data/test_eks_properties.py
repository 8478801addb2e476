"""Every property of every AWS::EKS type is judged by a control, or somebody has said why not."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER as SCHEMAS

from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.deployable.create_only_unchanged import CREATE_ONLY
from hardened_eks.controls.deployable.replaced_under_one_name import REPLACED
from tests.controls.cases import Case, apply, caught
from tests.controls.test_catalogue import CASES

TABLE: dict[str, dict[str, Any]] = json.loads(
    files("hardened_eks.data").joinpath("eks_properties.json").read_text(encoding="utf-8")
)["properties"]
TYPES = sorted(t for t in SCHEMAS.get_resource_types("us-east-1") if t.startswith("AWS::EKS::"))
NEW = "say in hardened_eks/data/eks_properties.json which controls judge it, or why none does"
ENDS_WITH_FUNCTION = ("Ref", "Fn::")


def schema(type_: str) -> dict[str, Any]:
    return SCHEMAS.get_resource_schema("us-east-1", type_).schema


def paths(type_: str) -> set[str]:
    """Return the properties that can be written and have none below them: ``AccessConfig.AuthenticationMode``."""
    whole = schema(type_)
    unwritten = {_dotted(path) for path in whole.get("readOnlyProperties", ())}
    written = {path for path in _below(whole, whole, "") if path not in unwritten}
    return {path for path in written if not any(other.startswith(f"{path}.") for other in written)}


def _dotted(pointer: str) -> str:
    return pointer.removeprefix("/properties/").replace("/*", "").replace("/", ".")


def _below(whole: dict[str, Any], node: dict[str, Any], prefix: str) -> Iterator[str]:
    for name, value in node.get("properties", {}).items():
        yield f"{prefix}{name}"
        yield from _below(whole, _plain(whole, value), f"{prefix}{name}.")


def _plain(whole: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node or node.get("type") == "array":
        node = whole["definitions"][node["$ref"].rsplit("/", 1)[1]] if "$ref" in node else node["items"]
    return node


def test_the_types_are_those_of_the_schemas() -> None:
    assert sorted(TABLE) == TYPES


@pytest.mark.parametrize("type_", TYPES)
def test_every_property_is_judged_or_has_a_reason(type_: str) -> None:
    assert paths(type_) - set(TABLE[type_]) == set(), NEW
    assert set(TABLE[type_]) - paths(type_) == set(), "they are gone from the schema: take them out"


def test_a_new_property_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    known = schema("AWS::EKS::Addon")
    grown = {**known, "properties": {**known["properties"], "Privileged": {"type": "boolean"}}}
    monkeypatch.setattr("tests.data.test_eks_properties.schema", lambda type_: grown)
    assert paths("AWS::EKS::Addon") - set(TABLE["AWS::EKS::Addon"]) == {"Privileged"}


@pytest.mark.parametrize("type_", TYPES)
def test_reasons_are_sentences(type_: str) -> None:
    reasons = {path: value for path, value in TABLE[type_].items() if not isinstance(value, list)}
    assert all(isinstance(v, str) and len(v) > 20 and v.endswith(".") for v in reasons.values())


def written(case: Case) -> Iterator[tuple[str, str, str]]:
    """Yield (type, path, value) of what the cases of a control vary, against the template that passes."""
    good = set(_values(case.good))
    for changed in (*case.bad.values(), *case.edge.values()):
        for row in good ^ set(_values(apply(changed, case.good))):
            yield row


def _values(body: Any) -> Iterator[tuple[str, str, str]]:
    for resource in (body.get("Resources") or {}).values():
        if isinstance(resource, dict) and str(resource.get("Type")).startswith("AWS::EKS::"):
            for path, value in _leaves(resource.get("Properties", {}), ""):
                yield resource["Type"], path, value


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value and not next(iter(value)).startswith(ENDS_WITH_FUNCTION):
        for name, item in value.items():
            yield from _leaves(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        for item in value:
            yield from _leaves(item, path)
    else:
        yield path, json.dumps(value, sort_keys=True)


VARIED = {case.control.id: {(type_, path) for type_, path, _ in written(case)} for case in CASES}
ROWS = [(t, path, id) for t, rows in TABLE.items() for path, v in rows.items() if isinstance(v, list) for id in v]


def test_the_controls_exist() -> None:
    assert {id for _, _, id in ROWS} - {control.id for control in CATALOGUE} == set()
    assert len(ROWS) > 150


@pytest.mark.parametrize(("type_", "path", "id"), ROWS)
def test_a_control_that_judges_a_property_has_a_case_that_varies_it(type_: str, path: str, id: str) -> None:
    varied = {one for kind, one in VARIED[id] if kind == type_}
    assert any(one == path or one.startswith(f"{path}.") or path.startswith(f"{one}.") for one in varied)


def test_every_property_that_a_control_finds_fault_with_names_it() -> None:
    missing = set()
    for case in CASES:
        for name in case.bad:
            for finding in caught(case, name):
                resource = finding.resource
                if resource is None or resource.type not in TABLE or resource.written_type != resource.type:
                    continue
                place = ".".join(step for step in finding.problem.path.split(".") if not step.isdigit())
                rows = {
                    path: value for path, value in TABLE[resource.type].items() if f"{place}.".startswith(f"{path}.")
                }
                missing |= {(resource.type, path, case.control.id) for path, value in rows.items()
                            if not isinstance(value, list) or case.control.id not in value}  # fmt: skip
    assert missing == set(), "a reason why nothing judges a property must not outlive the control that does"


@pytest.mark.parametrize("type_", [t for t in REPLACED if t.startswith("AWS::EKS::")])
def test_what_replaces_a_resource_is_what_the_schema_says(type_: str) -> None:
    names, others = REPLACED[type_]
    assert {*names, *others} == {_dotted(path) for path in schema(type_)["createOnlyProperties"]}


@pytest.mark.parametrize("type_", [t for t in REPLACED if not t.startswith("AWS::EKS::")])
def test_what_replaces_another_resource_does_so_by_the_schema(type_: str) -> None:
    names, others = REPLACED[type_]
    assert {*names, *others} <= {_dotted(path) for path in schema(type_)["createOnlyProperties"]}


def test_what_replaces_a_cluster_is_what_the_schema_says() -> None:
    assert set(CREATE_ONLY) == {_dotted(path) for path in schema("AWS::EKS::Cluster")["createOnlyProperties"]}
