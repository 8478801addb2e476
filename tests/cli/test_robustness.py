"""Whatever stands in the files: never a traceback, always a clear message with exit code 2, or a finding."""

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardened_eks.cli import group
from hardened_eks.controls import CATALOGUE
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.evidence import Assembly, Template
from tests.sources.assembly import manifest, stack

TYPES = sorted({type_ for control in CATALOGUE for type_ in control.types} - {"*"}) + [
    "AWS::CloudFormation::Stack",
    "Custom::X",
]
COMMON = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def check(*arguments: object) -> int:
    result = CliRunner().invoke(group, ["check", *map(str, arguments)], catch_exceptions=False)
    output = result.stdout + result.stderr
    assert "Traceback" not in output
    if result.exit_code == 2:
        assert result.stderr.startswith("error: ")
        assert not result.stdout or " not read" in result.stdout
    else:
        assert result.exit_code in {0, 1}
        assert "examined" in result.stdout
    return result.exit_code


LEAVES = (
    st.none() | st.booleans() | st.integers(-5, 70000) | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(["*", "arn:aws:iam::1:role/x", "1.36", "m7g.large", "{", "[]", "{}", "10.0.0.0/8", "true", "\ud800", "\x1b[0m"])
)  # fmt: skip
NAMES = st.sampled_from([
    "Name", "Version", "Statement", "Effect", "Action", "Principal", "Resource", "Condition", "PolicyDocument", "KeyPolicy",
    "ResourcesVpcConfig", "SubnetIds", "SecurityGroupIds", "LaunchTemplateData", "LaunchTemplate", "MetadataOptions", "Tags",
    "Key", "Value", "BlockDeviceMappings", "Ebs", "InstanceTypes", "AmiType", "ScalingConfig", "EncryptionConfig", "Logging",
    "ClusterLogging", "EnabledTypes", "Type", "CidrIp", "FromPort", "ToPort", "SecurityGroupIngress", "EventPattern",
    "LifecyclePolicy", "LifecyclePolicyText", "ConfigurationValues", "Policies", "AssumeRolePolicyDocument", "UserData",
    "Id", "Ref", "Fn::GetAtt", "Fn::If", "Fn::Sub", "Fn::Join", "Fn::ForEach::X", "Fn::Nonsense", "Metadata", "AWS", "Service",
])  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=4), inner, max_size=5),
    max_leaves=40,
)
RESOURCES = st.fixed_dictionaries(
    {"Type": st.sampled_from(TYPES)},
    optional={
        "Properties": st.dictionaries(NAMES, VALUES, max_size=8),
        "Metadata": VALUES,
        "DependsOn": VALUES,
        "Condition": VALUES,
    },
)


def plausible(random_: random.Random, good: dict[str, Any]) -> dict[str, Any]:
    """Break a good template in one to three places: another type, null, a function, an empty or a huge value."""
    body = json.loads(json.dumps(good))
    wrong = [None, [], {}, "", "x", 7, -1, 1e300, True, [None], [[]], {"Ref": "Nobody"}, {"Fn::GetAtt": None}, {"Fn::Nonsense": []},
             {"Fn::If": ["C", None, {"Ref": "AWS::NoValue"}]}, "é\ud800", "9" * 5000, [1] * 300, {"": {"": ""}}]  # fmt: skip
    for _ in range(random_.randint(1, 3)):
        node: Any = body["Resources"]
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = random_.choice(keys)
            child = node[key]
            if not isinstance(child, dict | list) or not child or random_.random() < 0.15:
                node[key] = copy.deepcopy(random_.choice(wrong))  # or it could come to hold itself
                break
            node = child
    return body


@COMMON
@given(st.dictionaries(st.text(min_size=1, max_size=5), RESOURCES, max_size=6), VALUES)
def test_random_properties_of_known_types(tmp_path: Path, resources: dict[str, Any], other: Any) -> None:
    path = tmp_path / "t.json"
    path.write_text(
        json.dumps(
            {"Resources": resources, "Parameters": other, "Outputs": other, "Conditions": other, "Mappings": other}
        )
    )
    check(path)


def goods() -> list[dict[str, Any]]:
    from tests.controls.test_catalogue import CASES

    return [case.good for case in CASES]


@pytest.mark.parametrize("seed", range(4))
def test_no_check_breaks_on_a_broken_template(seed: int) -> None:
    """Every control judges every case's good template broken at random; "cannot be judged" is the net, not the way."""
    random_ = random.Random(seed)
    broke: dict[str, str] = {}
    for good in goods():
        for _ in range(6):
            body = plausible(random_, good)
            assembly = Assembly([Template("T", body)])
            for finding in evaluate(assembly, CATALOGUE).findings:
                if "cannot be evaluated" in finding.problem.message:
                    broke[finding.control.id] = (
                        f"{finding.problem.message} on {json.dumps(finding.resource.body)[:300]}"
                    )
    assert broke == {}


