"""Karpenter's objects as data: plain, and the same in YAML."""

from typing import Any

import yaml

from hardened_eks.baseline.emit import to_yaml
from hardened_eks.baseline.karpenter import discovery_key, helm_values, node_class, node_pool


def a_class(**changed: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "instance_profile": "nodes",
        "volumes_key_arn": "arn:aws:kms:eu-west-1:123456789012:key/1",
        "subnets": [{"id": "subnet-1"}],
        "security_groups": [{"id": "sg-1"}],
        "bottlerocket_version": "1.60.1",
        "disk_gib": 20,
        "user_data": "[settings.kernel]\n",
        "kubelet": {},
        "tags": {},
    }
    return node_class("hardened", **{**arguments, **changed})


def a_pool(**changed: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "node_class": "hardened",
        "families": ["m7g"],
        "architectures": ["arm64"],
        "spot": False,
        "cpus": 8,
        "lifetime_hours": 24,
        "labels": {},
        "taints": [],
    }
    return node_pool("general", **{**arguments, **changed})


def test_what_is_empty_is_left_out() -> None:
    assert {"kubelet", "tags"} & set(a_class()["spec"]) == set()
    assert a_class(kubelet={"maxPods": 9}, tags={"a": "b"})["spec"]["kubelet"] == {"maxPods": 9}
    template = a_pool()["spec"]["template"]
    assert "metadata" not in template and "taints" not in template["spec"]
    taints = a_pool(taints=[{"key": "gpu", "value": "", "effect": "NoSchedule"}])["spec"]["template"]["spec"]["taints"]
    assert taints == [{"key": "gpu", "effect": "NoSchedule"}], "the schema of a NodePool refuses an empty value"


def test_yaml_reads_back_the_same() -> None:
    both = [a_class(), a_pool(spot=True, labels={"a": "b"}, taints=[{"key": "a", "effect": "NoSchedule"}])]
    assert list(yaml.safe_load_all(to_yaml(both))) == both
    needed = both[1]["spec"]["template"]["spec"]["requirements"]
    assert all(isinstance(value, str) for one in needed for value in one["values"])


def test_the_chart_keeps_its_own_image_unless_another_is_named() -> None:
    given: dict[str, Any] = {
        "cluster_name": "payments", "endpoint": "https://x", "queue_name": "q", "service_account": "karpenter",
        "isolated": False,
    }  # fmt: skip
    assert "image" not in helm_values(**given, image="")["controller"]
    assert helm_values(**given, image="r/karpenter")["controller"]["image"] == {"repository": "r/karpenter"}


def test_each_cluster_has_a_discovery_tag_of_its_own() -> None:
    assert discovery_key("one") != discovery_key("two")
