"""Shape, order and text of what is rendered."""

import ast
import re
import time
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

import hardened_eks.baseline
from hardened_eks.baseline import Namespace, Settings, manifests
from hardened_eks.baseline.addons import PROFILES
from hardened_eks.baseline.emit import to_json, to_yaml
from hardened_eks.baseline.levels import LEVEL
from hardened_eks.baseline.policies import POLICIES
from hardened_eks.data.kubernetes import supported
from hardened_eks.errors import ConfigurationError
from tests.baseline.cel import NAMES, compiled, evaluate, mixed_literals
from tests.baseline.test_objects import NAMED
from tests.baseline.test_pods import SETTINGS

FULL = Settings(
    registries=["registry.example"],
    namespaces=[
        Namespace(name="b", allow=["same-namespace", {"to": {"cidr": "0.0.0.0/0"}, "ports": [443]}], pod_identity=True),
        Namespace(name="a", level="baseline"),
    ],
    addons=list(PROFILES),
)
OWN = {"SecurityGroupPolicy"}  # kinds of CRDs, which no schema of Kubernetes knows
RENDERED = [
    ("settings", SETTINGS), ("named", NAMED), ("full", FULL), ("default", Settings()),
    ("bare", Settings(exempt_users=[], admin_groups=[], system_namespaces=[])),
]  # fmt: skip


@pytest.mark.parametrize("version", supported())
def test_every_object_is_valid_in_every_supported_version(version: str) -> None:
    """One of each kind and shape: reading a schema takes time."""
    seen = set()
    for item in manifests(FULL):
        shape = (
            item["kind"],
            item["metadata"]["name"] if item["kind"] == "Role" else str(sorted(item.get("spec", ()))),
        )
        if item["kind"] not in OWN and shape not in seen:
            kubernetes_validate.validate(item, version, strict=True)
            seen.add(shape)


@pytest.mark.parametrize(("name", "settings"), RENDERED)
def test_expressions_compile_as_the_api_server_wants_them(name: str, settings: Settings) -> None:
    names = set()
    for policy in manifests(settings):
        if policy["kind"] != "ValidatingAdmissionPolicy":
            continue
        spec = policy["spec"]
        assert spec["failurePolicy"] == "Fail"
        assert spec["matchConstraints"]["matchPolicy"] == "Equivalent"
        declared = []
        for variable in spec.get("variables", ()):
            assert re.fullmatch(r"[a-z][A-Za-z0-9]*", variable["name"])
            assert set(re.findall(r"variables\.(\w+)", variable["expression"])) <= set(declared)
            declared.append(variable["name"])
        for part in ("matchConditions", "validations", "variables"):
            for entry in spec.get(part, ()):
                expression = entry["expression"]
                compiled(expression)
                assert not mixed_literals(expression), expression
                assert "@" not in expression.replace("@sha256:", ""), expression
                assert "request.userInfo.groups != null" not in expression  # a list is never null: the server refuses
                used = set(re.findall(r"variables\.(\w+)", expression))
                assert used <= set(declared)
                assert not (used and part == "matchConditions")
        for validation in spec["validations"]:
            assert "\n" not in validation["message"]
            assert validation["reason"] == "Forbidden"
        assert all(re.fullmatch(r"[a-z-]{3,60}", c["name"]) for c in spec.get("matchConditions", ()))
        assert not re.search(r"\bparam", str(spec))  # whoever may write parameters could switch the policy off
        names.add(policy["metadata"]["name"])
    assert len(names) == len(POLICIES)


def test_every_variable_is_used() -> None:
    for policy in manifests(FULL):
        if policy["kind"] == "ValidatingAdmissionPolicy":
            used = set(re.findall(r"variables\.(\w+)", str(policy)))
            assert used == {v["name"] for v in policy["spec"].get("variables", ())}, policy["metadata"]["name"]


@pytest.mark.parametrize("literal", ["[1, 'a']", "[null, 1]", "{'a': 1, 'b': true}", "x in [0, null]", "[true, 'a']"])
def test_the_lint_finds_literals_of_mixed_types(literal: str) -> None:
    assert mixed_literals(literal)


def test_the_engine_survives_many_nulls() -> None:
    for _ in range(30_000):
        assert evaluate("object.x", {"object": {"x": None}}) is None
    assert set(NAMES) == {"namespaceObject", "object", "oldObject", "request", "variables"}


def test_bindings_come_last_and_namespaces_first() -> None:
    kinds = [item["kind"] for item in manifests(FULL)]
    assert kinds[0] == "Namespace"
    first = kinds.index("ValidatingAdmissionPolicyBinding")
    assert set(kinds[first:]) == {"ValidatingAdmissionPolicyBinding"}
    assert len(kinds[first:]) == len(POLICIES)


