"""Nodes in a network whose pods have their own subnets: fewer addresses for pods than the types usually have."""

from __future__ import annotations

from datetime import date
from typing import Any

import aws_cdk as cdk
import pytest
from constructs import Construct

import hardened_eks as hardened

TYPES = {"instance_types": ["m7g.large", "m7gd.large"]}
IMAGE = hardened.NodeImage(id="ami-0123456789abcdef0", kubernetes="1.36", built=date(2026, 11, 20), evidence="build 1")
ENOUGH = hardened.KubeletSettings(max_pods=20)


def a_cluster(name: str, *pod_cidrs: str) -> hardened.Cluster:
    stack = cdk.Stack(cdk.App(), name)
    network = hardened.Network(stack, "Network", pod_cidrs=pod_cidrs)
    return hardened.Cluster(stack, "Cluster", version="1.36", network=network)


@pytest.fixture(scope="module")
def cluster() -> hardened.Cluster:
    return a_cluster("Own", "100.64.0.0/16")


def warned(nodes: Construct) -> bool:
    return any("pods have their own subnets" in str(entry.data) for entry in nodes.node.metadata)


@pytest.mark.parametrize("kubelet", [None, hardened.KubeletSettings(pod_pids_limit=200)])
def test_a_kubelet_that_eks_does_not_configure_needs_the_number_of_pods(
    cluster: hardened.Cluster, kubelet: Any
) -> None:
    name = "default" if kubelet is None else "other"
    assert warned(cluster.add_self_managed_nodes(f"self-{name}", kubelet=kubelet, **TYPES))  # type: ignore[arg-type]
    assert warned(cluster.add_node_group(f"image-{name}", image=IMAGE, kubelet=kubelet, **TYPES))  # type: ignore[arg-type]


def test_nothing_is_said_where_the_number_is_known(cluster: hardened.Cluster) -> None:
    assert not warned(cluster.add_node_group("managed", **TYPES))  # type: ignore[arg-type]
    assert not warned(cluster.add_self_managed_nodes("known", kubelet=ENOUGH, **TYPES))  # type: ignore[arg-type]
    shared = a_cluster("Shared")
    assert not warned(shared.add_self_managed_nodes("plain", **TYPES))  # type: ignore[arg-type]
    assert "reservedENIs" not in shared.add_karpenter(bottlerocket_version="1.66.0").helm_values["settings"]


def test_karpenter_leaves_out_the_first_interface(cluster: hardened.Cluster) -> None:
    values = cluster.add_karpenter(bottlerocket_version="1.66.0").helm_values
    assert values["settings"]["reservedENIs"] == "1", "the chart takes a string"
