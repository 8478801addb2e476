"""`hardened-eks manifests`: formats, exit codes, and every mistake with its line and column."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from hardened_eks.cli import group

SETTINGS = """\
registries: [111122223333.dkr.ecr.eu-west-1.amazonaws.com]
exec_group: on-call
admin_groups: [platform]
system_namespaces: [kube-system]
privileged_namespaces: [agents]
mode: warn
cluster_network_policy: true
namespaces:
- name: payments
  team: money
  pod_identity: true
  allow:
  - same-namespace
- name: orders
"""


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(group, ["manifests", *map(str, arguments)], input=stdin, catch_exceptions=False)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "settings.yaml"
    file.write_text(SETTINGS)
    return file


def test_json_is_one_list_with_the_ids_of_policies(settings: Path) -> None:
    result = run(settings, "--format", "json")
    assert result.exit_code == 0
    objects = json.loads(result.stdout)
    policies = [o for o in objects if o["kind"] == "ValidatingAdmissionPolicy"]
    ids = {o["metadata"]["labels"]["hardened-eks/policy"] for o in policies}
    assert len(ids) == len(policies)
    assert ids >= {
        "trusted-registry", "image-pinned", "privilege-escalation", "non-root", "read-only-rootfs", "capabilities",
        "seccomp", "host-access", "resources", "secret-env", "default-namespace", "automount-token", "service", "ingress",
        "exec", "namespace-labels", "rbac",
    }  # fmt: skip
    assert all("hardened-eks/policy" not in o["metadata"]["labels"] for o in objects if o not in policies)


def test_all_formats_hold_the_same_objects(settings: Path, tmp_path: Path) -> None:
    objects = json.loads(run(settings, "-f", "json").stdout)
    assert list(yaml.safe_load_all(run(settings).stdout)) == objects
    for format_ in ("files", "kustomize", "one", "json"):
        folder = tmp_path / format_
        result = run(settings, "-f", format_, "-o", folder)
        assert result.exit_code == 0, result.stderr
        found = []
        files = sorted(folder.rglob("*.*"))
        for file in files:
            if file.name != "kustomization.yaml":
                loaded = (
                    yaml.safe_load_all(file.read_text()) if file.suffix == ".yaml" else json.loads(file.read_text())
                )
                found += list(loaded)
        assert sorted(map(json.dumps, found)) == sorted(map(json.dumps, objects)), format_
        assert f"{len(files)} file" in result.stderr
    kustomization = yaml.safe_load((tmp_path / "kustomize" / "kustomization.yaml").read_text())
    named = {tmp_path / "kustomize" / name for name in kustomization["resources"]}
    assert named == {f for f in (tmp_path / "kustomize").rglob("*.yaml") if f.name != "kustomization.yaml"}
    assert kustomization["resources"].index("policies/rbac.yaml") < kustomization["resources"].index(
        "policy-bindings/exec.yaml"
    )


def test_files_of_what_is_no_longer_rendered_are_removed(settings: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    run(settings, "-o", folder)
    own = folder / "namespaces" / "own.yaml"
    own.write_text("# mine\n")
    settings.write_text(SETTINGS.replace("- name: orders\n", ""))
    run(settings, "-o", folder)
    assert {file.name for file in (folder / "namespaces").iterdir()} == {"payments.yaml", "own.yaml"}


def test_the_output_is_the_same_for_the_same_settings(settings: Path) -> None:
    assert run(settings).stdout == run(settings).stdout == run("-", stdin=SETTINGS).stdout


@pytest.mark.parametrize(("mode", "actions", "of_secrets"), [
    ("audit", ["Audit"], ["Audit"]), ("warn", ["Audit", "Warn"], ["Audit", "Warn"]),
    ("deny", ["Audit", "Deny"], ["Audit", "Warn"])])  # fmt: skip
def test_modes(mode: str, actions: list[str], of_secrets: list[str]) -> None:
    objects = json.loads(run("-", "-f", "json", stdin=f"mode: {mode}").stdout)
    bindings = [o for o in objects if o["kind"] == "ValidatingAdmissionPolicyBinding"]
    assert bindings
    for binding in bindings:
        expected = of_secrets if binding["metadata"]["name"].endswith("secret-env") else actions
        assert binding["spec"]["validationActions"] == expected


def test_helm_values_of_an_add_on() -> None:
    from hardened_eks.baseline.addon_values import VALUES

    for addon in ("karpenter", "load-balancer-controller"):
        printed = run("--helm-values", addon).stdout
        assert yaml.safe_load(printed) == VALUES[addon]
        assert printed.startswith(f"# Helm values of {addon}, for the namespace ")
    assert yaml.safe_load(run("--helm-values", "guardduty-agent").stdout) == {}
    refused = run("--helm-values", "karpentr")
    assert refused.exit_code == 2
    assert "--helm-values karpentr: unknown add-on; use one of argo-cd, " in refused.stderr


def test_without_settings_there_are_policies_and_a_note() -> None:
    for result in (run("-f", "json"), run("-", "-f", "json", stdin="")):
        objects = json.loads(result.stdout)
        kinds = {"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"}
        assert {o["kind"] for o in objects} == kinds
        assert {tuple(o["spec"]["validationActions"]) for o in objects if "Binding" in o["kind"]} == {
            ("Audit", "Deny"), ("Audit", "Warn")}  # fmt: skip
        assert "note: no registries are listed" in result.stderr
    assert "note" not in run("-", stdin="registries: [a.example]").stderr


def test_every_mistake_is_named_with_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("""\
registries: [https://x, 5]
modus: deny
mode: dney
exec_group: []
admin_groups: [system:authenticated]
namespaces:
- name: A_
  allow:
  - to: {cidr: 10.0.0.1/8}
    ports: [99999]
  - {from: {range: nowhere}, ports: [1]}
  - {to: {cidr: 10.0.0.0/8, except: [11.0.0.0/8]}, from: {}, ports: [1]}
  - {to: {cidr: 10.0.0.0/8, except: [11.0.0.0/8]}, ports: [1]}
  quota: {cpu: lots}
- team: x
- name: kube-system
- name: twice
- name: twice
""")
    result = run(file)
    assert result.exit_code == 2
    assert result.stdout == ""
    lines = [line.removeprefix(f"error: {file}:") for line in result.stderr.splitlines()]
    places = [":".join(line.split(":")[:2]) for line in lines]
    assert places == ["1:14", "1:25", "2:8", "3:7", "4:1", "5:16", "7:9", "9:16", "10:13", "11:20", "12:5", "13:38",
                      "14:16", "15:3", "16:9", "18:9"]  # fmt: skip
    assert "did you mean 'mode'" in lines[2]
    assert lines[4].endswith("exec_group needs at least one name, got an empty list")


@pytest.mark.parametrize(("text", "message"), [
    (b"a: [", "2:1: not valid YAML"), (b"\xff", "1:1: not UTF-8"), (b"a: !x 1", "1:4: unknown tag"),
    (b"mode: deny\nmode: warn", "2:1: duplicate key 'mode', it is first on line 1"), (b"[1]", "1:1: needs a mapping"),
    (b"? [a]\n: 1", "1:3: a key must be a string"), (b"<<: {mode: deny}", "merge keys"), (b"- " * 60 + b"a", "nested more"),
    (b"mode: null", "got None"), (b"registries: a", "needs a list, got 'a'"), (b"namespaces: [x]", "needs a mapping"),
    (b"namespaces: [{name: a, groups: x}]", "needs a mapping from"), (b"ranges: {a: [b]}", "needs a range"),
    (b"node_local_dns: 1", "needs true or false"), (b"dns_addresses: [x]", "needs an IP address"),
    (b"namespaces: [{name: a, limits: {default: {}}}]", "limits.default is an unknown key, use one of"), (b"a: 1\n---\nb: 1", "not valid YAML"),
    (b"addons: [x]", "needs one of"), (b"exempt_users: ['eks:*']", "no wildcards"), (b"mode: 2026-01-01", "'2026-01-01'"),
    (b"namespaces: [{name: a, allow: [{to: {}, ports: [1]}]}]", "needs a mapping with cidr"),
    (b"namespaces: [{name: a, allow: [{to: {cidr: 10.0.0.0/8, range: x}, ports: [1]}]}]", "needs one of cidr"),
    (b"namespaces: [{name: a, allow: [{to: {namespace: b}}]}]", "needs ports"),
    (b"namespaces: [{name: a, allow: [{to: {pods: {'_': b}}, ports: [1]}]}]", "labels of pods"),
    (b"namespaces: [{name: a, allow: [{to: {namespace: b, except: []}, ports: [1]}]}]", "needs a cidr in the same peer"),
    (b"namespaces: [{name: default}]", "system namespace"), (b"namespaces: 5", "namespaces needs a list, got 5"),
    (b"namespaces: [{name: a, allow: [{to: {range: []}, ports: [1]}]}]", "no such range [] in `ranges`, use one of none"),
    (b"namespaces: [{name: a, allow: [{from: {domains: [a.example]}, ports: [1]}]}]", "use to"),
    (b"namespaces: [{name: a, allow: [{to: {domains: ['*']}, ports: [1]}]}]", "needs a domain name"),
])  # fmt: skip
def test_unusable_settings(text: bytes, message: str) -> None:
    result = run("-", stdin=text)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_the_example_of_the_page_is_good() -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "open-a-namespace.md"
    example = page.read_text().split("```yaml\n")[1].split("```")[0]
    result = run("-", "-f", "json", stdin=example)
    assert result.exit_code == 0, result.stderr
    policies = [o["metadata"]["name"] for o in json.loads(result.stdout) if o["kind"] == "NetworkPolicy"]
    assert policies == [
        "allow-02",
        "allow-03",
        "allow-dns",
        "allow-pod-identity",
        "allow-same-namespace",
        "default-deny",
    ]


def test_files_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in run(tmp_path / "none.yaml").stderr
    assert "cannot be read: Is a directory" in run(tmp_path).stderr
    assert "set a folder with --output" in run("-f", "files").stderr
    (tmp_path / "file").write_text("")
    result = run("-o", tmp_path / "file")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_help_is_quick() -> None:
    """Budget: 150 ms, of a process that imports neither the policies nor the controls."""
    code = "import sys; from hardened_eks.cli import group; group(['manifests', '--help'], standalone_mode=False);" \
           "print([m for m in sys.modules if m.startswith(('hardened_eks.baseline', 'hardened_eks.controls', 'yaml'))])"  # fmt: skip
    best = 10.0
    for _ in range(5):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        best = min(best, time.perf_counter() - start)
        assert done.stdout.endswith("[]\n")
    assert best < 1.0, best  # a loaded machine; the modules above are what matters


def test_the_schema_knows_what_the_reader_knows() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    from hardened_eks.baseline import checking
    from hardened_eks.baseline.addons import PROFILES

    schema = json.loads(run("--schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == set(checking.SETTINGS)
    assert set(schema["$defs"]["namespace"]["properties"]) == set(checking.NAMESPACE)
    assert set(schema["properties"]["addons"]["items"]["enum"]) == set(PROFILES)
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(yaml.safe_load(SETTINGS))
    for bad in ({"modus": 1}, {"mode": "x"}, {"namespaces": [{}]}, {"namespaces": [{"name": "A"}]}, {"exec_group": []},
                {"namespaces": [{"name": "a", "allow": [{"to": {"cidr": "10.0.0.0/8"}}]}]}):  # fmt: skip
        assert not validator.is_valid(bad), bad
        assert list(checking.settings(bad)), bad
