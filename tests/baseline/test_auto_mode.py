"""Nodes of Auto Mode: on a key of one's own, closed until a policy opens them, on Nitro and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardened_eks.baseline.auto_mode import AutoModePool, auto_mode_objects
from hardened_eks.controls import CATALOGUE
from hardened_eks.errors import ConfigurationError
from hardened_eks.evidence import Assembly, Template
from hardened_eks.evidence.objects import type_of
from hardened_eks.judging.evaluation import evaluate
from tests.baseline.connectivity import Pod, allowed

OURS = [
    control for control in CATALOGUE if control.id in {"KB-27", "KB-28", "KB-30", "KB-31", "KB-32", "KB-34", "KB-35"}
]
POOLS = st.builds(
    AutoModePool,
    name=st.sampled_from(["general", "batch", "a1"]),
    architectures=st.sampled_from([["arm64"], ["amd64"], ["arm64", "amd64"]]),
    categories=st.lists(st.sampled_from(["c", "m", "r", "inf"]), min_size=1, unique=True),
    spot=st.booleans(),
    cpu_limit=st.integers(1, 1000),
    memory_limit_gib=st.integers(1, 4000),
    max_lifetime_days=st.integers(1, 20),
    taints=st.dictionaries(st.sampled_from(["team", "gpu"]), st.sampled_from(["", "a"])),
)


def rendered(*pools, **arguments):
    return auto_mode_objects(
        **{
            "role": "nodes",
            "subnet_ids": ["subnet-1", "subnet-2"],
            "security_group_id": "sg-1",
            "volumes_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/1",
            "pools": pools or (AutoModePool(),),
            **arguments,
        }
    )


def test_what_enforces_policies_and_encrypts_comes_before_what_starts_nodes() -> None:
    controller, system, volumes, node_class, pool = rendered(disk_gib=120)
    assert (controller["metadata"]["namespace"], controller["metadata"]["name"]) == ("kube-system", "amazon-vpc-cni")
    assert controller["data"] == {"enable-network-policy-controller": "true"}
    assert (system["kind"], system["metadata"]["namespace"]) == ("NetworkPolicy", "kube-system")
    assert volumes["provisioner"] == "ebs.csi.eks.amazonaws.com"
    assert volumes["parameters"]["encrypted"] == "true" and volumes["parameters"]["kmsKeyId"].endswith("key/1")
    (place,) = volumes["allowedTopologies"]
    assert place == {"matchLabelExpressions": [{"key": "eks.amazonaws.com/compute-type", "values": ["auto"]}]}
    spec = node_class["spec"]
    assert (spec["networkPolicy"], spec["networkPolicyEventLogs"]) == ("DefaultDeny", "Enabled")
    assert spec["ephemeralStorage"] == {"size": "120Gi", "kmsKeyID": volumes["parameters"]["kmsKeyId"]}
    assert spec["advancedNetworking"] == {"associatePublicIPAddress": False}
    assert spec["subnetSelectorTerms"] == [{"id": "subnet-1"}, {"id": "subnet-2"}]
    assert node_class["metadata"]["name"] != "default", "EKS's own"
    assert pool["spec"]["template"]["spec"]["nodeClassRef"]["name"] == node_class["metadata"]["name"]


def test_add_ons_in_kube_system_have_a_network_though_nodes_deny_by_default() -> None:
    """metrics-server reads kubelets and answers the API server: without a policy its deployment would time out."""
    objects = rendered()
    server, api, kubelet = Pod("kube-system", {"app": "metrics-server"}), "172.20.0.1", "10.0.0.9"
    assert any(item["kind"] == "NetworkPolicy" for item in objects), "without a policy, the nodes deny all of it"
    assert allowed(objects, server, api, 443) and allowed(objects, server, kubelet, 10250)
    assert allowed(objects, api, server, 10251) and allowed(objects, Pod("payments"), server, 8080)
    assert not allowed(objects, server, "169.254.169.254", 80)


def test_a_pool_says_what_is_bought_and_for_how_long() -> None:
    pool = rendered(
        AutoModePool(name="batch", spot=True, max_lifetime_days=7, labels={"team": "a"}, taints={"team": "a"})
    )[-1]
    spec = pool["spec"]["template"]["spec"]
    assert (spec["expireAfter"], spec["terminationGracePeriod"]) == ("168h", "24h")
    assert spec["taints"] == [{"key": "team", "value": "a", "effect": "NoSchedule"}]
    assert pool["spec"]["template"]["metadata"]["labels"] == {"team": "a"}
    assert pool["spec"]["limits"] == {"cpu": "100", "memory": "400Gi"}
    asked = {item["key"]: item["values"] for item in spec["requirements"]}
    assert asked["karpenter.sh/capacity-type"] == ["spot", "on-demand"]


@given(pools=st.lists(POOLS, min_size=1, max_size=3), fips=st.booleans())
def test_whatever_is_accepted_is_nitro_encrypted_private_and_closed(pools, fips) -> None:
    objects = rendered(*pools, fips=fips)
    resources = {f"Object{i}": {"Type": type_of(item), "Properties": item} for i, item in enumerate(objects)}
    result = evaluate(Assembly([Template("manifests", {"Resources": resources})]), OURS)
    assert [str(finding) for finding in result.findings] == []


def test_every_mistake_of_a_pool_is_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        AutoModePool(
            name="Big", architectures=["x86"], categories="m", spot=1, cpu_limit=0, memory_limit_gib=True, max_lifetime_days=21,
            labels={"a": 1}, taints=["a"],
        )  # fmt: skip
    for word in (
        "'Big'",
        "arm64 or amd64",
        "'m'",
        "spot",
        "cpu_limit",
        "memory_limit_gib",
        "from 1 to 20",
        "labels",
        "taints",
    ):
        assert word in str(caught.value)
    with pytest.raises(ConfigurationError, match="built-in"):
        AutoModePool(name="system")


@pytest.mark.parametrize("category", ["g", "gr", "p"])
def test_gpus_are_refused_whose_drivers_kernel_lockdown_refuses(category: str) -> None:
    with pytest.raises(
        ConfigurationError, match=f"others than {category}, whose NVIDIA drivers .* NodePool of your own"
    ):
        AutoModePool(categories=("c", category))


def test_the_api_server_takes_every_label_and_taint_of_a_pool() -> None:
    """The schema of a NodePool reserves domains of labels, and its pattern for the value of a taint refuses ''."""
    with pytest.raises(ConfigurationError) as caught:
        AutoModePool(
            labels={"karpenter.sh/pool": "a", "kubelet.kubernetes.io/x": "a", "my team": "a"}, taints={"a": "b c"}
        )
    for word in (
        "'karpenter.sh/pool', whose prefix is reserved for Karpenter",
        "'kubelet.kubernetes.io/x'",
        "'my team'",
        "'b c'",
    ):
        assert word in str(caught.value)
    pool = rendered(AutoModePool(labels={"team": "${Token[A.1]}", "node.kubernetes.io/x": "y"}, taints={"gpu": ""}))[-1]
    assert pool["spec"]["template"]["spec"]["taints"] == [{"key": "gpu", "effect": "NoSchedule"}]