@COMMON
@given(VALUES)
def test_any_json(tmp_path: Path, value: Any) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(value))
    assert check(path) in {0, 2}
    path.write_text(json.dumps({"Resources": value}))
    check(path)


@COMMON
@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass")),
    st.sampled_from(["t.yaml", "t.json", "t"]),
)
def test_any_bytes(tmp_path: Path, content: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    check(path)


YAML = st.lists(st.sampled_from([
    "Resources:", "  C:", "    Type: AWS::EKS::Cluster", "    Properties:", "      Name: !Ref X", "      <<: *a", "a: &a {b: c}",
    "- x", "  - *a", "? [a]", ": b", "---", "...", "!!python/object:os.system x", "!Sub [", "]", "{", "}", "\t", "'", "\"", "|", "  text",
    "&a [*a]", "%YAML 1.2", "!Nope {}", "key: 2026-13-45", "key: 0b1_1:2", "key: !!int x", "key: !!float .inf", "key: .nan",
    "key: !!bool maybe", "key: !!null x", "key: !!set {a}", "key: =", "\ufeff", "\u2028", "key: !GetAtt", "key: !Ref [a, b]",
]), max_size=14).map("\n".join)  # fmt: skip


@settings(COMMON, max_examples=200)
@given(YAML)
def test_any_yaml(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(text, encoding="utf-8")
    check(path)


@COMMON
@given(VALUES)
def test_any_manifest(tmp_path: Path, value: Any) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(value))
    assert check(tmp_path) == 2
    (tmp_path / "manifest.json").write_text(
        json.dumps({"artifacts": {"A": {"type": "aws:cloudformation:stack", "properties": value}}})
    )
    assert check(tmp_path) == 2


@COMMON
@given(VALUES)
def test_any_metadata_beside_a_template(tmp_path: Path, value: Any) -> None:
    body = {
        "Resources": {
            "C": {"Type": "AWS::EKS::Cluster"},
            "N": {"Type": "AWS::CloudFormation::Stack", "Metadata": value},
        }
    }
    entry = {"/A": [{"type": "hardened-eks:waiver", "data": value}, {"type": "aws:cdk:logicalId", "data": value}]}
    artifact = stack(tmp_path, "A", body, metadata=entry)
    (tmp_path / "A.assets.json").write_text(json.dumps({"files": value}))
    check(manifest(tmp_path, {"A": artifact}))
    (tmp_path / "A.metadata.json").write_text(json.dumps(value))
    check(tmp_path)


@COMMON
@given(VALUES)
def test_any_waiver_file(tmp_path: Path, value: Any) -> None:
    template, waivers = tmp_path / "t.json", tmp_path / "w.json"
    template.write_text('{"Resources": {"C": {"Type": "AWS::EKS::Cluster"}}}')
    waivers.write_text(json.dumps(value))
    assert check(template, "-w", waivers) == 2
    waivers.write_text(json.dumps({"waivers": [value]}))
    assert check(template, "-w", waivers) == 2
    waivers.write_text(yaml.safe_dump({"waivers": value}))
    check(template, "-w", waivers)


def test_a_huge_template(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    cluster = {
        "Type": "AWS::EKS::Cluster",
        "Properties": {"Name": "x" * 2_000, "Tags": {f"k{n}": "v" for n in range(50)}},
    }
    path.write_text(json.dumps({"Resources": {f"C{n}": cluster for n in range(1_000)}}))
    assert check(path) == 1


def test_a_deep_template(tmp_path: Path) -> None:
    for depth in (100, 250, 400, 5_000):
        for open_, close in (('{"a":', "}"), ("[", "]"), ('{"Fn::Join":["",[', "]]}")):
            path = tmp_path / "t.json"
            deep = open_ * depth + "1" + close * depth
            path.write_text('{"Resources": {"C": {"Type": "AWS::EKS::Cluster", "Properties": {"Name": %s}}}}' % deep)
            check(path)
            check(path.rename(tmp_path / "t.yaml"))


def test_billion_laughs(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    path = tmp_path / "t.yaml"
    path.write_text("\n".join([*lines, "Resources: {C: {Type: 'AWS::EKS::Cluster', Properties: {Name: *a29}}}"]))
    assert check(path) == 2
