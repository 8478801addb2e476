"""Nodes from the settings file: the objects of Karpenter and Auto Mode, as closed as those of the constructs."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hardened_eks.baseline import Settings, checking, manifests, node_checks
from hardened_eks.baseline.emit import to_yaml
from hardened_eks.baseline.karpenter import BOTTLEROCKET_SETTINGS, discovery_key
from hardened_eks.baseline.reading import SettingsError, read_settings
from hardened_eks.baseline.rendering import place
from hardened_eks.compute import OperatingSystem
from hardened_eks.compute._karpenter_settings import KarpenterPool
from hardened_eks.compute._user_data import user_data
from hardened_eks.controls import CATALOGUE
from hardened_eks.data import instances
from hardened_eks.errors import ConfigurationError
from hardened_eks.evidence import Assembly, Template
from hardened_eks.evidence.objects import MANIFEST
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources import load

KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-1111-2222-3333-444455556666"
FILE = f"""\
karpenter:
  cluster: payments
  bottlerocket_version: 1.66.0
  instance_profile: nodes
  volumes_key: {KEY}
  tags: {{team: money}}
  pools:
  - {{name: general}}
  - name: batch
    families: [m7i, c7i]
    spot: true
    cpu_limit: 1000
    max_lifetime_days: 2
    labels: {{pool: batch}}
    taints: [{{key: pool, value: batch}}]
auto_mode:
  role: auto-nodes
  subnets: [subnet-0123456789abcdef0]
  security_group: sg-0123456789abcdef0
  volumes_key: {KEY}
  fips: true
  pools: [{{name: auto, spot: true, max_lifetime_days: 3, taints: {{pool: auto}}}}]
