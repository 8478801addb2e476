"""Kubernetes objects in SSM parameters: what a pipeline pipes into kubectl is evidence, and nothing else is."""

import json
from typing import Any

import pytest

from hardened_eks.evidence import Template

POOL = {"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": "general"}, "spec": {}}
MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "it", "namespace": "apps"}}


def found(value: Any) -> dict[str, Any]:
    body = {"Resources": {"It": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}}}}
    return {id_: one for id_, one in Template("Stack", body).resources.items() if id_ != "It"}


def test_an_object_is_a_resource_at_the_line_of_its_parameter() -> None:
    (one,) = found(json.dumps(POOL)).values()
    assert (one.logical_id, one.type) == ("It/NodePool/general", "Kubernetes::karpenter.sh::NodePool")
    assert one.owner is not None and one.owner.logical_id == "It"


def test_a_list_is_its_objects() -> None:
    value = json.dumps({"apiVersion": "v1", "kind": "List", "items": [POOL, MAP]})
    assert list(found(value)) == ["It/NodePool/general", "It/ConfigMap/apps/it"]


def test_what_only_the_deployment_knows_stands_in_its_place() -> None:
    head, tail = json.dumps({**POOL, "spec": {"key": "HERE"}}).split("HERE")
    (one,) = found({"Fn::Join": ["", [head, {"Fn::GetAtt": ["Key", "Arn"]}, tail]]}).values()
    assert one.get("spec.key") == "${Key.Arn}"


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "apiVersion: v1",
        json.dumps({"apiVersion": 2}),
        json.dumps({"settings": {"apiVersion": "v1"}}),
        {"Ref": "apiVersion"},
        7,
        None,
    ],
)
def test_any_other_value_is_none(value: Any) -> None:
    assert found(value) == {}
