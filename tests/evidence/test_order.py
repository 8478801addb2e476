"""Which resources CloudFormation creates before others."""

from typing import Any

import pytest

from hardened_eks.evidence import Assembly, Template
from hardened_eks.evidence.graph import precedes
from hardened_eks.evidence.left_open import has_any

GIVEN = {"Parameter": {"Type": "String"}}
"""With a parameter, a template leaves something open, and no list of its functions is made."""


def before(properties: Any, parameters: dict[str, Any], **body: Any) -> bool:
    """Return whether First is created before Last, of which Middle has these properties."""
    resources = {
        "First": {"Type": "AWS::SNS::Topic"},
        "Middle": {"Type": "AWS::SNS::Topic", "Properties": properties, **body},
        "Last": {"Type": "AWS::SNS::Topic", "DependsOn": ["Middle"]},
    }
    template = Template("T", {"Parameters": parameters, "Resources": resources})
    Assembly([template])
    assert has_any(template) is bool(parameters)  # as every evaluation asks first
    return precedes(template.resources["First"], template.resources["Last"])


@pytest.mark.parametrize("parameters", [{}, GIVEN], ids=["closed", "open"])
@pytest.mark.parametrize(
    ("properties", "is_before"),
    [
        ({"A": [{"B": {"Ref": "First"}}]}, True),
        ({"A": {"Fn::GetAtt": ["First", "Arn"]}}, True),
        ({"A": {"Fn::GetAtt": "First.Arn"}}, True),
        ({"A": {"Fn::Sub": "x-${First.Arn}"}}, True),
        ({"A": {"Fn::Sub": ["x-${Name}", {"Name": {"Ref": "First"}}]}}, True),
        ({"A": {"Fn::Join": ["", ["x", {"Fn::Select": [0, [{"Ref": "First"}]]}]]}}, True),
        ({"A": {"Fn::Sub": "x-${!First}"}}, False),
        ({"A": "First", "B": {"Ref": "AWS::Region"}}, False),
        ({"A": {"Ref": ["First"]}}, False),
        ({"A": {"Ref": "Last"}}, False),
    ],
)
def test_a_reference_of_a_resource_between(properties: Any, is_before: bool, parameters: dict[str, Any]) -> None:
    assert before(properties, parameters) is is_before


@pytest.mark.parametrize("depends_on", ["First", ["First"]])
def test_a_dependency_of_a_resource_between(depends_on: Any) -> None:
    assert before({}, {}, DependsOn=depends_on)
    assert not before({}, {}, DependsOn="Other")


def test_metadata_create_no_order() -> None:
    assert not before({}, {}, Metadata={"A": {"Ref": "First"}})