"""
NODE_CONTROLS = [one for one in CATALOGUE if "KB-21" <= one.id <= "KB-35"]
NODES = ("EC2NodeClass", "NodeClass", "NodePool", "StorageClass")


@pytest.fixture(scope="module")
def objects() -> list[dict[str, Any]]:
    return manifests(read_settings(FILE.encode(), "settings.yaml"))


def named(objects: list[dict[str, Any]], kind: str, name: str) -> dict[str, Any]:
    (found,) = [item for item in objects if (item["kind"], item["metadata"]["name"]) == (kind, name)]
    return found


def test_what_is_not_asked_for_is_not_rendered() -> None:
    assert not [item for item in manifests(Settings()) if item["kind"] in NODES]


def test_karpenters_nodes(objects: list[dict[str, Any]]) -> None:
    spec = named(objects, "EC2NodeClass", "hardened")["spec"]
    tagged = [{"tags": {discovery_key("payments"): "nodes"}}]
    assert spec["subnetSelectorTerms"] == spec["securityGroupSelectorTerms"] == tagged
    assert (spec["instanceProfile"], spec["tags"]) == ("nodes", {"team": "money"})
    assert spec["amiSelectorTerms"] == [{"alias": "bottlerocket@v1.66.0"}]
    assert {mapping["ebs"]["kmsKeyID"] for mapping in spec["blockDeviceMappings"]} == {KEY}
    pool = named(objects, "NodePool", "batch")["spec"]
    needed = {one["key"]: one["values"] for one in pool["template"]["spec"]["requirements"]}
    assert needed["karpenter.k8s.aws/instance-family"] == ["m7i", "c7i"]
    assert needed["kubernetes.io/arch"] == ["amd64"]
    assert needed["karpenter.sh/capacity-type"] == ["spot", "on-demand"]
    assert pool["template"]["spec"]["taints"] == [{"effect": "NoSchedule", "key": "pool", "value": "batch"}]
    assert (pool["limits"], pool["template"]["spec"]["expireAfter"]) == ({"cpu": "1000"}, "48h")


def test_subnets_and_security_groups_by_id() -> None:
    given = yaml.safe_load(FILE)["karpenter"]
    del given["cluster"], given["pools"]
    found = manifests(
        Settings(karpenter={**given, "subnets": ["subnet-0123456789abcdef0"], "security_groups": ["sg-01234567"]})
    )
    spec = named(found, "EC2NodeClass", "hardened")["spec"]
    assert spec["subnetSelectorTerms"] == [{"id": "subnet-0123456789abcdef0"}]
    assert spec["securityGroupSelectorTerms"] == [{"id": "sg-01234567"}]
    assert named(found, "NodePool", "general")["spec"]["limits"] == {"cpu": "256"}, "one pool by default"


def test_auto_modes_nodes(objects: list[dict[str, Any]]) -> None:
    spec = named(objects, "NodeClass", "hardened")["spec"]
    assert (spec["role"], spec["networkPolicy"]) == ("auto-nodes", "DefaultDeny")
    assert spec["advancedSecurity"] == {"fips": True, "kernelLockdown": "integrity"}
    assert spec["ephemeralStorage"] == {"size": "80Gi", "kmsKeyID": KEY}
    assert named(objects, "NodePool", "auto")["spec"]["template"]["spec"]["expireAfter"] == "72h"
    assert named(objects, "ConfigMap", "amazon-vpc-cni")["data"] == {"enable-network-policy-controller": "true"}


@pytest.mark.parametrize("more", ["namespaces: [{name: web}]", "addons: [cert-manager]"])
def test_namespaces_on_auto_modes_nodes_need_the_address_of_dns(more: str) -> None:
    """A network policy cannot select DNS there, because it is not a pod: no name would be resolved."""
    with pytest.raises(SettingsError) as caught:
        read_settings(f"{FILE}{more}\n".encode(), "settings.yaml")
    (problem,) = caught.value.problems
    assert "auto_mode needs dns_addresses" in str(problem) and "172.20.0.10" in str(problem)
    found = manifests(read_settings(f"{FILE}{more}\ndns_addresses: [172.20.0.10]\n".encode(), "settings.yaml"))
    (peers,) = {str(o["spec"]["egress"][0]["to"]) for o in found if o["metadata"]["name"] == "allow-dns"}
    assert "172.20.0.10/32" in peers


def test_they_come_after_network_policies_and_before_bindings(objects: list[dict[str, Any]]) -> None:
    kinds = [item["kind"] for item in objects]
    assert max(kinds.index(kind) for kind in NODES) < kinds.index("ValidatingAdmissionPolicyBinding")
    assert kinds.index("StorageClass") < kinds.index("NodeClass") < kinds.index("NodePool")
    assert kinds.index("EC2NodeClass") < kinds.index("NodePool")
    assert {place(item) for item in objects if item["kind"] in NODES} == {
        "nodes/karpenter.yaml",
        "nodes/auto-mode.yaml",
    }
    assert place(named(objects, "ConfigMap", "amazon-vpc-cni")) == "nodes/auto-mode.yaml"
    assert place(named(objects, "NodePool", "batch")) == "nodes/karpenter.yaml"
    assert place(named(objects, "NodePool", "auto")) == "nodes/auto-mode.yaml"


def test_the_checks_find_nothing_in_them(objects: list[dict[str, Any]], tmp_path: Path) -> None:
    file = tmp_path / "nodes.yaml"
    file.write_text(to_yaml([item for item in objects if item["kind"] in NODES]))
    outcome = evaluate(load([str(file)]).assembly, CATALOGUE)
    assert list(outcome.findings) == []
    judged = {control.id for control, number in outcome.examined.items() if number and control.id.startswith("KB-")}
    assert {f"KB-{number}" for number in (*range(21, 33), 34, 35)} <= judged


def test_user_data_and_pools_are_those_of_the_construct(objects: list[dict[str, Any]]) -> None:
    text = user_data(OperatingSystem.BOTTLEROCKET, nvidia=False, session_manager=False)
    assert text == BOTTLEROCKET_SETTINGS
    default = KarpenterPool()
    spec = named(objects, "NodePool", "general")["spec"]
    needed = {one["key"]: one["values"] for one in spec["template"]["spec"]["requirements"]}
    assert needed["karpenter.k8s.aws/instance-family"] == list(default.families)
    assert spec["limits"]["cpu"] == str(default.cpu_limit)
    assert spec["template"]["spec"]["expireAfter"] == f"{default.max_lifetime_days * 24}h"
    keys = {name for name in KarpenterPool.__dataclass_fields__}
    assert set(node_checks.POOL) == keys, "a pool has the same fields in Python and in YAML"


BAD = """\
karpenter:
  cluster: payments
  subnets: [subnet-1]
  bottlerocket_version: latest
  volumes_key: alias/aws/ebs
  disk_gib: 5
  tags: {kubernetes.io/cluster/x: owned}
  pools:
  - {name: A, families: [m4, m7gg, t3, mac1, g6e], spot: yes please}
  - {cpu_limit: 0, max_lifetime_days: 99, labels: {kubernetes.io/x: y}, taints: [{key: a, effect: No}, {value: b}]}
  - 5
  - {name: twice}
