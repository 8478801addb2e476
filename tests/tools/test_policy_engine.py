"""The API server's own policy code: how it is built and asked. `make test-policy-engine` asks it every case."""

import subprocess

import pytest

from hardened_eks.baseline import Settings
from hardened_eks.baseline.policies import read_only_rootfs, trusted_registry
from tests.baseline.admission import Request
from tests.baseline.objects import REGISTRY, good, workload
from tools import policy_engine
from tools.policy_engine import questions

SETTINGS = Settings(registries=[REGISTRY])


def group(policy, *requests, **changes):
    bound = policy.bind(SETTINGS)
    bound["spec"]["validationActions"] = ["Deny"]
    labels = {"kubernetes.io/metadata.name": "payments"}
    return {"policy": policy.render(SETTINGS), "binding": bound,
            "namespaces": [{"metadata": {"name": "payments", "labels": labels}}],
            "requests": [{**questions._request(r), "typed": True} for r in requests], **changes}  # fmt: skip


@pytest.fixture(scope="module")
def built():
    if not (policy_engine.HOME / "ready").exists():
        pytest.skip("`make test-policy-engine` has not built the program here")
    return policy_engine.program()


def asked(pod) -> Request:
    return Request(resource="pods", object=workload("Pod", pod))


def test_it_decides(built) -> None:
    bad = {**good(), "containers": [{"name": "x", "image": "nginx:1.0"}]}
    request = asked(good())
    groups = [group(policy, request, asked(bad)) for policy in (read_only_rootfs.POLICY, trusted_registry.POLICY)]
    rootfs, registry = policy_engine.ask(groups)
    assert [v["denied"] for v in rootfs] == [v["denied"] for v in registry] == [False, True]
    assert "a container can write its root file system" in rootfs[1]["message"]


def test_it_refuses_what_google_s_engine_takes(built) -> None:
    """A list of mixed types: this is why tests/baseline/cel.py looks for them."""
    mixed = group(read_only_rootfs.POLICY, asked(good()))
    mixed["policy"]["spec"]["validations"] = [{"expression": "!(object.metadata.name in [0, null])"}]
    ((verdict,),) = policy_engine.ask([mixed])
    assert verdict["denied"]
    assert "expected type 'int' but found 'null'" in verdict["message"]


def test_objects_that_do_not_fit_the_types_are_not_asked(built) -> None:
    wrong = asked({**good(), "hostNetwork": "yes"})
    ((verdict,),) = policy_engine.ask([group(read_only_rootfs.POLICY, wrong)])
    assert verdict["unread"]


def test_a_policy_that_the_server_does_not_know_is_an_error(built) -> None:
    unknown = group(read_only_rootfs.POLICY)
    unknown["policy"]["spec"]["validation"] = []
    with pytest.raises(policy_engine.UnavailableError, match="unknown field"):
        policy_engine.ask([unknown])


def test_another_source_is_built_anew(tmp_path, monkeypatch) -> None:
    (tmp_path / "policy-engine").touch()
    (tmp_path / "ready").write_text(f"{policy_engine.compiler()} 0000 x 1\n")
    steps = []
    monkeypatch.setattr(policy_engine, "unpack_library", lambda root: steps.append("library") or "1.0")
    monkeypatch.setattr(policy_engine, "unpack_compiler", lambda root: steps.append("compiler"))
    monkeypatch.setattr(policy_engine, "build", lambda root, go, into: steps.append(into.name))
    policy_engine.program(tmp_path)
    assert steps == ["library", "compiler", "policy-engine"]
    policy_engine.program(tmp_path)
    assert len(steps) == 3


def test_what_cannot_be_built_has_its_reason(monkeypatch) -> None:
    with pytest.raises(policy_engine.UnavailableError, match="no-such-tool is not installed"):
        policy_engine.run("no-such-tool", "update")
    with pytest.raises(policy_engine.UnavailableError, match="^sh -c failed: no list$"):
        policy_engine.run("sh", "-c", "echo no list >&2; exit 100")
    monkeypatch.setattr(policy_engine, "run", lambda *_, **__: "https://packages.example/ubuntu\n")
    with pytest.raises(policy_engine.UnavailableError, match="does not get its packages from Debian"):
        policy_engine.mirror()


@pytest.mark.parametrize(
    ("item", "old", "operation", "storable"),
    [({"spec": {"a": 1}}, None, "CREATE", True), ({"spec": {"a": 1}}, {}, "CREATE", False), ({}, None, "CREATE", False),
     ({"spec": {"a": 1}}, {"spec": {"b": 1}}, "UPDATE", True), ({"spec": {"a": 1}}, {"spec": None}, "UPDATE", False)],
)  # fmt: skip
def test_what_is_read_into_types(item, old, operation: str, storable: bool) -> None:
    assert questions._storable(Request(resource="pods", object=item, old=old, operation=operation)) == storable
    assert not questions._storable(Request(resource="gateways", group="gateway.networking.k8s.io", object=item))


def test_the_program_is_formatted(built) -> None:
    """There is no Go where the suite runs; so at least no spaces are mixed into its indentation."""
    text = policy_engine.SOURCE.read_text()
    assert not [line for line in text.splitlines() if line.startswith(" ") or line != line.rstrip()]
    assert subprocess.run([built], input="[]", capture_output=True, text=True, check=True).stdout == "[]\n"
