"""Whatever JSON is given as templates: the graph answers, or says None, and never raises."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hardened_eks.evidence import Assembly, Template
from hardened_eks.evidence.graph import precedes

NAMES = [
    "A",
    "B",
    "Vpc",
    "x",
    "AWS::Region",
    "AWS::NoValue",
    "arn:aws:iam::1:role/A",
    "arn:${A}:x",
    "subnet-1",
    "${A.Arn}",
    "",
]
KEYS = [
    "Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::If", "Fn::ImportValue", "Fn::GetStackOutput", "Fn::Select",
    "StackName", "OutputName", "RoleName", "Roles", "Arn", "SubnetId", "Name", "AlarmRule", "Export", "Value",
]  # fmt: skip
TYPES = ["AWS::IAM::Role", "AWS::EC2::Subnet", "AWS::CloudFormation::Stack", "AWS::CloudWatch::CompositeAlarm", "T", ""]

words = st.sampled_from(NAMES) | st.text(max_size=5)
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | words, inner, max_size=3),
    max_leaves=12,
)
properties = st.dictionaries(st.sampled_from(KEYS) | words, anything, max_size=4) | anything
resources = st.fixed_dictionaries(
    {"Type": st.sampled_from(TYPES) | anything}, optional={"Properties": properties, "DependsOn": anything}
)
bodies = st.fixed_dictionaries(
    {"Resources": st.dictionaries(words, resources | anything, max_size=5) | anything},
    optional={"Outputs": st.dictionaries(words, anything, max_size=2) | anything, "Parameters": anything},
)


@given(st.lists(bodies, min_size=1, max_size=3))
@settings(max_examples=300, deadline=None)
def test_the_graph_answers(written: list[dict[str, Any]]) -> None:
    templates = [Template(f"S{n}", body, account="1" * n, region="r" * n) for n, body in enumerate(written)]
    templates.append(Template("S0/A", written[0], parent=(templates[0], {"A": {"Ref": "B"}}), physical_ids={"A": "x"}))
    assembly = Assembly(templates)
    everything = assembly.of("*")
    for resource in everything:
        list(assembly.referring(resource))
        assembly.pointing("Roles", resource)
        for path in ("Roles", "Arn", "AlarmRule.0", ""):
            assembly.mentions(resource, path)
            assembly.targets(resource.get(path), near=resource)
        for other in everything[:3]:
            precedes(resource, other)


@given(anything)
@settings(max_examples=200, deadline=None)
def test_any_value_can_be_asked_for(value: Any) -> None:
    template = Template(
        "S", {"Resources": {"A": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "x", "P": value}}}}
    )
    assembly = Assembly([template])
    role = template.resources["A"]
    for asked in (value, role.get("P")):
        assembly.target(asked)
        assembly.target(asked, "AWS::IAM::Role", near=role)
        assembly.targets(asked, near=role)
    list(assembly.referring(role))