auto_mode:
  role: "arn:aws:iam::111122223333:role/x"
  subnets: []
  fips: 1
  pools: [{name: system, max_lifetime_days: 21, architectures: [sparc], limit: 3}, {name: twice}, x]
"""


def test_every_mistake_is_named_with_line_and_column() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(BAD.encode(), "bad.yaml")
    lines = [str(problem).removeprefix("bad.yaml:") for problem in caught.value.problems]
    expected = [
        ("1:1", "karpenter needs instance_profile"),
        ("1:1", "karpenter needs cluster or subnets, not both"),
        ("3:13", "karpenter.subnets[0] needs the id of a subnet"),
        ("4:25", "karpenter.bottlerocket_version needs a release such as '1.66.0'"),
        ("5:16", "karpenter.volumes_key needs the ARN of a KMS key"),
        ("6:13", "karpenter.disk_gib needs a whole number from 20 to 65536, got 5"),
        ("7:35", "which is reserved for AWS, Kubernetes or Karpenter"),
        ("9:12", "karpenter.pools[0].name needs up to 63"),
        ("9:26", "needs another family than 'm4', which runs on Xen"),
        ("9:30", "needs a family in the data file"),
        ("9:36", "needs another family than 't3', which does not encrypt traffic"),
        ("9:40", "needs another family than 'mac1', which is x86_64_mac"),
        ("9:46", "needs another family than 'g6e', which has NVIDIA accelerators"),
        ("9:58", "karpenter.pools[0].spot needs true or false"),
        ("10:17", "karpenter.pools[1].cpu_limit needs a whole number from 1 to 100000, got 0"),
        ("10:39", "karpenter.pools[1].max_lifetime_days needs a whole number from 1 to 30, got 99"),
        ("10:69", "whose prefix is reserved for Kubernetes"),
        ("10:99", "karpenter.pools[1].taints[0].effect needs one of NoSchedule"),
        ("10:104", "karpenter.pools[1].taints[1] needs a mapping with key"),
        ("11:5", "karpenter.pools[2] needs a mapping with families"),
        ("13:1", "auto_mode needs security_group, volumes_key"),
        ("14:9", "auto_mode.role needs the name of a role"),
        ("15:3", "auto_mode.subnets needs at least one subnet"),
        ("16:9", "auto_mode.fips needs true or false"),
        ("17:18", "auto_mode.pools[0].name 'system' belongs to a built-in pool of EKS"),
        ("17:45", "auto_mode.pools[0].max_lifetime_days needs a whole number from 1 to 20, got 21"),
        ("17:49", "auto_mode.pools[0].architectures needs a list of arm64 or amd64"),
        ("17:80", "is an unknown key, did you mean 'cpu_limit'"),
        ("17:91", "the pool 'twice' is there twice"),
        ("17:99", "auto_mode.pools[2] needs a mapping with name"),
    ]
    for line, (place_, message) in zip(lines, expected, strict=False):
        assert line.startswith(f"{place_}: ") and message in line, f"{line} is not {place_}: {message}"
    assert len(lines) == len(expected)


def test_python_refuses_the_same() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings(**{key: value for key, value in yaml.safe_load(BAD).items() if key == "karpenter"})
    assert "karpenter.pools.0.families.0 needs another family than 'm4'" in str(caught.value)
    with pytest.raises(ConfigurationError, match="karpenter needs a mapping"):
        Settings(karpenter="payments")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="needs cluster, whose tags find subnets"):
        Settings(karpenter={"bottlerocket_version": "1.66.0", "instance_profile": "x", "volumes_key": KEY})


def test_the_schema_knows_the_same() -> None:
    schema = json.loads(files("hardened_eks.baseline").joinpath("settings.schema.json").read_text(encoding="utf-8"))
    assert set(schema["properties"]["karpenter"]["properties"]) == set(node_checks.KARPENTER)
    assert set(schema["properties"]["auto_mode"]["properties"]) == set(node_checks.AUTO_MODE)
    assert set(schema["properties"]["fargate_logs"]["properties"]) == set(node_checks.FARGATE_LOGS)
    assert set(schema["$defs"]["karpenter_pool"]["properties"]) == set(node_checks.POOL)
    validator = jsonschema.Draft202012Validator(schema)
    good = yaml.safe_load(FILE)
    validator.validate(good)
    assert list(checking.settings(good)) == []
    for section in ("karpenter", "auto_mode"):
        for key in good[section]:
            for value in (None, [], {}, "!", -1):
                bad = {**good, section: {**good[section], key: value}}
                if list(checking.settings(bad)):
                    assert not validator.is_valid(bad), (section, key, value)


@pytest.mark.parametrize("page", ["run-karpenter.md", "choose-nodes.md"])
def test_the_example_of_the_page_is_good(page: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / "how-to" / page).read_text(encoding="utf-8")
    example = text.split("```yaml\n# settings.yaml\n")[1].split("```")[0]
    assert {item["kind"] for item in manifests(read_settings(example.encode(), page))} & {"EC2NodeClass", "NodeClass"}


@given(
    families=st.lists(st.sampled_from(instances.families()), min_size=1, max_size=3),
    days=st.integers(-1, 40),
    spot=st.booleans(),
    categories=st.lists(st.sampled_from(["c", "m", "r", "t", "M"]), min_size=1, max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_whatever_is_accepted_is_nitro_encrypted_private_and_ends(
    families: list[str], days: int, spot: bool, categories: list[str]
) -> None:
    given_ = yaml.safe_load(FILE)
    given_["karpenter"]["pools"] = [{"families": families, "max_lifetime_days": days, "spot": spot}]
    given_["auto_mode"]["pools"] = [{"name": "auto", "categories": categories, "max_lifetime_days": days, "spot": spot}]
    try:
        found = manifests(Settings(**given_))
    except ConfigurationError:
        return
    body = [item for item in found if item["kind"] in NODES]
    template = {"Resources": {"It": {"Type": MANIFEST, "Properties": {"Manifest": json.dumps(body)}}}}
    outcome = evaluate(Assembly([Template("T", template)]), NODE_CONTROLS)
    assert list(outcome.findings) == []
    assert 1 <= days <= 20


def test_the_log_router_of_fargate() -> None:
    text = b"fargate_logs: {log_group: /aws/eks/prod/fargate, region: eu-west-1}"
    found = manifests(read_settings(text, "settings.yaml"))
    router = named(found, "ConfigMap", "aws-logging")
    assert "log_group_name /aws/eks/prod/fargate\n" in router["data"]["output.conf"]
    namespace = named(found, "Namespace", "aws-observability")
    assert place(router) == place(namespace) == "namespaces/aws-observability.yaml"
    assert found.index(namespace) < found.index(router)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fargate_logs: {log_group: 'a b'}", "1:1: fargate_logs needs region"),
        (
            "fargate_logs: {log_group: 'a b', region: Ireland}",
            "1:27: fargate_logs.log_group needs the name of a log group",
        ),
        (
            "fargate_logs: {log_group: a, region: Ireland}",
            "1:38: fargate_logs.region needs a Region such as 'eu-west-1'",
        ),
        ("fargate_logs: on", "1:15: fargate_logs needs a mapping with log_group, region"),
        (
            "fargate_logs: {log_group: a, region: eu-west-1}\nnamespaces: [{name: aws-observability}]",
            "2:21: namespaces[0].name 'aws-observability' is rendered by fargate_logs, leave it out",
        ),
    ],
)
def test_mistakes_of_the_log_router(text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(text.encode(), "bad.yaml")
    assert message in str(caught.value)