def test_bindings_name_their_policy_and_read_nothing_else() -> None:
    objects = manifests(FULL)
    policies = {o["metadata"]["name"]: o for o in objects if o["kind"] == "ValidatingAdmissionPolicy"}
    for binding in objects:
        if binding["kind"] == "ValidatingAdmissionPolicyBinding":
            assert policies.pop(binding["spec"]["policyName"])
            assert binding["spec"].keys() == {"policyName", "validationActions"}
    assert not policies


def test_the_lists_of_the_settings_are_in_the_policies() -> None:
    """No other object decides: only those who may write policies can change the lists."""
    objects = manifests(FULL)
    policies = {o["metadata"]["name"]: str(o) for o in objects if o["kind"] == "ValidatingAdmissionPolicy"}
    assert '["registry.example/"]' in policies["hardened-eks-trusted-registry"]
    assert '["break-glass"]' in policies["hardened-eks-exec"]
    assert not [o for o in objects if o["kind"] == "ConfigMap"]


def test_the_order_of_the_settings_does_not_matter() -> None:
    turned = Settings(registries=["registry.example/"], namespaces=FULL.namespaces[::-1], addons=list(PROFILES)[::-1],
                      system_namespaces=list(FULL.system_namespaces)[::-1])  # fmt: skip
    assert to_yaml(manifests(turned)) == to_yaml(manifests(FULL))
    assert to_json(manifests(turned)) == to_json(manifests(FULL))


def test_add_ons_bring_their_namespaces_and_exceptions() -> None:
    levels = {
        o["metadata"]["name"]: o["metadata"]["labels"][LEVEL] for o in manifests(FULL) if o["kind"] == "Namespace"
    }
    for profile in PROFILES.values():
        if profile.namespace == "kube-system":
            continue
        assert levels[profile.namespace] == profile.level
        assert (profile.namespace in FULL.named("privileged")) == (profile.level == "privileged")
        assert profile.why
    own = Namespace(name="argocd", level="baseline")
    kept = Settings(addons=["argo-cd"], namespaces=[own], system_namespaces=["kube-system"])
    assert kept.all_namespaces == (own,)


def test_200_namespaces_take_less_than_a_second() -> None:
    many = [Namespace(name=f"team-{i}", allow=["same-namespace"], pod_identity=True) for i in range(200)]
    settings = Settings(namespaces=many)
    best = 10.0
    for _ in range(3):
        start = time.process_time()
        text = to_yaml(manifests(settings))
        best = min(best, time.process_time() - start)
    assert text.count("\nkind: NetworkPolicy\n") == 800
    assert best < 1.0, best


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT
    | st.sampled_from(["yes", "No", "null", "1e3", "0x1", "1:30", "a\nb", "a\n", " a\nb ", "~", "2026-01-01", "-", "a: b", "=", "<<"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8,
)  # fmt: skip


@given(st.lists(st.dictionaries(TEXT, VALUES, min_size=1, max_size=3), min_size=1, max_size=3))
@example([{"": "\x1f\n0"}])  # YAML does not allow control characters in a block
@example([{"": "0\n\x1f"}])
def test_our_yaml_is_read_back_as_it_was(objects) -> None:
    assert list(yaml.safe_load_all(to_yaml(objects))) == objects


def test_wrong_settings_are_refused_together() -> None:
    with pytest.raises(ConfigurationError) as refused:
        Settings(mode="off", registries=["https://x"], exec_group=[], rbac_exceptions=["*"], admin_groups=["a*"])
    assert len(refused.value.problems) == 5
    with pytest.raises(ConfigurationError, match="needs a Namespace, got 'x'"):
        Settings(namespaces=["x"])


def test_policies_read_as_a_catalogue() -> None:
    ids = [policy.id for policy in POLICIES]
    assert len(set(ids)) == len(ids)
    for policy in POLICIES:
        assert policy.title[0].isupper()
        assert not policy.title.endswith(".")
        assert policy.why.endswith(".")
    folder = Path(hardened_eks.baseline.__file__).parent / "policies"
    files = {f.stem for f in folder.glob("*.py")} - {"__init__", "_pods", "model"}
    assert files == {id_.replace("-", "_") for id_ in ids}


def test_the_baseline_imports_no_model_library() -> None:
    allowed = {"__future__", "ast", "collections", "dataclasses", "difflib", "functools", "hardened_eks", "importlib", "ipaddress", "json", "re",
               "typing", "yaml"}  # fmt: skip
    for file in Path(hardened_eks.baseline.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) else []  # fmt: skip
            assert {name.partition(".")[0] for name in names} <= allowed, file
