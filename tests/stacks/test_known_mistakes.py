"""Each known mistake of nodes, made in an app that is in order, is found by its control, which found nothing before.

The apps are those of the reference, one for each kind of compute. Kubernetes objects are judged wherever they stand.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hardened_eks.baseline import karpenter
from hardened_eks.baseline.auto_mode import AutoModePool, auto_mode_objects
from hardened_eks.baseline.emit import to_yaml
from hardened_eks.controls import CATALOGUE
from hardened_eks.evidence import Assembly, Template
from hardened_eks.evidence.objects import CHART, MANIFEST, PARAMETER
from hardened_eks.judging.evaluation import Finding, evaluate
from hardened_eks.sources import load
from tests.controls.cases import Mutation
from tests.stacks.conftest import Synthesized
from tests.stacks.known_mistakes import MISTAKES

pytestmark = pytest.mark.xdist_group("stacks")

Body = dict[str, Any]
CONTROLS = {one.id: one for one in CATALOGUE}
KEY = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-1111-2222-3333-444455556666"


def found(templates: dict[str, Body], control: str) -> list[Finding]:
    assembly = Assembly([Template(name, body) for name, body in templates.items()])
    return list(evaluate(assembly, [CONTROLS[control]]).findings)


@pytest.fixture(scope="module")
def before() -> dict[tuple[str, str], set[tuple[str, str]]]:
    """What each control finds in each app as it is, kept for the rows that share both."""
    return {}


@pytest.mark.parametrize(
    ("app", "wrong", "control", "mutation"), MISTAKES, ids=[f"{row[2]}: {row[0]}, {row[1]}" for row in MISTAKES]
)
def test_a_known_mistake_is_found(
    request: pytest.FixtureRequest,
    before: dict[tuple[str, str], set[tuple[str, str]]],
    app: str,
    wrong: str,
    control: str,
    mutation: Mutation,
) -> None:
    synthesized: Synthesized = request.getfixturevalue(app)
    if (app, control) not in before:
        before[app, control] = {(one.subject.id, one.problem.path) for one in found(synthesized.templates, control)}
    changed = {name: mutation(body) for name, body in synthesized.templates.items()}
    assert changed != synthesized.templates, "the mistake is created"
    new = {(one.subject.id, one.problem.path) for one in found(changed, control)} - before[app, control]
    assert new, f"{control} does not find: {wrong}"


def nodes_of_karpenter() -> list[Body]:
    return [
        karpenter.node_class(
            "hardened",
            instance_profile="nodes",
            volumes_key_arn=KEY,
            subnets=[{"id": "subnet-0123456789abcdef0"}],
            security_groups=[{"id": "sg-0123456789abcdef0"}],
            bottlerocket_version="1.66.0",
            disk_gib=80,
            user_data="[settings.kernel]\nlockdown = 'integrity'\n",
            kubelet={},
            tags={},
        ),
        karpenter.node_pool(
            "general",
            node_class="hardened",
            families=["m7g"],
            architectures=["arm64"],
            spot=False,
            cpus=8,
            lifetime_hours=336,
            labels={},
            taints=[],
        ),
    ]


def nodes_of_auto_mode() -> list[Body]:
    return auto_mode_objects(
        role="nodes",
        subnet_ids=["subnet-0123456789abcdef0"],
        security_group_id="sg-0123456789abcdef0",
        volumes_key_arn=KEY,
        pools=[AutoModePool()],
    )


OBJECTS = {"karpenter": nodes_of_karpenter, "auto mode": nodes_of_auto_mode}
LINUX = [{"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]}]
OBJECT_MISTAKES: list[tuple[str, str, str, str, str, Any]] = [
    ("karpenter", "EC2NodeClass", "KB-21", "two hops", "metadataOptions.httpPutResponseHopLimit", 2),
    ("karpenter", "EC2NodeClass", "KB-21", "optional tokens", "metadataOptions.httpTokens", "optional"),
    ("karpenter", "EC2NodeClass", "KB-22", "a plain volume", "blockDeviceMappings.1.ebs.encrypted", False),
    ("karpenter", "EC2NodeClass", "KB-23", "the AWS key", "blockDeviceMappings.1.ebs.kmsKeyID", None),
    ("karpenter", "EC2NodeClass", "KB-24", "a public address", "associatePublicIPAddress", True),
    ("karpenter", "EC2NodeClass", "KB-25", "a role, for which Karpenter needs IAM", "instanceProfile", None),
    ("karpenter", "EC2NodeClass", "KB-26", "the latest image", "amiSelectorTerms.0.alias", "bottlerocket@latest"),
    ("karpenter", "NodePool", "KB-27", "any hypervisor", "template.spec.requirements", LINUX),
    ("karpenter", "NodePool", "KB-28", "plain traffic", "template.spec.requirements", LINUX),
    ("karpenter", "NodePool", "KB-29", "a node forever", "template.spec.expireAfter", "Never"),
    ("auto mode", "NodePool", "KB-27", "any hypervisor", "template.spec.requirements", LINUX),
    ("auto mode", "NodePool", "KB-28", "plain traffic", "template.spec.requirements", LINUX),
    ("auto mode", "NodeClass", "KB-30", "open by default", "networkPolicy", "DefaultAllow"),
    ("auto mode", "NodeClass", "KB-31", "the AWS key", "ephemeralStorage.kmsKeyID", None),
    ("auto mode", "NodeClass", "KB-32", "a public address", "advancedNetworking.associatePublicIPAddress", True),
    ("auto mode", "NodeClass", "KB-34", "an open kernel", "advancedSecurity.kernelLockdown", "none"),
]
"""Who starts the nodes, the kind of object, the control, what is wrong, the field and its value (None: left out)."""


def spoiled(objects: list[Body], kind: str, path: str, value: Any) -> list[Body]:
    """Set, or leave out, a field of the objects of a kind."""
    (node,) = [item["spec"] for item in objects if item["kind"] == kind]
    *parents, last = (int(step) if step.isdigit() else step for step in path.split("."))
    for step in parents:
        node = node[step]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return objects


def in_template(type_: str, written: str) -> Callable[[list[Body], Path], Assembly]:
    def place(objects: list[Body], _: Path) -> Assembly:
        value: Any = {"extraObjects": objects} if type_ == CHART else objects
        if type_ == PARAMETER:
            value = {"apiVersion": "v1", "kind": "List", "items": objects}
        body = {"Resources": {"It": {"Type": type_, "Properties": {written: json.dumps(value)}}}}
        return Assembly([Template("T", body)])

    return place


def in_file(objects: list[Body], folder: Path) -> Assembly:
    file = folder / "nodes.yaml"
    file.write_text(to_yaml(objects))
    return load([str(file)]).assembly


PLACES = {
    "a manifest of the CDK": in_template(MANIFEST, "Manifest"),
    "values of a chart": in_template(CHART, "Values"),
    "a parameter": in_template(PARAMETER, "Value"),
    "a file": in_file,
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("who", "kind", "control", "wrong", "path", "value"),
    OBJECT_MISTAKES,
    ids=[f"{row[2]}: {row[0]}, {row[3]}" for row in OBJECT_MISTAKES],
)
def test_a_known_mistake_in_an_object_is_found(
    tmp_path: Path, place: str, who: str, kind: str, control: str, wrong: str, path: str, value: Any
) -> None:
    put = PLACES[place]
    good = evaluate(put(OBJECTS[who](), tmp_path), [CONTROLS[control]])
    assert not list(good.findings) and good.examined[CONTROLS[control]], f"{control} evaluates {who}"
    outcome = evaluate(put(spoiled(OBJECTS[who](), kind, path, value), tmp_path), [CONTROLS[control]])
    findings = list(outcome.findings)
    assert findings, f"{control} does not find: {wrong}"
    assert all(kind in str(one.subject.id) for one in findings)
    if place == "a file":
        assert all(one.subject.line(one.problem.path) for one in findings), "a finding has its line"
